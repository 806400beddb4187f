"""Cells outside of the store (库外留存): what was uploaded and what was shown of it goes when its
time is over. Columns, kinds, counts and digests stay.

Every step can be repeated: the database says first that the cells are gone, then the files go.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from catalog.attachments import repository
from catalog.resources import repository as resources
from shuqiao import observed, real_time
from shuqiao.arrow.intake.options import Preview
from shuqiao.arrow.snapshots.writer import remove_unfinished
from shuqiao.db import reading, unit_of_work
from shuqiao.home import folder
from shuqiao.settings import settings
from shuqiao.subject import Subject

#: Attachments that one transaction clears.
BATCH: Final = 50
#: What is older than any work on it: its process was killed.
_ABANDONED: Final = timedelta(days=1)


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


def sweep(subject: Subject) -> int:
    """All that is due, in batches; gives how many previews and files."""
    with reading() as session:
        sure = observed.sure_moment(session)
    if sure is None:
        return 0
    before = sure - timedelta(days=settings().upload_days)
    count, is_more = 0, True
    while is_more:
        with unit_of_work() as session:
            done = clear(session, subject, before)
        count, is_more = count + done, done == BATCH
    for path in _uploads_over(before):
        path.unlink(missing_ok=True)
        count += 1
    for path in _abandoned():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        count += 1
    return count + remove_unfinished(folder("snapshots"))


def _uploads_over(before: datetime) -> Iterator[Path]:
    """Files that no attachment has, and those of attachments that were over before; a file that is
    waiting to be stored stays.
    """
    for path in folder("uploads").iterdir():
        if not _is_old(path):
            continue
        with reading() as session:
            try:
                row = repository.attachment_by_id(session, UUID(path.name))
            except ValueError:
                row = None
            if row is None or repository.is_over(row, before):
                yield path


def _abandoned() -> Iterator[Path]:
    """What killed processes left of decoding."""
    yield from (path for path in folder("decoding").iterdir() if _is_old(path))


def _is_old(path: Path) -> bool:
    try:
        age = real_time.system_ns() - path.lstat().st_mtime_ns  # both by the system's clock
        return age > _ABANDONED.total_seconds() * 1e9
    except FileNotFoundError:
        return False
