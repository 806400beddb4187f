"""Cells outside of the store (库外留存): what was uploaded and what was shown of it goes when its
time is over. Columns, kinds, counts and digests stay.

Every step can be repeated: the database says first that the cells are gone, then the files go. Each
is a part of the upkeep (``shuqiao.upkeep``): up to ``limit`` of what was over ``before``.
"""

import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from catalog.attachments import repository
from catalog.resources import repository as resources
from shuqiao import real_time
from shuqiao.arrow.intake.options import Preview
from shuqiao.arrow.snapshots.erasing import remove_whole
from shuqiao.db import reading, unit_of_work
from shuqiao.home import folder
from shuqiao.subject import Subject

#: Attachments that one transaction clears, and files that one statement asks about.
BATCH: Final = 50
_ASKED_AT_ONCE: Final = 500
#: What is older than any work on it: its process was killed.
_ABANDONED: Final = timedelta(days=1)
#: Those of the snapshots that anything names.
Named = Callable[[Session, Collection[str]], Collection[str]]


def clear(session: Session, subject: Subject, before: datetime) -> int:
    """Take the cells out of the previews of up to ``BATCH`` attachments that nobody has touched
    since ``before``, with an event each; gives how many.
    """
    due = repository.with_cells(session, before, BATCH)
    for row in due:
        row.preview = Preview.from_json(row.preview).without_cells().to_json()
        session.add(row)
        session.flush()
        append(
            session,
            subject,
            Event.ATTACHMENT_CLEARED,
            stream=resources.by_id(session, row.resource_id).code,
            obj=ObjectRef("Attachment", str(row.id), row.version),
            why={"sha256": row.sha256, "status": row.status.value},
        )
    return len(due)


def clear_previews(before: datetime, limit: int) -> int:
    """``clear`` in transactions of ``BATCH``; gives how many."""
    count = 0
    while count < limit:
        with unit_of_work() as session:
            done = clear(session, Subject.system("worker"), before)
        count += done
        if done < BATCH:
            break
    return count


def remove_uploads(before: datetime, limit: int) -> int:
    """Remove files that no attachment has, and those of attachments that were over before; a file
    that is waiting to be stored stays, and whatever is not a day old.
    """
    count = 0
    for paths in _some(_old_uploads()):
        with reading() as session:
            known = repository.among(session, [UUID(path.name) for path in paths])
            needed = {row.id for row in known if not repository.is_over(row, before)}
        for path in paths:
            if UUID(path.name) not in needed:
                path.unlink(missing_ok=True)
                count += 1
        if count >= limit:
            break
    return count


def remove_decoding(_before: datetime, limit: int) -> int:
    """Remove what killed processes left of decoding."""
    count = 0
    for path in folder("decoding").iterdir():
        if count >= limit:
            break
        if _is_old(path):
            _remove(path)
            count += 1
    return count


def remove_unnamed(limit: int, named: Named) -> int:
    """Remove the folders of snapshots that no row names: their job was killed before it wrote them
    down, or their draft was thrown away.

    Who stores these rows just now is waited for, and asked again.
    """
    root, count = folder("snapshots"), 0
    old = (each for each in root.iterdir() if not each.name.startswith(".") and _is_old(each))
    for paths in _some(old):
        names = {each.name for each in paths}
        with reading() as session:
            unnamed = names - set(named(session, names))
        for name in sorted(unnamed):
            with unit_of_work() as session:
                repository.hold_snapshot(session, name)
                if not named(session, {name}):
                    remove_whole(root, name)
                    repository.forget_snapshot(session, name)
                    count += 1
        if count >= limit:
            break
    return count


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _some(paths: Iterator[Path]) -> Iterator[list[Path]]:
    while some := list(islice(paths, _ASKED_AT_ONCE)):
        yield some


def _old_uploads() -> Iterator[Path]:
    """Files of the uploads that have their lasting names and are a day old."""
    return (path for path in folder("uploads").iterdir() if _is_id(path.name) and _is_old(path))


def _is_id(name: str) -> bool:
    return len(name) == 32 and all(each in "0123456789abcdef" for each in name)


def _is_old(path: Path) -> bool:
    try:
        age = real_time.system_ns() - path.lstat().st_mtime_ns  # both by the system's clock
        return age > _ABANDONED.total_seconds() * 1e9
    except FileNotFoundError:
        return False
