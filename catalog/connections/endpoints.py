"""HTTP of connections (数据库连接): which there are, whether they work,
what can be read, and attaching a table.

A department's database may take its time: it is asked before the request takes a connection to
ours.
"""

from typing import Annotated

from fastapi import APIRouter, Depends

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.connections import service
from catalog.connections.access import Alias, ConnectionsReader, UsedConnection
from catalog.connections.schemas import (
    ConnectionList,
    ConnectionRead,
    ConnectionTested,
    RelationList,
    RelationRead,
    RelationSummary,
)
from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed, Outcome
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)


def _tested(used: UsedConnection) -> Outcome:
    return service.try_out(used.object.connection)


@router.get(
    "/connections", operation_id="connections_list", summary="List the connections of my department"
)
def list_connections(subject: ConnectionsReader, session: ReadSessionDep) -> ConnectionList:
    found = service.own_connections(session, subject)
    return ConnectionList(items=[ConnectionRead.of(each) for each in found])


@router.post(
    "/connections/{alias}/tests",
    status_code=201,
    operation_id="connections_test",
    summary="Test a connection",
)
def test_connection(
    alias: Alias,
    used: UsedConnection,
    outcome: Annotated[Outcome, Depends(_tested)],
    once: OnceDep,
    session: SessionDep,
) -> ConnectionTested:
    service.record_test(session, used.subject, alias, outcome)
    return once.keep(
        ConnectionTested.model_validate({**ConnectionTested.facts(outcome), **receipt(session)})
    )


@router.get(
    "/connections/{alias}/relations",
    operation_id="connections_relations",
    summary="List the tables I may attach",
)
def list_relations(used: UsedConnection) -> RelationList:
    found = service.tables(used.object.connection)
    return RelationList(items=[RelationSummary.of(each) for each in found])


@router.get(
    "/connections/{alias}/relations/{schema_name}/{table_name}",
    operation_id="connections_relation",
    summary="Show a table: columns and first rows",
)
def show_relation(used: UsedConnection, schema_name: str, table_name: str) -> RelationRead:
    try:
        return RelationRead.of(service.look_at(used.object.connection, schema_name, table_name))
    except ConnectorFailed as failed:
        if (
            failed.cause is Cause.RELATION_MISSING
        ):  # named by the caller: nothing of the service is away
            raise NotFound(failed.detail) from None
        raise
