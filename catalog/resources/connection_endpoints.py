"""HTTP of connections (数据库连接): which there are, whether they work,
what can be read, and attaching a table.

A department's database may take its time: it is asked before the request takes a connection to
ours.
"""

from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel

from audit.receipts import receipt
from audit.schemas import EventReceipt
from auth.guard import Authorized, Place, authorize, may, may_at
from auth.once import OnceDep
from catalog.resources import connections
from catalog.resources.connections import Looked, OwnedConnection
from catalog.resources.finding import by_code, glanced_by_code
from catalog.resources.models import DataResource
from catalog.resources.schemas import AttachmentChanged, AttachmentRead, ColumnName
from policies.actions import Action
from shuqiao.arrow.causes import Cause, ConnectorFailed, Outcome
from shuqiao.arrow.connections import Connection
from shuqiao.arrow.postgres import RelationName
from shuqiao.db import ReadSessionDep, SessionDep, reading
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.texts import CodeText, Strict
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)

CONNECTIONS: Final = Place("Connections", "connections")
_TABLE: Final = {"alias": "edu", "schema_name": "public", "table_name": "school"}
Alias = Annotated[str, Path(min_length=1, max_length=40)]


def owned_by_alias(alias: Alias) -> OwnedConnection:
    """The connection of the address, read without keeping a session open."""
    with reading() as session:
        return connections.owned(session, alias)


UsedConnection = Annotated[Authorized[OwnedConnection], may(Action.CONNECTION_USE, owned_by_alias)]


class ConnectionRead(BaseModel):
    """A connection of the own department: where it leads, never with which password."""

    alias: str
    kind: str = "postgresql"
    host: str
    port: int
    database: str
    user: str
    sslmode: str

    @classmethod
    def of(cls, found: Connection) -> Self:
        return cls(
            alias=found.alias,
            host=found.host,
            port=found.port,
            database=found.database,
            user=found.user,
            sslmode=found.sslmode,
        )


class ConnectionList(BaseModel):
    """The connections of the own department."""

    items: list[ConnectionRead]


class ConnectionTested(EventReceipt):
    """How a test ended.

    ``cause`` is a stable word, ``sentence`` says what happened, ``fix`` what to do.
    """

    is_ok: bool
    cause: str | None
    state: str
    sentence: str
    fix: str | None
    relations: int

    @classmethod
    def facts(cls, outcome: Outcome) -> dict[str, object]:
        return {
            "is_ok": outcome.is_ok,
            "cause": outcome.cause,
            "state": outcome.state,
            "relations": outcome.relations,
            "sentence": str(outcome.sentence),
            "fix": str(outcome.fix) if outcome.fix else None,
        }


class RelationSummary(BaseModel):
    """A table or view that may be read; ``estimated_rows`` is the database's own guess."""

    schema_name: str
    table_name: str
    is_view: bool
    comment: str
    estimated_rows: int | None

    @classmethod
    def of(cls, found: RelationName) -> Self:
        return cls(
            schema_name=found.schema,
            table_name=found.name,
            is_view=found.is_view,
            comment=found.comment,
            estimated_rows=found.estimated_rows,
        )


class RelationList(BaseModel):
    """The tables and views that may be read through a connection."""

    items: list[RelationSummary]


class RelationColumn(BaseModel):
    """A column of a table: its type there and here; without one here it cannot be taken, and
    ``note`` says why.
    """

    name: str
    declared_type: str
    type: str | None
    comment: str
    note: str | None


class RelationRead(BaseModel):
    """A table or view as it is now, with its first rows as text."""

    schema_name: str
    table_name: str
    comment: str
    key: list[str]
    row_count: int
    columns: list[RelationColumn]
    preview_rows: list[list[str | None]]
    warnings: list[str]

    @classmethod
    def of(cls, looked: Looked) -> Self:
        relation, preview = looked.relation, looked.preview
        columns = [
            RelationColumn(
                name=column.name,
                declared_type=column.declared,
                type=str(column.type) if column.type else None,
                comment=column.comment,
                note=str(column.note) if column.note else None,
            )
            for column in relation.columns
        ]
        return cls(
            schema_name=relation.schema,
            table_name=relation.name,
            comment=relation.comment,
            key=list(relation.key),
            row_count=preview.row_count,
            columns=columns,
            preview_rows=[list(cells) for cells in preview.rows],
            warnings=[str(warning) for warning in preview.warnings],
        )


