"""Data that stays in a department's own database (数据库挂接): who may
use which connection, look, attach, read.

The operator says in the connection's own file which department it belongs to; its registrars see it
and nobody else can tell that it exists. Nothing here knows a password.
"""

from typing import Any, Final

from sqlmodel import Session

from audit.append import ObjectRef, Recorded, append
from audit.events import Event
from auth.departments import repository as departments
from catalog.connections.schemas import Looked, OwnedConnection, stream_of
from shuqiao.arrow.connectors import postgres
from shuqiao.arrow.connectors import registered as kept
from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed, Outcome
from shuqiao.arrow.connectors.looks import looking
from shuqiao.arrow.connectors.postgres import MOST_COUNTED, Sample
from shuqiao.arrow.connectors.postgres_relations import Relation, RelationName
from shuqiao.arrow.connectors.registered import Connection, ConnectionUnknown, ConnectionUnusable
from shuqiao.arrow.intake.options import ColumnPreview, Preview, ReadOptions
from shuqiao.arrow.intake.proposals import kind_of
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: Rows of a table shown before it is attached, and examples named per column.
ROWS_SHOWN: Final = 20
_SAMPLES: Final = 5
_CELL_LENGTH: Final = 200


def owned(session: Session, alias: str) -> OwnedConnection:
    """A connection whoever it belongs to; the guard decides, in the same words as here.

    Raises ``NotFound``.
    """
    try:
        connection = kept.Connection.load(alias)
    except (ConnectionUnknown, ConnectionUnusable):
        raise NotFound from None
    owner = departments.id_of(session, connection.owner)
    return OwnedConnection(connection, owner)


def own_connections(session: Session, subject: Subject) -> list[Connection]:
    """The connections of the subject's department."""
    return (
        kept.connections_of(departments.by_id(session, subject.department_id).code)
        if subject.department_id
        else []
    )


def try_out(connection: Connection) -> Outcome:
    """Whether it works, and if not, the one cause. Holds no database connection of ours."""
    with looking(connection):
        return postgres.try_out(connection)


def record_test(session: Session, subject: Subject, alias: str, outcome: Outcome) -> Recorded:
    """The test goes into the trail with its cause."""
    return append(
        session,
        subject,
        Event.CONNECTION_TESTED,
        stream=stream_of(alias),
        obj=ObjectRef("Connection", alias),
        result="allow" if outcome.is_ok else "error",
        why={"cause": outcome.cause, "state": outcome.state},
    )


def tables(connection: Connection) -> list[RelationName]:
    """The tables and views that may be read. Raises ``ConnectorFailed``, ``ConnectionBusy``."""
    with looking(connection), postgres.Session(connection) as session:
        return session.tables()


def look_at(connection: Connection, schema: str, name: str) -> Looked:
    """A table with its first rows.

    Raises ``ConnectorFailed``; also for an account that may change data.
    """
    with looking(connection):
        with postgres.Session(connection) as session:
            if session.may_write():
                raise ConnectorFailed(Cause.MAY_WRITE)
        relation, sample = postgres.sample(connection, schema, name, rows=ROWS_SHOWN)
    return Looked(relation, _preview(relation, sample))


def _preview(relation: Relation, sample: Sample) -> Preview:
    taken = [column for column in relation.columns if column.type is not None]
    shown = [[_cell(value) for value in column.to_pylist()] for column in sample.rows.columns]
    columns = tuple(
        ColumnPreview(
            column.name, column.name, kind_of(column.type), nulls, _samples(values), column.note
        )
        for column, nulls, values in zip(taken, sample.null_counts, shown, strict=True)
    )
    warnings = [
        _("The column “%(column)s” is left out. %(why)s", column=column.name, why=column.note)
        for column in relation.columns
        if column.type is None
    ]
    if not sample.is_counted:
        warnings.append(
            _(
                "More than %(count)s rows; empty values were counted in these only.",
                count=MOST_COUNTED,
            )
        )
    if not relation.key:
        warnings.append(
            _("The table has no readable primary key, so the order of its rows is not fixed.")
        )
    rows = tuple(zip(*shown, strict=True)) if shown else ()
    return Preview(
        "postgresql", ReadOptions(), 1.0, columns, rows, sample.row_count, tuple(warnings)
    )


def _samples(values: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))[:_SAMPLES]


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return text if len(text) <= _CELL_LENGTH else text[: _CELL_LENGTH - 1] + "…"
