"""HTTP of the trail: read it, take it out as a file. Both are facts of the trail themselves."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from audit.queries import read as read_event
from audit.schemas import AuditEventRead
from server.trail.access import Exporter, Reader
from server.trail.forms import AuditExportCreate, filter_of
from server.trail.service import MEDIA_TYPE, events_on, export_file, record_read
from shuqiao.db import ReadSessionDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["trail"], route_class=StrictRoute)


Word = Annotated[str, Query(max_length=120)]


@router.get(
    "/audit-events", operation_id="audit_events_list", summary="Read the trail, newest first"
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
    response.headers.update(record_read(subject, chosen).headers)
    rows, following = events_on(session, chosen, wanted)
    return Page(items=[read_event(row) for row in rows], next=following)


@router.post(
    "/audit-exports",
    operation_id="audit_exports_create",
    summary="Take the trail out as a file for the verifier",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
def export(subject: Exporter, body: AuditExportCreate) -> Response:
    """One header line, then one line an event; the same form that
    ``shuqiao audit verify`` reads.
    """
    return export_file(subject, body.to_filter())
