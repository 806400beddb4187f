"""Attaching a table of the department's own database: connection, test
in words, table, first rows, stored or live.

Everything chosen stays in the address. The database is asked while no connection of ours is held.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized, authorize
from auth.once import OnceDep
from catalog.attachments.access import AttachableResource, FoundTable, found_table, locked
from catalog.attachments.schemas import RelationAttach
from catalog.attachments.service import tables
from catalog.connections import service as connections
from catalog.connections.access import owned_by_alias
from catalog.registration.views.connection_page import ConnectionPage, connection_page
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.views import is_attachable
from policies.actions import Action
from shuqiao.arrow.connectors.causes import ConnectorFailed, Outcome
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The table a form asks for, found in its database; or the form and
    what was wrong with it.
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


def wanted_again(
    session: Session, glanced: Authorized[DataResource], wanted: Wanted, form: Form
) -> ConnectionPage:
    """What was chosen, and what was wrong with it."""
    stated = replace(wanted.form, errors=form.errors)
    return connection_page(session, glanced, stated, wanted.failed)


@router.page("/resources/{code}/edit/connection")
def look(
    glanced: AttachableResource,
    session: ReadSessionDep,
    alias: Annotated[str, Query(max_length=40)] = "",
    schema_name: Annotated[str, Query(max_length=200)] = "",
    table_name: Annotated[str, Query(max_length=200)] = "",
) -> ConnectionPage | Response:
    """As far as the address says: the connections, the tables of one,
    the first rows of one table.
    """
    if not is_attachable(glanced.object):
        return RedirectResponse(registering.edit_href(glanced.object), 303)
    form = Form.of(
        {"alias": alias, "schema_name": schema_name, "table_name": table_name, "is_live": "false"}
    )
    return connection_page(session, glanced, form)


@router.form("/resources/{code}/edit/connection/test", status_code=200)
def test_connection(
    form: FormDep,
    glanced: AttachableResource,
    tried: Annotated[tuple[str, Outcome], Depends(tried_in_form)],
    session: SessionDep,
) -> ConnectionPage:
    """Try the connection out and say in words what keeps it from
    working; trying twice is no harm.
    """
    alias, outcome = tried
    connections.record_test(session, glanced.subject, alias, outcome)
    stated = Form.of({"alias": alias, "is_live": "false"}) if outcome.is_ok else form
    return connection_page(session, glanced, stated, outcome)


@router.form("/resources/{code}/edit/connection", again=wanted_again)
def attach_table(
    code: str,
    glanced: AttachableResource,
    wanted: Annotated[Wanted, Depends(wanted_in_form)],
    once: OnceDep,
    session: SessionDep,
) -> Response:
    """Attach the table; the data section then shows which columns are
    taken, and asks for the confirmation.
    """
    if not is_attachable(glanced.object):
        raise NotPossibleNow
    if wanted.body is None or wanted.table is None:
        raise FormInvalid(wanted.form)
    found, table = locked(session, glanced, code), wanted.table
    row = tables.attach(
        session,
        found.subject,
        found.object,
        table.connection,
        table.looked,
        is_live=wanted.body.is_live,
    )
    return once.go_to(f"{registering.edit_href(found.object)}/data?file={row.id}")
