"""Entries of the negative list, and contests of their bases."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from auth.departments import repository as departments
from auth.visibility import Columns, visible
from catalog.elements import repository as elements
from catalog.negative.models import NegativeContest, NegativeEntry, NegativeTarget
from catalog.negative.repository.covers import queue
from catalog.negative.words import LIVE, OPEN_CONTESTS, ContestStatus, EntryStatus
from catalog.resources.models import ResourceItem
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.db import column
from shuqiao.desk.models import CaseClock
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_NOBODY: Final = UUID(int=0)
#: What the rule of reading asks of a row.
_FACTS: Final[Columns] = {
    "department": column(NegativeEntry.department_id),
    "has_left": col(NegativeEntry.in_force_at).is_not(None),
}
_CONTEST_FACTS: Final[Columns] = {
    "department": column(NegativeContest.department_id),
    "opener": column(NegativeContest.opener_id),
}


def by_no(session: Session, no: str, *, lock: bool = False) -> NegativeEntry | None:
    """The entry; ``lock``: to be changed, in the queue of its department or, where it may come to
    reach every department, of all.
    """
    query = select(NegativeEntry).where(NegativeEntry.entry_no == no)
    found = session.exec(query).first()
    if found is None or not lock:
        return found
    queue(session, found.department_id, is_alone=found.reach_clause != "")
    again = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(again).first()


def by_ids(session: Session, ids: Collection[UUID]) -> dict[UUID, NegativeEntry]:
    query = select(NegativeEntry).where(col(NegativeEntry.id).in_(ids))
    return {row.id: row for row in session.exec(query)}


class Sought(NamedTuple):
    """What a list of entries is limited to."""

    status: EntryStatus | None = None
    department_id: UUID | None = None
    element_id: UUID | None = None


def sought(session: Session, status: EntryStatus | None, department: str, element: str) -> Sought:
    """The same from what stands in an address: credit code and identifier; one that nobody bears
    finds nothing.
    """
    home = departments.id_of(session, department) or _NOBODY if department else None
    named = (
        elements.ids_by_identifier(session, [element]).get(element, _NOBODY) if element else None
    )
    return Sought(status, home, named)


def page(
    session: Session, subject: Subject, wanted: PageRequest, limits: Sought
) -> tuple[Sequence[NegativeEntry], str | None]:
    """One page of those that ``subject`` may read, by number, the newest first."""
    query = select(NegativeEntry).where(visible(Action.NEGATIVE_READ, subject, _FACTS))
    if limits.department_id is not None:
        query = query.where(NegativeEntry.department_id == limits.department_id)
    if limits.status is not None:
        query = query.where(NegativeEntry.status == limits.status)
    if limits.element_id is not None:
        bound = select(ResourceItem.id).where(ResourceItem.element_id == limits.element_id)
        named = select(NegativeTarget.entry_id).where(
            or_(
                col(NegativeTarget.element_id) == limits.element_id,
                col(NegativeTarget.item_id).in_(bound),
            )
        )
        query = query.where(col(NegativeEntry.id).in_(named))
    number = column(NegativeEntry.entry_no)
    rows = session.exec(wanted.keyset(query, number, descending=True)).all()
    return wanted.cut(rows, lambda row: (row.entry_no,))


def number_of(session: Session, entry_id: UUID | None) -> str | None:
    query = select(NegativeEntry.entry_no).where(NegativeEntry.id == entry_id)
    return session.exec(query).first() if entry_id else None


def successor_of(session: Session, entry_id: UUID) -> str | None:
    """Number of the entry in force, or once in force, that stands in the place of this one."""
    query = select(NegativeEntry.entry_no).where(
        NegativeEntry.supersedes_id == entry_id, col(NegativeEntry.in_force_at).is_not(None)
    )
    return session.exec(query.order_by(col(NegativeEntry.entry_no).desc())).first()


def of_resource(
    session: Session, resource_id: UUID, statuses: Collection[EntryStatus], *, lock: bool = False
) -> Sequence[NegativeEntry]:
    """The entries that a catalogue entry proposed and that stand in one of these states."""
    query = select(NegativeEntry).where(
        NegativeEntry.resource_id == resource_id, col(NegativeEntry.status).in_(statuses)
    )
    return session.exec(
        (query.with_for_update() if lock else query).order_by(col(NegativeEntry.entry_no))
    ).all()


def of_resources(
    session: Session, resource_ids: Collection[UUID], status: EntryStatus
) -> Sequence[NegativeEntry]:
    """The entries in this state that these entries of the catalogue proposed."""
    query = select(NegativeEntry).where(
        col(NegativeEntry.resource_id).in_(resource_ids), NegativeEntry.status == status
    )
    return session.exec(query.order_by(col(NegativeEntry.entry_no))).all()


def due_for_review(session: Session, on: date) -> Sequence[NegativeEntry]:
    """Those in force whose day of review has come, locked."""
    query = select(NegativeEntry).where(
        NegativeEntry.status == EntryStatus.IN_FORCE, col(NegativeEntry.review_on) <= on
    )
    return session.exec(query.with_for_update(skip_locked=True)).all()


def expired(session: Session, on: date) -> Sequence[str]:
    """Numbers of those that act although the last day of their basis is over."""
    query = select(NegativeEntry.entry_no).where(
        col(NegativeEntry.status).in_(LIVE), col(NegativeEntry.basis_ends_on) < on
    )
    return session.exec(query.order_by(col(NegativeEntry.department_id))).all()


def alone_of(session: Session, department_id: UUID) -> Sequence[NegativeEntry]:
    """The entries of a department that were proposed by themselves and have not ended; one that
    lapsed still strikes.
    """
    query = select(NegativeEntry).where(
        NegativeEntry.department_id == department_id,
        col(NegativeEntry.resource_id).is_(None),
        col(NegativeEntry.status).in_((EntryStatus.PROPOSED, *LIVE, EntryStatus.LAPSED)),
    )
    return session.exec(query.order_by(col(NegativeEntry.entry_no))).all()


def contests_by(session: Session, department_id: UUID) -> Sequence[NegativeContest]:
    """The contests that a department raised and that are not settled."""
    query = select(NegativeContest).where(
        NegativeContest.opener_id == department_id,
        col(NegativeContest.status).in_(OPEN_CONTESTS),
    )
    return session.exec(query.order_by(col(NegativeContest.contest_no))).all()


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
    return session.exec(query.order_by(col(NegativeContest.contest_no).desc())).all()


def contests_seen(session: Session, subject: Subject, entry_id: UUID) -> Sequence[NegativeContest]:
    """Those of them that ``subject`` may read."""
    query = select(NegativeContest).where(
        NegativeContest.entry_id == entry_id,
        visible(Action.CONTEST_READ, subject, _CONTEST_FACTS),
    )
    return session.exec(query.order_by(col(NegativeContest.contest_no).desc())).all()


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
