"""Pages of the trail (审计轨迹): a query line with a form that writes
it, the events, one event with its bytes.
"""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Path, Query
from starlette.responses import RedirectResponse, Response

from audit.queries import TrailFilter, by_id
from server.trail.access import Exporter, Reader
from server.trail.errors import QueryRefused
from server.trail.forms import asked, line_of, parse, parts_of, usual_line
from server.trail.service import events_on, export_file, received, record_read, settled
from server.trail.views.event import EventPage, event_page
from server.trail.views.listing import TrailPage, refused_page, trail_page
from server.trail.views.received import ReceivedPage, read, received_page
from server.trail.views.rows import rows_of
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()

Typed = Annotated[str | None, Query(max_length=2_000)]


def typed_fields(
    action: Typed = None,
    actor: Typed = None,
    result: Typed = None,
    stream: Typed = None,
    object_id: Annotated[str | None, Query(max_length=2_000, alias="object")] = None,
    resource: Typed = None,
    grant: Typed = None,
    org: Typed = None,
    ip: Typed = None,
    columns: Typed = None,
    since: Annotated[str | None, Query(max_length=2_000, alias="from")] = None,
    until: Annotated[str | None, Query(max_length=2_000, alias="to")] = None,
) -> Mapping[str, str]:
    """The fields of the form that was sent, empty ones too; without it nothing."""
    fields = {
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
    return {key: value for key, value in fields.items() if value is not None}


@router.page("/trail", again=refused_page)
def index(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    response: Response,
    typed: Annotated[Mapping[str, str], Depends(typed_fields)],
    q: Typed = None,
) -> TrailPage | Response:
    """The events of the query; without one those of the last three months but the reader's own
    reading.

    A sent form becomes a query line first.
    """
    if q is None and typed:
        return _as_line(typed)
    line = usual_line(subject.account) if q is None else q
    try:
        chosen = settled(session, parse(line), pointer="/q")
    except QueryRefused as refused:
        raise FormInvalid(Form.of({"q": line}).refused(refused)) from None
    response.headers.update(record_read(subject, chosen).headers)
    found, following = events_on(session, chosen, wanted)
    return trail_page(
        Form.of({"q": line, **parts_of(line)}),
        rows_of(session, found),
        wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )


@router.page("/trail/received", again=received_page)
def who_received(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    response: Response,
    resource: Typed = None,
    columns: Typed = None,
) -> ReceivedPage:
    """Who received which columns of a data resource, how many rows, when."""
    form = Form.of({"resource": resource or "", "columns": columns or ""})
    if resource is None:
        return received_page(form)  # nothing is read yet
    try:
        rows, following, recorded = received(
            session, subject, resource.strip(), (columns or "").strip(), wanted
        )
    except QueryRefused as refused:
        raise FormInvalid(form.refused(refused)) from None
    response.headers.update(recorded.headers)
    href = wanted.href(following) if following else ""
    return ReceivedPage(form, [read(each) for each in rows], href, wanted.after is None)


@router.page("/trail/{event_id}")
def one(
    subject: Reader,
    session: ReadSessionDep,
    response: Response,
    event_id: Annotated[UUID, Path()],
) -> EventPage:
    response.headers.update(record_read(subject, TrailFilter(), event_id).headers)
    event = by_id(session, event_id)
    if event is None:
        raise NotFound
    return event_page(session, subject, event)


@router.form("/trail/exports", again=refused_page, status_code=200)
def export(subject: Exporter, session: ReadSessionDep, form: FormDep) -> Response:
    """The events of the query as a file; an empty query takes out the whole trail."""
    return export_file(subject, settled(session, parse(form.text("q")), pointer="/q"))


def _as_line(typed: Mapping[str, str]) -> Response:
    """The form's fields as a query line in the address, so that the
    reader learns it and can keep it.
    """
    line = line_of(typed)
    try:
        asked(parts_of(line))
    except QueryRefused as refused:
        raise FormInvalid(Form.of({"q": line, **typed}).refused(refused)) from None
    return RedirectResponse(f"/trail?{urlencode({'q': line})}", 303)
