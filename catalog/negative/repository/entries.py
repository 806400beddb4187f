"""Entries of the negative list, and contests of their bases."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from auth.visibility import Columns, visible
from catalog.negative.models import NegativeContest, NegativeEntry, NegativeTarget
from catalog.negative.words import LIVE, OPEN_CONTESTS, ContestStatus, EntryStatus
from policies.actions import Action
from policies.deadlines import Clock
from shuqiao.db import column
from shuqiao.desk.models import CaseClock
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: What the rule of reading asks of a row.
_FACTS: Final[Columns] = {
    "owner": column(NegativeEntry.department_id),
    "has_left": col(NegativeEntry.in_force_at).is_not(None),
}
_CONTEST_FACTS: Final[Columns] = {
    "owner": column(NegativeContest.department_id),
    "opener": column(NegativeContest.opener_id),
}


def by_no(session: Session, no: str, *, lock: bool = False) -> NegativeEntry | None:
    query = select(NegativeEntry).where(NegativeEntry.entry_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def by_ids(session: Session, ids: Collection[UUID]) -> dict[UUID, NegativeEntry]:
    query = select(NegativeEntry).where(col(NegativeEntry.id).in_(ids))
    return {row.id: row for row in session.exec(query)}


def page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    *,
    department_id: UUID | None = None,
    status: EntryStatus | None = None,
    element_id: UUID | None = None,
    item_id: UUID | None = None,
) -> tuple[Sequence[NegativeEntry], str | None]:
    """One page of those that ``subject`` may read, by number, the newest first."""
    query = select(NegativeEntry).where(visible(Action.NEGATIVE_READ, subject, _FACTS))
    if department_id is not None:
        query = query.where(NegativeEntry.department_id == department_id)
    if status is not None:
        query = query.where(NegativeEntry.status == status)
    if element_id is not None:
        named = select(NegativeTarget.entry_id).where(NegativeTarget.element_id == element_id)
        query = query.where(col(NegativeEntry.id).in_(named))
    number = column(NegativeEntry.entry_no)
    rows = session.exec(wanted.keyset(query, number, descending=True)).all()
    return wanted.cut(rows, lambda row: (row.entry_no,))


def of_resource(
    session: Session, resource_id: UUID, statuses: Collection[EntryStatus], *, lock: bool = False
) -> Sequence[NegativeEntry]:
    """The entries that a catalogue entry proposed and that stand in one of these states."""
    query = select(NegativeEntry).where(
        NegativeEntry.resource_id == resource_id, col(NegativeEntry.status).in_(statuses)
    )
    return session.exec(
        (query.with_for_update() if lock else query).order_by(col(NegativeEntry.id))
    ).all()


def due_for_review(session: Session, on: date) -> Sequence[NegativeEntry]:
    """Those in force whose day of review has come, locked."""
    query = select(NegativeEntry).where(
        NegativeEntry.status == EntryStatus.IN_FORCE, col(NegativeEntry.review_on) <= on
    )
    return session.exec(query.with_for_update(skip_locked=True)).all()


def expired(session: Session, on: date) -> Sequence[NegativeEntry]:
    """Those that act although the last day of their basis is over, locked."""
    query = select(NegativeEntry).where(
        col(NegativeEntry.status).in_(LIVE), col(NegativeEntry.basis_ends_on) < on
    )
    return session.exec(query.with_for_update(skip_locked=True)).all()


def contest_by_no(session: Session, no: str, *, lock: bool = False) -> NegativeContest | None:
    query = select(NegativeContest).where(NegativeContest.contest_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def contests_of(
    session: Session, entry_id: UUID, *, is_open: bool = False
) -> Sequence[NegativeContest]:
    """The contests of an entry, the newest first."""
    query = select(NegativeContest).where(NegativeContest.entry_id == entry_id)
    if is_open:
        query = query.where(col(NegativeContest.status).in_(OPEN_CONTESTS))
    return session.exec(query.order_by(col(NegativeContest.id).desc())).all()


def contests_seen(session: Session, subject: Subject, entry_id: UUID) -> Sequence[NegativeContest]:
    """Those of them that ``subject`` may read."""
    query = select(NegativeContest).where(
        NegativeContest.entry_id == entry_id,
        visible(Action.CONTEST_READ, subject, _CONTEST_FACTS),
    )
    return session.exec(query.order_by(col(NegativeContest.id).desc())).all()


def unanswered(session: Session, on: date) -> Sequence[NegativeContest]:
    """Those whose owner let its time pass, locked."""
    query = (
        select(NegativeContest)
        .join(CaseClock, col(CaseClock.case_no) == col(NegativeContest.contest_no))
        .where(
            NegativeContest.status == ContestStatus.RAISED,
            CaseClock.kind == Clock.NEGATIVE_ANSWER.value,
            col(CaseClock.closed_on).is_(None),
            col(CaseClock.due_on) < on,
        )
        .with_for_update(of=NegativeContest, skip_locked=True)
    )
    return session.exec(query).all()
