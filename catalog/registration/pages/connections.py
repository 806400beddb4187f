"""Attaching a table of the department's own database: connection, test
in words, table, first rows, stored or live.

Everything chosen stays in the address. The database is asked while no connection of ours is held.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized, authorize, is_allowed
from auth.once import OnceDep
from catalog.attachments.access import AttachableResource, FoundTable, found_table, locked
from catalog.attachments.schemas import RelationAttach
from catalog.attachments.service import tables
from catalog.connections import service as connections
from catalog.connections.access import owned_by_alias
from catalog.connections.schemas import Looked
from catalog.registration.views.progress import progress_of
from catalog.registration.words import Section
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.views import is_editable
from policies.actions import Action
from shuqiao.arrow.connectors.causes import ConnectorFailed, Outcome
from shuqiao.arrow.connectors.postgres_relations import RelationName
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.db import SessionDep, reading, start_over
from shuqiao.errors import NotFound
from shuqiao.i18n import Message, _
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter()

_LABELS: Final = {
    "alias": _("Connection"),
    "table_name": _("Table or view"),
    "is_live": _("How it is delivered"),
}
#: (value, words, hint) of the two ways of delivery.
MODES: Final = (
    (
        "false",
        _("As a snapshot"),
        _(
            "The rows are copied once and stored here; deliveries are fast and can be proven "
            "against the stored rows."
        ),
    ),
    (
        "true",
        _("Live"),
        _(
            "Nothing is stored here; every delivery reads the rows from your database at that "
            "moment."
        ),
    ),
)
Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Shown:
    """What the page has found out so far, and the one thing that went wrong."""

    form: Form
    connections: list[Connection] = field(default_factory=list)
    chosen: Connection | None = None
    tables: list[RelationName] = field(default_factory=list)
    looked: Looked | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The table a form asks for, found in its database; or the page
    that says what was wrong with it.
    """

    body: RelationAttach | None
    table: FoundTable | None
    form: Form
    failed: Outcome | None = None


def wanted_in_form(form: FormDep, glanced: AttachableResource) -> Wanted:
    """Looked at before ``once``, so that a slow database holds no connection of ours."""
    try:
        body = form.parse(RelationAttach)
        return Wanted(body, found_table(glanced.subject, body), form)
    except FormInvalid as invalid:
        return Wanted(None, None, invalid.form)
    except ConnectorFailed as failed:
        return Wanted(None, None, form, failed.outcome)


def tried_in_form(form: FormDep, glanced: AttachableResource) -> tuple[str, Outcome]:
    """The connection of the form, tried out."""
    used = owned_by_alias(form.text("alias"))
    authorize(glanced.subject, Action.CONNECTION_USE, used)
    return used.connection.alias, connections.try_out(used.connection)


@router.get("/resources/{code}/edit/connection")
def connection_page(
    request: Request,
    glanced: AttachableResource,
    alias: Annotated[str, Query(max_length=40)] = "",
    schema_name: Annotated[str, Query(max_length=200)] = "",
    table_name: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """As far as the address says: the connections, the tables of one,
    the first rows of one table.
    """
    if not is_editable(glanced.object):
        return RedirectResponse(registering.edit_href(glanced.object), 303)
    form = Form.of(
        {"alias": alias, "schema_name": schema_name, "table_name": table_name, "is_live": "false"}
    )
    return _page(request, glanced, _look(glanced, form))


@router.post("/resources/{code}/edit/connection/test")
def test_connection(
    request: Request,
    form: FormDep,
    glanced: AttachableResource,
    tried: Annotated[tuple[str, Outcome], Depends(tried_in_form)],
    session: SessionDep,
) -> Response:
    """Try the connection out and say in words what keeps it from
    working; trying twice is no harm.
    """
    alias, outcome = tried
    connections.record_test(session, glanced.subject, alias, outcome)
    shown = (
        _look(glanced, Form.of({"alias": alias, "is_live": "false"}))
        if outcome.is_ok
        else _chosen(glanced, form)
    )
    shown.outcome = outcome
    return _page(request, glanced, shown)


@router.post("/resources/{code}/edit/connection", status_code=303)
def attach_table(
    request: Request,
    code: str,
    glanced: AttachableResource,
    wanted: Annotated[Wanted, Depends(wanted_in_form)],
    once: OnceDep,
    session: SessionDep,
) -> Response:
    """Attach the table; the data section then shows which columns are
    taken, and asks for the confirmation.
    """
    if not is_editable(glanced.object):
        raise NotPossibleNow
    if wanted.body is None or wanted.table is None:
        start_over(session)
        shown = _chosen(glanced, wanted.form) if wanted.failed else _look(glanced, wanted.form)
        shown.outcome = wanted.failed
        return _page(request, glanced, shown, status=422)
    found, table = locked(session, glanced, code), wanted.table
    row = tables.attach(
        session,
        found.subject,
        found.object,
        table.connection,
        table.looked,
        is_live=wanted.body.is_live,
    )
    return RedirectResponse(
        once.keep_redirect(f"{registering.edit_href(found.object)}/data?file={row.id}"), 303
    )


def _chosen(glanced: Authorized[DataResource], form: Form) -> _Shown:
    """The connections, and the one chosen; asks no other database.

    Raises ``NotFound`` for another's.
    """
    with reading() as session:
        own = connections.own_connections(session, glanced.subject)
    alias = form.text("alias")
    chosen = next((each for each in own if each.alias == alias), None)
    if alias and chosen is None:
        raise NotFound
    return _Shown(form, own, chosen)


def _look(glanced: Authorized[DataResource], form: Form) -> _Shown:
    """The tables of the chosen connection, and the chosen table with its first rows."""
    shown = _chosen(glanced, form)
    chosen = shown.chosen
    if chosen is None:
        return shown
    shown.tables = _asked(shown, lambda: connections.tables(chosen)) or []
    schema, name = form.text("schema_name"), form.text("table_name")
    if schema and name and shown.outcome is None:
        shown.looked = _asked(shown, lambda: connections.look_at(chosen, schema, name))
    return shown


def _asked(shown: _Shown, ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except ConnectorFailed as failed:
        shown.outcome = failed.outcome
        return None


def _page(
    request: Request, glanced: Authorized[DataResource], shown: _Shown, *, status: int = 200
) -> Response:
    with reading() as session:
        resource = resources.by_id(session, glanced.object.id)
        entry = registering.read(session, resource)
        values: dict[str, Any] = {
            "resource": resource,
            "address": registering.edit_href(resource),
            "sections": list(Section),
            "here_section": Section.DATA,
            "section": Section.DATA,
            "form": shown.form,
            "shown": shown,
            "progress": progress_of(session, glanced.subject, resource, entry),
            "labels": _LABELS,
            "modes": MODES,
            "may_attach": is_allowed(glanced.subject, Action.RESOURCE_ATTACH, resource),
            "estimated": _estimated,
        }
        return page(request, "registration/connection.html", values, status=status)


def _estimated(found: RelationName) -> Message:
    if found.estimated_rows is None:
        return _("unknown")
    return _("about %(count)s", count=f"{found.estimated_rows:,}")
