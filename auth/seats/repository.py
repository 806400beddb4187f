"""Every SQL statement about changes of seats."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from auth.seats.models import SeatChange
from auth.seats.words import SeatChangeStatus
from shuqiao.db import column
from shuqiao.desk.models import CaseClock
from shuqiao.web.paging import PageRequest


def by_no(session: Session, seat_no: str, *, lock: bool = False) -> SeatChange | None:
    query = select(SeatChange).where(SeatChange.seat_no == seat_no)
    return session.exec(query.with_for_update() if lock else query).first()


def open_of(session: Session, user_id: UUID) -> Sequence[SeatChange]:
    """What waits for the second office of this account."""
    query = select(SeatChange).where(
        SeatChange.user_id == user_id, SeatChange.status == SeatChangeStatus.PROPOSED
    )
    return session.exec(query.order_by(col(SeatChange.seat_no))).all()


def page(session: Session, asked: PageRequest) -> tuple[list[SeatChange], str | None]:
    """One page, the newest first, and the cursor of the next."""
    query = asked.keyset(select(SeatChange), column(SeatChange.seat_no), descending=True)
    kept, following = asked.cut(session.exec(query).all(), lambda row: (row.seat_no,))
    return list(kept), following


def due_on(session: Session, seat_no: str, clock: str) -> date | None:
    """The last day on which it can be decided; None while no calendar says."""
    query = select(CaseClock).where(CaseClock.case_no == seat_no, CaseClock.kind == clock)
    found = session.exec(query).first()
    return found.due_on if found else None


def late(session: Session, clock: str, on: date, limit: int) -> Sequence[SeatChange]:
    """What waits longer than it may, locked; what somebody is just deciding is left to them."""
    query = (
        select(SeatChange)
        .join(CaseClock, col(CaseClock.case_no) == SeatChange.seat_no)
        .where(
            SeatChange.status == SeatChangeStatus.PROPOSED,
            CaseClock.kind == clock,
            col(CaseClock.due_on) < on,
        )
    )
    return session.exec(query.limit(limit).with_for_update(of=SeatChange, skip_locked=True)).all()
