"""Pages of the trail (审计轨迹): a query line with a form that writes
it, the events, one event with its bytes.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from audit.events import Event
from audit.queries import TrailFilter, by_id
from server.trail.access import Exporter, Reader
from server.trail.forms import KEYS, QueryRefused, filter_of, line_of, parse, parts_of, usual_line
from server.trail.service import events_on, export_file, receipt_headers, record_read
from server.trail.views import rows_of
from server.trail.words import RESULTS
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.i18n import Message, _
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.paging import PageDep

router = APIRouter()

#: Groups of actions offered by the form, beside every single one.
GROUPS: Final[Mapping[str, Message]] = {
    "exchange:*": _("Everything of the exchange"),
    "catalog:*": _("Everything of the catalogue"),
    "auth:*": _("Everything of accounts"),
    "audit:*": _("Everything of the trail itself"),
}
#: Questions a reviewer asks again and again.
READY: Final[Sequence[tuple[Message, str]]] = (
    (_("Denied"), "result:deny"),
    (_("Deliveries"), "action:exchange:delivery:*"),
    (_("Sign-ins refused"), "action:auth:session:refused"),
    (_("Grants revoked"), "action:exchange:grant:revoked"),
    (_("Exports of the trail"), "action:audit:trail:exported"),
)
LABELS: Final[Mapping[str, Message]] = {
    "q": _("Query"),
    "action": _("Action"),
    "actor": _("Account"),
    "result": _("Result"),
    "stream": _("Case"),
    "object": _("Object"),
    "from": _("From day"),
    "to": _("To day"),
}


@router.get("/trail")
def list_page(
    request: Request,
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    q: Annotated[str | None, Query(max_length=2_000)] = None,
) -> Response:
    """The events of the query; without one those of the last three months.

    A sent form becomes a query line first.
    """
    typed = {key: request.query_params.get(key, "") for key in KEYS}
    if q is None and any(key in request.query_params for key in KEYS):
        return _from_form(request, typed)
    line = usual_line() if q is None else q
    try:
        chosen = parse(line)
    except QueryRefused as refused:
        form = Form.of({"q": line}).refused(refused)
        return page(request, "trail/list.html", _values(form, {}), status=422)
    recorded = record_read(subject, chosen)
    found, following = events_on(session, chosen, wanted)
    values = {
        **_values(Form.of({"q": line, **parts_of(line)}), parts_of(line)),
        "rows": rows_of(session, found),
        "next_href": wanted.href(following) if following else "",
        "is_first": wanted.after is None,
        "line": line,
    }
    return page(request, "trail/list.html", values, headers=receipt_headers(recorded))


@router.get("/trail/{event_id}")
def event_page(
    request: Request, subject: Reader, session: ReadSessionDep, event_id: Annotated[UUID, Path()]
) -> Response:
    """One event: its canonical record, and whether its bytes still give the leaf hash."""
    recorded = record_read(subject, TrailFilter(), event_id)
    event = by_id(session, event_id)
    if event is None:
        raise NotFound
    (row,) = rows_of(session, [event])
    canon = bytes(event.canon)
    values = {
        "row": row,
        "record": _pretty(canon),
        "leaf_hash": bytes(event.leaf_hash).hex(),
        "byte_count": len(canon),
        "request_id": event.request_id,
        "is_intact": sha256(b"\x00" + canon).digest() == bytes(event.leaf_hash),
    }
    return page(request, "trail/event.html", values, headers=receipt_headers(recorded))


@router.post("/trail/exports")
def export(request: Request, subject: Exporter, form: FormDep) -> Response:
    """The events of the query as a file; an empty query takes out the whole trail."""
    try:
        chosen = parse(form.text("q"))
    except QueryRefused as refused:
        return page(request, "trail/list.html", _values(form.refused(refused), {}), status=422)
    return export_file(subject, chosen)


def _from_form(request: Request, typed: Mapping[str, str]) -> Response:
    """The form's fields as a query line in the address, so that the
    reader learns it and can keep it.
    """
    line = line_of(typed)
    try:
        filter_of(parts_of(line))
    except QueryRefused as refused:
        form = Form.of({"q": line, **typed}).refused(refused)
        return page(request, "trail/list.html", _values(form, typed), status=422)
    return RedirectResponse(str(request.url.replace(query="").include_query_params(q=line)), 303)


def _values(form: Form, parts: Mapping[str, str]) -> dict[str, Any]:
    actions = [(key, f"{words}（{key}）") for key, words in GROUPS.items()]
    actions += [(event.value, f"{event.label}（{event.value}）") for event in Event]
    if parts.get("action") and parts["action"] not in dict(actions):
        actions.append((parts["action"], parts["action"]))
    return {
        "form": form,
        "labels": LABELS,
        "actions": actions,
        "results": list(RESULTS.items()),
        "ready": READY,
        "rows": [],
        "next_href": "",
        "is_first": True,
        "line": form.text("q"),
    }


def _pretty(canon: bytes) -> str:
    """The record for reading; bytes that are no JSON any more are shown
    as they are: the reader must see the damage.
    """
    try:
        return json.dumps(json.loads(canon), ensure_ascii=False, indent=2)
    except ValueError:
        return canon.decode("utf-8", "replace")