class RelationAttach(Strict):
    """A table to attach: stored as a snapshot, or ``is_live``: read at every delivery, never stored
    here.
    """

    alias: CodeText
    schema_name: ColumnName
    table_name: ColumnName
    is_live: bool = False


class Found(BaseModel, arbitrary_types_allowed=True):
    """A table to attach and the connection it is read through."""

    connection: Connection
    looked: Looked


def _tested(used: UsedConnection) -> Outcome:
    return connections.try_out(used.object.connection)


def looked_at(
    body: RelationAttach,
    glanced: Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, glanced_by_code)],
) -> Found:
    """The table of the body, looked at before any connection of ours is taken."""
    return find(glanced.subject, body)


def find(subject: Subject, body: RelationAttach) -> Found:
    """The connection, if the subject may use it, and the table as it is now."""
    used = owned_by_alias(body.alias)
    authorize(subject, Action.CONNECTION_USE, used)
    return Found(
        connection=used.connection,
        looked=connections.look_at(used.connection, body.schema_name, body.table_name),
    )


@router.get(
    "/connections", operation_id="connections_list", summary="List the connections of my department"
)
@example(
    Example(
        world="connected", who="registrar", success=200, visibility="owner", forbidden="applicant"
    )
)
def list_connections(
    subject: Annotated[Subject, may_at(Action.CONNECTION_READ, CONNECTIONS)],
    session: ReadSessionDep,
) -> ConnectionList:
    found = connections.own_connections(session, subject)
    return ConnectionList(items=[ConnectionRead.of(each) for each in found])


@router.post(
    "/connections/{alias}/tests",
    status_code=201,
    operation_id="connections_test",
    summary="Test a connection",
)
@example(
    Example(
        world="connected",
        who="registrar",
        success=201,
        visibility="owner",
        stranger="consumer_registrar",
        path={"alias": "edu"},
        event="catalog:connection:tested",
    )
)
def test_connection(
    alias: Alias,
    used: UsedConnection,
    outcome: Annotated[Outcome, Depends(_tested)],
    once: OnceDep,
    session: SessionDep,
) -> ConnectionTested:
    connections.record_test(session, used.subject, alias, outcome)
    return once.keep(
        ConnectionTested.model_validate({**ConnectionTested.facts(outcome), **receipt(session)})
    )


@router.get(
    "/connections/{alias}/relations",
    operation_id="connections_relations",
    summary="List the tables I may attach",
)
@example(
    Example(
        world="connected",
        who="registrar",
        success=200,
        visibility="owner",
        stranger="consumer_registrar",
        path={"alias": "edu"},
    )
)
def list_relations(used: UsedConnection) -> RelationList:
    found = connections.tables(used.object.connection)
    return RelationList(items=[RelationSummary.of(each) for each in found])


@router.get(
    "/connections/{alias}/relations/{schema_name}/{table_name}",
    operation_id="connections_relation",
    summary="Show a table: columns and first rows",
)
@example(
    Example(
        world="connected",
        who="registrar",
        success=200,
        visibility="owner",
        stranger="consumer_registrar",
        path=_TABLE,
    )
)
def show_relation(used: UsedConnection, schema_name: str, table_name: str) -> RelationRead:
    try:
        return RelationRead.of(connections.look_at(used.object.connection, schema_name, table_name))
    except ConnectorFailed as failed:
        if (
            failed.cause is Cause.RELATION_MISSING
        ):  # named by the caller: nothing of the service is away
            raise NotFound(failed.detail) from None
        raise


@router.post(
    "/resources/{code}/attachments/connections",
    status_code=201,
    operation_id="resources_attach_table",
    summary="Attach a table of my department's database",
)
@example(
    Example(
        world="connected",
        who="registrar",
        success=201,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path={"code": lambda world: world.resource_code},
        event="catalog:resource:attached",
        body=lambda _world: {**_TABLE, "is_live": True},
    )
)
def attach_relation(
    body: RelationAttach,
    code: str,
    glanced: Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, glanced_by_code)],
    found: Annotated[Found, Depends(looked_at)],
    once: OnceDep,
    session: SessionDep,
    response: Response,
) -> AttachmentChanged:
    resource = by_code(code, session)
    subject = authorize(glanced.subject, Action.RESOURCE_ATTACH, resource)
    row = connections.attach(
        session, subject, resource, found.connection, found.looked, is_live=body.is_live
    )
    response.headers["Location"] = f"/api/v1/resources/{resource.url_code}/attachments/{row.id}"
    return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))
