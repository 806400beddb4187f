"""HTTP of changes of seats, for the three administrators."""

from fastapi import APIRouter
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from auth.seats import service, views
from auth.seats.access import (
    DecidableSeatChange,
    ReadableSeatChange,
    SeatChangesReader,
    SeatedAccount,
)
from auth.seats.models import SeatChange
from auth.seats.schemas import SeatChangeRead, SeatChangeRecorded, SeatProposal, SeatRefusal
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.get("/seat-changes", operation_id="seat_changes_list", summary="Changes of seats")
def index(
    subject: SeatChangesReader, session: ReadSessionDep, asked: PageDep
) -> Page[SeatChangeRead]:
    """What leads to a seat or into the account of who holds one, the newest first."""
    rows, following = views.page(session, asked)
    return Page(items=rows, next=following)


@router.post(
    "/users/{account}/seat-changes",
    status_code=201,
    operation_id="seat_changes_propose",
    summary="Propose a change of a seat",
)
def propose(
    body: SeatProposal, found: SeatedAccount, session: SessionDep, once: OnceDep
) -> SeatChangeRecorded:
    """Another office confirms it. Of a one-time password the first half is in this answer only."""
    case = service.propose(session, found.subject, found.object, body)
    answer = _recorded(session, case, service.half_of(case))
    once.keep(answer.model_copy(update={"password_half": ""}))
    return answer


@router.get("/seat-changes/{no}", operation_id="seat_changes_show", summary="One change of a seat")
def show(found: ReadableSeatChange, session: ReadSessionDep) -> SeatChangeRead:
    return views.read_model(session, found.object)


@router.post(
    "/seat-changes/{no}/confirmations",
    status_code=201,
    operation_id="seat_changes_confirm",
    summary="Confirm a change of a seat",
)
def confirm(found: DecidableSeatChange, session: SessionDep, once: OnceDep) -> SeatChangeRecorded:
    """It is done at once. The second half of a one-time password is in this answer only."""
    half = service.confirm(session, found.subject, found.object)
    answer = _recorded(session, found.object, half)
    once.keep(answer.model_copy(update={"password_half": ""}))
    return answer


@router.post(
    "/seat-changes/{no}/refusals",
    status_code=201,
    operation_id="seat_changes_refuse",
    summary="Refuse a change of a seat",
)
def refuse(
    body: SeatRefusal, found: DecidableSeatChange, session: SessionDep, once: OnceDep
) -> SeatChangeRecorded:
    case = service.refuse(session, found.subject, found.object, remark=body.remark)
    return once.keep(_recorded(session, case, ""))


def _recorded(session: Session, case: SeatChange, half: str) -> SeatChangeRecorded:
    read = views.read_model(session, case)
    return SeatChangeRecorded(**read.model_dump(), password_half=half, **receipt(session))
