"""Pages of changes of seats (岗位变更), for the three administrators."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.accounts.models import AppUser
from auth.guard import Authorized
from auth.once import OnceDep
from auth.seats import service
from auth.seats.access import (
    DecidableSeatChange,
    ReadableSeatChange,
    SeatChangesReader,
    SeatedAccount,
    SeatedAccountSeen,
)
from auth.seats.models import SeatChange
from auth.seats.schemas import SeatProposal, SeatRefusal
from auth.seats.views import (
    ProposalPage,
    SeatChangePage,
    SeatChangesPage,
    SeatHalfPage,
    change_page,
    changes_page,
    half_page,
    proposal_page,
)
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter(prefix="/admin")


def proposal_again(session: Session, found: Authorized[AppUser], form: Form) -> ProposalPage:
    return proposal_page(session, found, form)


def change_again(session: Session, found: Authorized[SeatChange], form: Form) -> SeatChangePage:
    return change_page(session, found, form)


@router.page("/seat-changes")
def index(subject: SeatChangesReader, session: ReadSessionDep, asked: PageDep) -> SeatChangesPage:
    return changes_page(session, asked)


@router.page("/users/{account}/seat-changes/new")
def ask_for_proposal(
    found: SeatedAccountSeen,
    session: ReadSessionDep,
    kind: Annotated[str, Query(max_length=40)] = "",
    roles: Annotated[str, Query(max_length=400)] = "",
) -> ProposalPage:
    """``roles``: those that were ticked on the page of the account, parted by commas."""
    held = list(found.object.roles)
    ticked = roles.split(",") if roles else held
    form = Form.of({"kind": kind, "roles": ticked, "roles_before": held})
    return proposal_page(session, found, form)


@router.form("/users/{account}/seat-changes", again=proposal_again, status_code=201)
def propose(
    found: SeatedAccount, session: SessionDep, form: FormDep, once: OnceDep
) -> SeatHalfPage:
    """The answer shows the first half of a one-time password; sent twice, the second leads to the
    proposal without it.
    """
    case = service.propose(session, found.subject, found.object, form.parse(SeatProposal))
    once.keep_redirect(f"/admin/seat-changes/{case.seat_no}")
    return half_page(session, Authorized(found.subject, case), service.half_of(case))


@router.page("/seat-changes/{no}")
def one(
    found: ReadableSeatChange,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> SeatChangePage:
    return change_page(session, found, Form(), done)


@router.form("/seat-changes/{no}/confirmation", again=change_again, status_code=201)
def confirm(found: DecidableSeatChange, session: SessionDep, once: OnceDep) -> SeatHalfPage:
    """The answer shows the second half of a one-time password, once."""
    half = service.confirm(session, found.subject, found.object)
    once.keep_redirect(f"/admin/seat-changes/{found.object.seat_no}?done=confirmed")
    return half_page(session, found, half)


@router.form("/seat-changes/{no}/refusal", again=change_again)
def refuse(
    found: DecidableSeatChange, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    remark = form.parse(SeatRefusal).remark
    service.refuse(session, found.subject, found.object, remark=remark)
    return once.go_to(f"/admin/seat-changes/{found.object.seat_no}?done=refused")
