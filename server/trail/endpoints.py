"""HTTP of the trail: read it, take it out as a file. Both are facts of the trail themselves."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from audit.queries import read as read_event
from audit.schemas import AuditEventRead
from server.trail.access import Exporter, Reader
from server.trail.forms import with_left_out
from server.trail.schemas import LONGEST, AuditExportCreate, ReceivedRead
from server.trail.service import MEDIA_TYPE, events_on, export_file, received, record_read, settled
from server.trail.views.received import read as read_received
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
    resource: Word = "",
    grant: Word = "",
    org: Word = "",
    ip: Word = "",
    columns: Word = "",
    since: Annotated[str, Query(max_length=120, alias="from")] = "",
    until: Annotated[str, Query(max_length=120, alias="to")] = "",
    without: Annotated[str, Query(max_length=LONGEST)] = "",
) -> Page[AuditEventRead]:
    """Every reading is recorded before anything is read. ``without`` is a line of words, as
    ``action:audit:*``, and what fits one of them is left out.
    """
    named = {
        "action": action,
        "actor": actor,
        "result": result,
        "stream": stream,
        "object": object_id,
        "resource": resource,
        "grant": grant,
        "org": org,
        "ip": ip,
        "columns": columns,
        "from": since,
        "to": until,
    }
    chosen = settled(session, with_left_out(named, without))
    response.headers.update(record_read(subject, chosen).headers)
    rows, following = events_on(session, chosen, wanted)
    return Page(items=[read_event(row) for row in rows], next=following)


@router.get(
    "/audit-receipts",
    operation_id="audit_receipts_list",
    summary="Who received which columns of a data resource",
)
def list_received(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    response: Response,
    resource: Annotated[str, Query(max_length=120, min_length=1)],
    columns: Word = "",
) -> Page[ReceivedRead]:
    """The latest delivery first; with ``columns`` only those that carried the column of this name.
    The reading is recorded.
    """
    rows, following, recorded = received(session, subject, resource, columns, wanted)
    response.headers.update(recorded.headers)
    return Page(items=[read_received(each) for each in rows], next=following)


@router.post(
    "/audit-exports",
    operation_id="audit_exports_create",
    summary="Take the trail out as a file for the verifier",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
def export(subject: Exporter, session: ReadSessionDep, body: AuditExportCreate) -> Response:
    """One header line, then one line an event; the same form that
    ``shuqiao audit verify`` reads.
    """
    parts = body.model_dump(by_alias=True, exclude={"without"})
    return export_file(subject, settled(session, with_left_out(parts, body.without)))
