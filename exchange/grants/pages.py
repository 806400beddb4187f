"""Pages of grants (共享授权): what may be fetched, how, until when; and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.cases import possible
from auth.departments import repository as departments
from auth.guard import authorize, is_allowed
from auth.identify import SubjectDep
from auth.once import OnceDep
from exchange.grants import repository, service
from exchange.grants.access import ProvableGrant, ReadableGrant, RevocableGrant, RevocableGrantSeen
from exchange.grants.lifecycle import LIFECYCLE, PROVE, REVOKE
from exchange.grants.models import ShareGrant
from exchange.grants.schemas import Revocation
from exchange.grants.views.grant import read_model
from exchange.grants.views.snippets import sign_in, snippets
from exchange.grants.words import TONES, GrantStatus
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import clocks
from shuqiao.desk.due import dues_of
from shuqiao.errors import NotFound
from shuqiao.ids import uuid7
from shuqiao.settings import settings
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paging import PageDep
from shuqiao.web.slots import PageSlot

router = APIRouter()

#: What higher stages add to a grant's page: the transfers under it.
PAGE: PageSlot[ShareGrant] = PageSlot()


@dataclass(frozen=True, slots=True)
class Row:
    """One grant in a list."""

    grant: ShareGrant
    tone: str
    consumer: str
    provider: str


@router.get("/grants")
def list_page(
    request: Request,
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    request_no: Annotated[
        str, Query(max_length=20, description="Leads to the grant of this request")
    ] = "",
) -> Response:
    """Grants the reader may see, newest first; with ``request_no`` the
    one that came of that request.
    """
    if request_no:
        grant = repository.by_request(session, request_no)
        if grant is None:
            raise NotFound
        authorize(subject, Action.GRANT_READ, grant)
        return RedirectResponse(f"/grants/{grant.grant_no}", 303)
    rows, following = repository.page(session, subject, wanted)
    values = {
        "rows": _rows(session, rows),
        "next_href": wanted.href(following) if following else "",
        "is_first": wanted.after is None,
    }
    return page(request, "grants/list.html", values)


@router.get("/grants/{no}")
def show_page(
    request: Request,
    found: ReadableGrant,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
    code: Annotated[str, Query(max_length=20, description="Tool whose code is shown")] = "",
) -> Response:
    """What is granted, until when, how to fetch it, what was fetched;
    for the provider what is in the way of it.
    """
    row, subject = found.object, found.subject
    shown = read_model(session, row)
    known = snippets(shown.grant_no, shown.data_url)
    fault = (
        service.why_not_ready(session, row) if row.status is GrantStatus.PENDING_DELIVERY else None
    )
    values = {
        "shown": shown,
        "tone": TONES[row.status],
        "done": LIFECYCLE.done(done, row.status),
        "fault": fault,
        "once_key": uuid7().hex,
        "dues": dues_of(session, clocks.clocks_of(session, row.grant_no)),
        "acts": {step.name: step for step in possible(subject, row, LIFECYCLE)},
        "may_fetch": is_allowed(subject, Action.GRANT_FETCH, row),
        "is_live": service.is_live(row),
        "snippets": known,
        "chosen": next((each for each in known if each.id == code), known[0]),
        "sign_in": sign_in(settings().control_origin),
        "panels": PAGE.shown(session, subject, row),
    }
    return page(request, "grants/show.html", values, block="code")


@router.post("/grants/{no}/proofs", status_code=303)
def prove(found: ProvableGrant, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """Another trial run of the plan after one has failed."""
    service.ask_proof(session, found.subject, found.object, form.version)
    return RedirectResponse(
        once.keep_redirect(f"/grants/{found.object.grant_no}?done={PROVE.word}"), 303
    )


@router.get("/grants/{no}/revocation")
def revocation_page(
    request: Request, found: RevocableGrantSeen, session: ReadSessionDep
) -> Response:
    """The question before a grant is taken back: running transfers stop
    and it does not come back.
    """
    return _revocation(request, session, found.object, Form.of())


@router.post("/grants/{no}/revocations", status_code=303)
def revoke(
    request: Request, found: RevocableGrant, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        reason = form.parse(Revocation).reason
    except FormInvalid as error:
        start_over(session)
        return _revocation(request, session, found.object, error.form, status=422)
    service.revoke(session, found.subject, found.object, form.version, reason)
    return RedirectResponse(
        once.keep_redirect(f"/grants/{found.object.grant_no}?done={REVOKE.word}"), 303
    )


def _rows(session: Session, rows: Sequence[ShareGrant]) -> list[Row]:
    homes = departments.names(
        session, {side for row in rows for side in (row.consumer_id, row.provider_id)}
    )
    return [
        Row(row, TONES[row.status], homes[row.consumer_id], homes[row.provider_id]) for row in rows
    ]


def _revocation(
    request: Request, session: Session, row: ShareGrant, form: Form, *, status: int = 200
) -> Response:
    consumer = departments.by_id(session, row.consumer_id).name
    values: dict[str, Any] = {
        "form": form,
        "row": row,
        "step": REVOKE,
        "effect": REVOKE.effect.filled({"consumer": consumer}) if REVOKE.effect else "",
        "once_key": uuid7().hex,
    }
    return page(request, "grants/revocation.html", values, status=status)
