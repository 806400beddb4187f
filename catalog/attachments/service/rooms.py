"""The room that a department takes on the disk: counted from what the database names, and bounded.

It is asked for three times: before the first byte of an upload is read, while one of unknown length
arrives, and when a snapshot is stored. Who takes some holds the department's count until the
commit, so that what is taken at once cannot exceed the quota together.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from auth.departments.models import Department
from catalog.attachments import repository
from catalog.attachments.errors import QuotaReached
from catalog.resources import repository as resources
from shuqiao.arrow.snapshots.erasing import stored_bytes
from shuqiao.clock import now
from shuqiao.db import reading, unit_of_work
from shuqiao.home import folder
from shuqiao.settings import settings
from shuqiao.uploads import Upload

MEGABYTE: Final = 1_048_576
#: What an upload of unknown length reserves at a time.
STEP: Final = 8 * MEGABYTE
#: Looking into a file that has come: so long its room stays reserved after the longest wait for it.
_LOOKED_AT: Final = timedelta(minutes=10)
#: From here on whoever uploads is told how much is left.
MATTERS: Final = 0.8


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes that a department keeps, and what it may keep. ``arriving``: of uploads under way."""

    code: str
    name: str
    snapshots: int
    uploads: int
    arriving: int
    quota: int
    has_own_quota: bool

    @property
    def used(self) -> int:
        return self.snapshots + self.uploads + self.arriving

    @property
    def left(self) -> int:
        return max(0, self.quota - self.used)

    @property
    def share(self) -> float:
        """Used of the quota: 1.0 when it is all taken, more where the quota was lowered."""
        return self.used / self.quota

    @property
    def matters(self) -> bool:
        """Whether so much is taken that whoever uploads should know."""
        return self.share > MATTERS


def of_department(session: Session, department: Department) -> Held:
    """What one department keeps now."""
    return _counted(session, [department], department.id)[0]


def _counted(
    session: Session, rows: Sequence[Department], only: UUID | None = None
) -> Sequence[Held]:
    given = settings()
    over = now() - timedelta(days=given.upload_days)
    snapshots = repository.snapshot_bytes(session, only)
    uploads = repository.upload_bytes(session, over, only)
    arriving = repository.arriving_bytes(session, only)
    return [
        Held(
            code=row.code,
            name=row.name,
            snapshots=snapshots.get(row.id, 0),
            uploads=uploads.get(row.id, 0),
            arriving=arriving.get(row.id, 0),
            quota=row.quota_mb * MEGABYTE if row.quota_mb else given.department_quota_bytes,
            has_own_quota=row.quota_mb is not None,
        )
        for row in rows
    ]


def of_all(session: Session) -> list[Held]:
    """What each department keeps now, the most first; ended ones that keep nothing are left out."""
    rows = departments.listed(session)
    every = zip(rows, _counted(session, rows), strict=True)
    shown = [held for row, held in every if row.ended_on is None or held.used]
    return sorted(shown, key=lambda held: (-held.used, held.code))


class Reserved:
    """The room of one upload (``shuqiao.uploads.Room``)."""

    def __init__(self, department_id: UUID, identity: UUID, size: int) -> None:
        self.id, self._department_id, self._left = identity, department_id, size

    def spend(self, size: int) -> None:
        """Raises ``QuotaReached`` when more comes than was reserved and there is no room for it."""
        if size > self._left:
            self._left += self._more(size - self._left)
        self._left -= size

    def _more(self, least: int) -> int:
        with unit_of_work() as session:
            found = _held_alone(session, self._department_id)
            _expect(found, least)
            size = max(least, min(STEP, found.left))
            repository.reserve_more(session, self.id, size)
        return size


@contextmanager
def reserved(department_id: UUID, size: int) -> Iterator[Reserved]:
    """Room for an upload of ``size`` bytes (0: not known yet) until the block ends, in transactions
    of its own. Raises ``QuotaReached``.
    """
    with unit_of_work() as session:
        _expect(_held_alone(session, department_id), size)
        lasts = timedelta(seconds=settings().body_seconds) + _LOOKED_AT
        identity = repository.reserve(session, department_id, size, lasts)
    try:
        yield Reserved(department_id, identity, size)
    finally:
        with unit_of_work() as session:
            repository.give_back(session, identity)


def take(session: Session, department_id: UUID, upload: Upload) -> None:
    """Count ``upload``, which is about to be attached, instead of what was reserved for it.

    Raises ``QuotaReached``.
    """
    repository.hold_room(session, department_id)
    if upload.room is not None:
        repository.give_back(session, upload.room.id)
    _expect(_held(session, department_id), upload.bytes)


def expect_snapshot(resource_id: UUID, snapshot_id: str, size: int) -> None:
    """Ask before a snapshot gets its name. Raises ``QuotaReached``."""
    with reading() as session:
        resource = resources.found_by_id(session, resource_id)
        if resource is not None:  # of a draft that was thrown away nothing is recorded
            _expect_snapshot(session, resource.provider_id, snapshot_id, size)


def take_snapshot(session: Session, department_id: UUID, snapshot_id: str) -> None:
    """Count a snapshot, which is about to be recorded. Raises ``QuotaReached``."""
    size = stored_bytes(folder("snapshots") / snapshot_id)
    repository.hold_room(session, department_id)
    _expect_snapshot(session, department_id, snapshot_id, size)
    repository.note_snapshot(session, snapshot_id, size)


def measure(session: Session, limit: int) -> int:
    """Note how large up to ``limit`` snapshots are that were stored before it was noted; gives how
    many.
    """
    found = repository.unmeasured(session, limit)
    for snapshot_id in sorted(found):
        repository.hold_snapshot(session, snapshot_id)
        note(session, snapshot_id)
    return len(found)


def note(session: Session, snapshot_id: str) -> None:
    """Note how large a snapshot is now; whoever changed it holds it until the commit."""
    size = stored_bytes(folder("snapshots") / snapshot_id)
    repository.note_snapshot(session, snapshot_id, size)


def _expect_snapshot(session: Session, department_id: UUID, snapshot_id: str, size: int) -> None:
    if not repository.has_snapshot(session, department_id, snapshot_id):
        _expect(_held(session, department_id), size)


def _expect(found: Held, size: int) -> None:
    """Raises ``QuotaReached`` unless ``size`` bytes more may be kept."""
    if size > found.left or not found.left:
        raise QuotaReached(found.name, used=found.used, quota=found.quota, wanted=size)


def _held_alone(session: Session, department_id: UUID) -> Held:
    repository.hold_room(session, department_id)
    return _held(session, department_id)


def _held(session: Session, department_id: UUID) -> Held:
    return of_department(session, departments.by_id(session, department_id))
