"""Pages of grants (共享授权): what may be fetched, how, until when; and taking it back."""

from typing import Annotated

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from auth.guard import authorize
from auth.identify import SubjectDep
from auth.once import OnceDep
from exchange.grants import repository
from exchange.grants.access import (
    ProvableGrant,
    ReadableGrant,
    RevocableGrant,
    RevocableGrantSeen,
    SettleableGrant,
)
from exchange.grants.lifecycle import LEAVE_ITEM, PROVE, RESUME_ITEM, REVOKE
from exchange.grants.schemas import ItemSettled, Revocation
from exchange.grants.service import granting, settling
from exchange.grants.views.grant_page import (
    GrantPage,
    GrantsPage,
    RevocationPage,
    grant_page,
    grants_page,
    revocation_page,
)
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/grants")
def index(
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    request_no: Annotated[
        str, Query(max_length=20, description="Leads to the grant of this request")
    ] = "",
) -> GrantsPage | Response:
    """Grants the reader may see, newest first; with ``request_no`` the
    one that came of that request.
    """
    if not request_no:
        return grants_page(session, subject, wanted)
    grant = repository.by_request(session, request_no)
    if grant is None:
        raise NotFound
    authorize(subject, Action.GRANT_READ, grant)
    return RedirectResponse(f"/grants/{grant.grant_no}", 303)


@router.page("/grants/{no}")
def one(
    found: ReadableGrant,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
    code: Annotated[str, Query(max_length=20, description="Tool whose code is shown")] = "",
) -> GrantPage:
    return grant_page(session, found, Form(), done, code)


@router.form("/grants/{no}/proofs")
def prove(found: ProvableGrant, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """Another trial run of the plan after one has failed."""
    granting.ask_proof(session, found.subject, found.object, form.version)
    return once.go_to(f"/grants/{found.object.grant_no}?done={PROVE.word}")


@router.form("/grants/{no}/item-decisions", again=grant_page)
def settle_item(
    found: SettleableGrant, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """A suspended item leaves again, or stays as it is."""
    wanted = form.parse(ItemSettled)
    settling.settle_item(session, found.subject, found.object, form.version, wanted)
    word = (RESUME_ITEM if wanted.outcome == "resumed" else LEAVE_ITEM).word
    return once.go_to(f"/grants/{found.object.grant_no}?done={word}")


@router.page("/grants/{no}/revocation")
def ask_to_revoke(found: RevocableGrantSeen, session: ReadSessionDep) -> RevocationPage:
    """The question before a grant is taken back."""
    return revocation_page(session, found, Form())


@router.form("/grants/{no}/revocations", again=revocation_page)
def revoke(found: RevocableGrant, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    reason = form.parse(Revocation).reason
    granting.revoke(session, found.subject, found.object, form.version, reason)
    return once.go_to(f"/grants/{found.object.grant_no}?done={REVOKE.word}")
