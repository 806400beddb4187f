"""Removing the rows of editions that are over (留存规定): first it is written down, then the bytes
go, then that they are gone. Killed in between, the next run goes on.

What the exchange still needs is its own to know: it passes ``needed``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef
from auth.cases import Part, case_no, check, take
from catalog.attachments import repository as attachments
from catalog.attachments.service import rooms
from catalog.editions import lifecycle, repository
from catalog.editions.models import Edition
from catalog.editions.words import EditionStatus
from catalog.resources import repository as resources
from policies.retention import Ended, Retention, retentions
from shuqiao import observed
from shuqiao.arrow.snapshots.erasing import erase_rows
from shuqiao.clock import now
from shuqiao.desk import todos
from shuqiao.home import folder
from shuqiao.subject import Subject

#: Those of the snapshots that a live grant is pinned to or a running transfer reads.
Needed = Callable[[Session, Collection[str]], Collection[str]]
#: Editions of one entry that one event tells of: their numbers stand in its object.
BATCH: Final = 10
_ENDED: Final[Mapping[EditionStatus, Ended]] = {
    EditionStatus.KEPT: Ended.SUPERSEDED,
    EditionStatus.REMOVED: Ended.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many editions one transaction cleared, and whether more of the entry may follow."""

    editions: int
    is_more: bool


def due(session: Session) -> Sequence[UUID]:
    """Entries with editions whose time is over, by the table alone."""
    sure = observed.sure_moment(session)
    return repository.with_ended_before(session, _limits(sure)) if sure else []


def clear(session: Session, subject: Subject, resource_id: UUID, needed: Needed) -> Cleared:
    """Write down that the rows of editions of an entry are removed, up to ``BATCH`` with one event.

    Each is locked first: a transfer that is starting is waited for and then seen.
    """
    resource = resources.by_id(session, resource_id, lock=True)
    found = _over(repository.ended(session, resource_id), observed.sure_moment(session))
    locked = repository.lock_to_clear(session, [row.id for row in found])
    held = needed(session, {row.snapshot_id for row in locked if row.snapshot_id})
    free = [row for row in locked if row.snapshot_id not in held]
    batch = free[:BATCH]
    if not batch:
        return Cleared(0, is_more=False)
    first, others = batch[0], batch[1:]
    before = first.status.value
    for row in others:
        check(row, lifecycle.CLEAR)
        row.enter(EditionStatus.REMOVED)
    for row in batch:
        row.cleared_at = now()
    session.add_all(batch)
    numbers = [row.number for row in batch]
    ref = ObjectRef("Edition", f"{resource.code}#{','.join(map(str, numbers))}", first.version + 1)
    part = Part(ref, (before, EditionStatus.REMOVED.value))
    take(session, subject, first, lifecycle.CLEAR, part=part, why=_why(batch))
    for row in others:  # of the first the step itself drops them
        todos.done(session, case_no=case_no(row), by=None)
    return Cleared(len(batch), is_more=len(free) > len(batch))


def _over(rows: Sequence[Edition], sure: datetime | None) -> list[Edition]:
    """Those whose time is over by ``sure``, of all editions of an entry that still have rows, by
    number.
    """
    found: list[Edition] = []
    if sure is None:
        return found
    for status, ended in _ENDED.items():
        rule = retentions()[ended]
        same = [row for row in rows if row.status is status]
        older = same[: len(same) - rule.editions] if rule.editions < len(same) else []
        found += [row for row in older if _is_past(row, rule, sure)]
    return sorted(found, key=lambda row: row.number)


def _is_past(edition: Edition, rule: Retention, sure: datetime) -> bool:
    return edition.ended_at is not None and edition.ended_at < sure - timedelta(days=rule.days)


def _limits(sure: datetime) -> Mapping[EditionStatus, datetime]:
    return {
        status: sure - timedelta(days=retentions()[ended].days) for status, ended in _ENDED.items()
    }


def _why(batch: Sequence[Edition]) -> dict[str, object]:
    table = retentions()
    return {
        "numbers": [row.number for row in batch],
        "snapshots": [row.snapshot_id for row in batch],
        "rule": {
            ended.value: {"editions": rule.editions, "days": rule.days, "basis": rule.basis.value}
            for ended, rule in table.items()
        },
    }


def to_erase(session: Session) -> Sequence[str]:
    """Snapshots whose removal is written down and whose bytes may still be there."""
    return repository.unerased(session)


def erase(session: Session, snapshot_id: str, needed: Needed) -> bool:
    """Remove the bytes, if no other edition or draft has the very same rows; whether they are gone.

    Whoever stores or reads these rows is kept out until the commit.
    """
    attachments.hold_snapshot(session, snapshot_id)
    if repository.is_used(session, snapshot_id) or needed(session, {snapshot_id}):
        return False
    erase_rows(folder("snapshots"), snapshot_id)
    rooms.note(session, snapshot_id)
    repository.note_erased(session, snapshot_id, now())
    return True
