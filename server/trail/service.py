"""Reading the trail is itself recorded; a part of it as a file."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Final
from uuid import UUID

from fastapi import Response
from sqlmodel import Session
from starlette.responses import StreamingResponse

from audit.append import ObjectRef, Recorded, append
from audit.events import Event
from audit.export import export_lines, record_export
from audit.models import AuditEvent
from audit.queries import TrailFilter
from audit.queries import page as page_of_events
from shuqiao.clock import BEIJING, now
from shuqiao.db import reading, unit_of_work
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

MEDIA_TYPE: Final = "application/jsonl"


#: An export is made whole before its first byte leaves; up to here it never touches the disk.
IN_MEMORY_BYTES: Final = 4 * 1_048_576


_CHUNK: Final = 256 * 1_024


def events_on(
    session: Session, chosen: TrailFilter, wanted: PageRequest
) -> tuple[Sequence[AuditEvent], str | None]:
    """One page of events, newest first, and the cursor of the next."""
    after: UUID | None = wanted.after[0] if wanted.after else None
    rows = page_of_events(session, chosen, limit=wanted.limit + 1, after=after)
    return wanted.cut(rows, lambda row: (row.id,))


def record_read(subject: Subject, chosen: TrailFilter, event_id: UUID | None = None) -> Recorded:
    """That the trail was read, by whom and how narrowly, in a short
    transaction of its own: no record, no reading.
    """
    seen = ObjectRef("AuditEvent", str(event_id)) if event_id else ObjectRef("Trail", "trail")
    with unit_of_work() as session:
        return append(
            session,
            subject,
            Event.TRAIL_READ,
            stream=f"trail:{subject.account}",
            obj=seen,
            why={"filter": chosen.to_json()} if not event_id else None,
        )


def export_file(subject: Subject, chosen: TrailFilter) -> Response:
    """The chosen events as a download.

    It is made whole first: a failure is an error, never a file cut short.
    """
    with unit_of_work() as session:
        recorded = record_export(session, subject, chosen)
    # Closed by the answer.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115
    try:
        with reading() as session:
            for line in export_lines(session, chosen, recorded):
                file.write(line.encode("ascii"))
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    name = f"audit-{now().astimezone(BEIJING):%Y%m%d-%H%M%S}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(size)}
    return StreamingResponse(
        _chunks(file), media_type=MEDIA_TYPE, headers={**headers, **recorded.headers}
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
