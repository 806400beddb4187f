"""HTTP of the trail: read it, take it out as a file. Both are facts of the trail themselves."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import StreamingResponse

from audit.append import ObjectRef, Recorded, append
from audit.events import Event
from audit.export import export_lines, record_export
from audit.models import AuditEvent
from audit.queries import TrailFilter
from audit.queries import page as page_of_events
from audit.queries import read as read_event
from audit.schemas import AuditEventRead
from auth.guard import Place, authorize
from auth.identify import SubjectDep
from policies.actions import Action
from server.trail_query import filter_of
from shuqiao.clock import BEIJING, now
from shuqiao.db import ReadSessionDep, reading, unit_of_work
from shuqiao.subject import Subject
from shuqiao.texts import Strict
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import Page, PageDep, PageRequest
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["trail"], route_class=StrictRoute)

MEDIA_TYPE: Final = "application/jsonl"
#: An export is made whole before its first byte leaves; up to here it never touches the disk.
IN_MEMORY_BYTES: Final = 4 * 1_048_576
_CHUNK: Final = 256 * 1_024

Word = Annotated[str, Query(max_length=120)]


class AuditExportCreate(Strict):
    """Which events to take out; nothing: the whole trail, which alone
    can be checked for gaps at the ends.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, populate_by_name=False)

    action: Annotated[str, Field(max_length=120)] = ""
    actor: Annotated[str, Field(max_length=120)] = ""
    result: Annotated[str, Field(max_length=120)] = ""
    stream: Annotated[str, Field(max_length=120)] = ""
    object: Annotated[str, Field(max_length=120)] = ""
    since: Annotated[str, Field(max_length=120, alias="from")] = ""
    until: Annotated[str, Field(max_length=120, alias="to")] = ""

    def to_filter(self) -> TrailFilter:
        """Raises ``QueryRefused`` naming each field."""
        return filter_of(self.model_dump(by_alias=True))


def trail_of(subject: Subject) -> Place:
    """The trail as a governed place; what is done to it is recorded in the reader's own stream."""
    return Place("Trail", f"trail:{subject.account}")


def may_of_trail(action: Action) -> Any:
    """Dependency for the trail's routes: gives the subject who may do ``action`` on it."""

    def guard(subject: SubjectDep) -> Subject:
        return authorize(subject, action, trail_of(subject))

    # Read by the test that every route is guarded.
    guard.__guards__ = action  # type: ignore[attr-defined]
    return Depends(guard)


Reader = Annotated[Subject, may_of_trail(Action.TRAIL_READ)]
Exporter = Annotated[Subject, may_of_trail(Action.TRAIL_EXPORT)]


@router.get(
    "/audit-events", operation_id="audit_events_list", summary="Read the trail, newest first"
)
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=200,
        visibility="all_departments",
        forbidden="applicant",
        event="audit:trail:read",
    )
)
def list_events(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    response: Response,
    action: Word = "",
    actor: Word = "",
    result: Word = "",
    stream: Word = "",
    object_id: Annotated[str, Query(max_length=120, alias="object")] = "",
    since: Annotated[str, Query(max_length=120, alias="from")] = "",
    until: Annotated[str, Query(max_length=120, alias="to")] = "",
) -> Page[AuditEventRead]:
    """Every reading is recorded before anything is read."""
    named = {
        "action": action,
        "actor": actor,
        "result": result,
        "stream": stream,
        "object": object_id,
    }
    chosen = filter_of({**named, "from": since, "to": until})
    response.headers.update(receipt_headers(record_read(subject, chosen)))
    rows, following = events_on(session, chosen, wanted)
    return Page(items=[read_event(row) for row in rows], next=following)


@router.post(
    "/audit-exports",
    operation_id="audit_exports_create",
    summary="Take the trail out as a file for the verifier",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=200,
        visibility="all_departments",
        forbidden="applicant",
        body={},
        event="audit:trail:exported",
    )
)
def export(subject: Exporter, body: AuditExportCreate) -> Response:
    """One header line, then one line an event; the same form that
    ``shuqiao audit verify`` reads.
    """
    return export_file(subject, body.to_filter())


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


def receipt_headers(recorded: Recorded) -> dict[str, str]:
    """What proves later that this reading was recorded."""
    return {"shuqiao-event-id": str(recorded.event_id), "shuqiao-leaf-hash": recorded.leaf_hash}


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
        _chunks(file), media_type=MEDIA_TYPE, headers={**headers, **receipt_headers(recorded)}
    )


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
