"""From the number to the change of a seat, and who proposes and decides."""

from typing import Annotated, Final

from fastapi import Path
from sqlmodel import Session

from auth.accounts.models import AppUser
from auth.administration.access import account_seen, account_to_change
from auth.guard import Authorized, Place, may, may_at
from auth.seats import repository
from auth.seats.models import SeatChange
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

SEATS: Final = Place("Accounts", "auth:seats")

SeatNo = Annotated[str, Path(max_length=40, description="Number, as SE-2026-000001")]


def change_seen(no: SeatNo, session: ReadSessionDep) -> SeatChange:
    return _found(session, no)


def change_to_decide(no: SeatNo, session: SessionDep) -> SeatChange:
    """The change, its row locked: of two who decide at once the second sees the first."""
    return _found(session, no, lock=True)


def _found(session: Session, seat_no: str, *, lock: bool = False) -> SeatChange:
    found = repository.by_no(session, seat_no, lock=lock)
    if found is None:
        raise NotFound
    return found


SeatChangesReader = Annotated[Subject, may_at(Action.SEAT_LIST, SEATS)]
ReadableSeatChange = Annotated[Authorized[SeatChange], may(Action.SEAT_READ, change_seen)]
DecidableSeatChange = Annotated[Authorized[SeatChange], may(Action.SEAT_CONFIRM, change_to_decide)]
#: For the page that asks.
SeatedAccountSeen = Annotated[Authorized[AppUser], may(Action.SEAT_PROPOSE, account_seen)]
SeatedAccount = Annotated[Authorized[AppUser], may(Action.SEAT_PROPOSE, account_to_change)]
