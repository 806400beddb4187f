"""A table of the department's own database to attach, as far as the address says which: the
connections, the tables of one, the first rows of one table.

The database is asked while no connection of ours is held: before ``session`` reads anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlmodel import Session

from auth.guard import Authorized
from catalog.connections import service as connections
from catalog.connections.schemas import Looked
from catalog.registration.views.progress import Progress, progress_of
from catalog.registration.words import Section
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.models import DataResource
from shuqiao.arrow.connectors.causes import ConnectorFailed, Outcome
from shuqiao.arrow.connectors.postgres_relations import RelationName
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.db import reading
from shuqiao.errors import NotFound
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

Answer = TypeVar("Answer")

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


@dataclass(slots=True)
class Shown:
    """What the page has found out so far, and the one thing that went wrong."""

    connections: Sequence[Connection] = ()
    chosen: Connection | None = None
    tables: Sequence[RelationName] = ()
    looked: Looked | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class ConnectionPage(Page):
    template = "registration/connection.html"
    form: Form
    section: Section
    resource: DataResource
    address: str
    progress: Progress
    labels: Mapping[str, Message]
    modes: Sequence[tuple[str, Message, Message]]
    shown: Shown


def connection_page(
    session: Session,
    glanced: Authorized[DataResource],
    form: Form,
    outcome: Outcome | None = None,
) -> ConnectionPage:
    """``outcome``: how the chosen connection has just ended; one that failed is not asked again."""
    shown = _chosen(glanced, form)
    if outcome is None or outcome.is_ok:
        _look(shown, form)
    shown.outcome = outcome or shown.outcome
    resource = resources.by_id(session, glanced.object.id)
    entry = registering.read(session, resource)
    return ConnectionPage(
        form=form,
        section=Section.DATA,
        resource=resource,
        address=registering.edit_href(resource),
        progress=progress_of(session, glanced.subject, resource, entry),
        labels=_LABELS,
        modes=MODES,
        shown=shown,
    )


def _chosen(glanced: Authorized[DataResource], form: Form) -> Shown:
    """The connections, and the one chosen; asks no other database.

    Raises ``NotFound`` for another's.
    """
    with reading() as session:
        own = connections.own_connections(session, glanced.subject)
    alias = form.text("alias")
    found = next((each for each in own if each.alias == alias), None)
    if alias and found is None:
        raise NotFound
    return Shown(own, found)


def _look(shown: Shown, form: Form) -> None:
    """The tables of the chosen connection, and the chosen table with its first rows."""
    used = shown.chosen
    if used is None:
        return
    shown.tables = _asked(shown, lambda: connections.tables(used)) or ()
    schema, name = form.text("schema_name"), form.text("table_name")
    if schema and name and shown.outcome is None:
        shown.looked = _asked(shown, lambda: connections.look_at(used, schema, name))


def _asked(shown: Shown, ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except ConnectorFailed as failed:
        shown.outcome = failed.outcome
        return None
