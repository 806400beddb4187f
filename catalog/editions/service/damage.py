"""Stored rows that are not what was written (数据损坏): the editions that have them are marked,
their registrar gets a task, the operators a message, and nothing of them is delivered until the
files are sound again. Nothing is repaired in silence: that they are sound is found out by reading
them whole, and told as the damage was.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import structlog
from sqlmodel import Session

from auth.cases import take
from catalog.attachments import repository as attachments
from catalog.attachments.service import rooms
from catalog.editions import lifecycle, repository
from catalog.editions.models import Edition
from shuqiao.arrow.snapshots.erasing import has_rows
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.snapshots.reader import list_snapshots, open_snapshot
from shuqiao.arrow.snapshots.sealing import keep_seals, lacks_seals, made_seals
from shuqiao.clock import now
from shuqiao.db import reading, unit_of_work
from shuqiao.home import folder
from shuqiao.subject import Subject

#: One run of the upkeep begins with no further snapshot after so long.
SECONDS_OF_ONE_RUN: Final = 300.0
log = structlog.get_logger("editions")


def found(session: Session, subject: Subject, snapshot_id: str, **why: Any) -> int:
    """Mark every edition that has these rows; gives how many were not marked yet."""
    log.error("stored_rows_damaged", snapshot=snapshot_id, **why)
    fresh = [row for row in _locked(session, snapshot_id) if row.damaged_at is None]
    for row in fresh:
        row.damaged_at = now()
        _take(session, subject, row, lifecycle.DAMAGE, why)
    return len(fresh)


def sound(session: Session, subject: Subject, snapshot_id: str) -> int:
    """Take the mark away; gives how many editions had it. The caller has read all rows since."""
    marked = [row for row in _locked(session, snapshot_id) if row.damaged_at is not None]
    for row in marked:
        row.damaged_at = None
        _take(session, subject, row, lifecycle.SOUND, {})
    return len(marked)


@contextmanager
def marking(reader: str) -> Iterator[None]:
    """Whatever reads stored rows within it leaves the mark when they are damaged, in a transaction
    of its own; the error goes on.
    """
    try:
        yield
    except SnapshotDamaged as error:
        if snapshot_id := error.facts.get("snapshot"):
            with unit_of_work() as session:
                found(session, Subject.system("worker"), snapshot_id, found_by=reader)
        raise


def look_after(seconds: float = SECONDS_OF_ONE_RUN) -> int:
    """Read anew what is marked, then make the seals that are missing, for at most so long; gives
    how many snapshots. What is left waits for the next run.
    """
    with reading() as session:
        marked = repository.damaged_snapshots(session)
    unsealed = (path.name for path in list_snapshots(folder("snapshots")) if _lacks_seals(path))
    work: Sequence[tuple[Callable[[str], None], Iterator[str]]] = (
        (_read_anew, iter(marked)),
        (_seal, unsealed),
    )
    count, until = 0, time.monotonic() + seconds
    for do, snapshot_ids in work:
        for snapshot_id in snapshot_ids:
            if time.monotonic() >= until:
                return count
            do(snapshot_id)
            count += 1
    return count


def _read_anew(snapshot_id: str) -> None:
    try:
        open_snapshot(folder("snapshots") / snapshot_id).verify()
    except SnapshotDamaged:
        return
    with unit_of_work() as session:
        sound(session, Subject.system("worker"), snapshot_id)


def _lacks_seals(path: Path) -> bool:
    try:
        return lacks_seals(open_snapshot(path))
    except SnapshotDamaged:
        return True


def _seal(snapshot_id: str) -> None:
    """Rows that were removed meanwhile get none: a tombstone is a manifest and nothing else."""
    path = folder("snapshots") / snapshot_id
    try:
        with marking("upkeep"):
            made = made_seals(open_snapshot(path))
    except SnapshotDamaged:
        return
    with unit_of_work() as session:
        attachments.hold_snapshot(session, snapshot_id)
        if has_rows(path.parent, snapshot_id):
            keep_seals(path, made)
            rooms.note(session, snapshot_id)


def _locked(session: Session, snapshot_id: str) -> Sequence[Edition]:
    return repository.lock_with_rows(session, snapshot_id)


def _take(session: Session, subject: Subject, row: Edition, step: Any, why: dict[str, Any]) -> None:
    facts = {"number": row.number, "snapshot": row.snapshot_id, **why}
    take(session, subject, row, step, why=facts, words={"snapshot": str(row.snapshot_id)[:12]})
    session.flush()
