"""Data that stays in a department's own database (数据库挂接): who may
use which connection, look, attach, read.

The operator says in the connection's own file which department it belongs to; its registrars see it
and nobody else can tell that it exists. Nothing here knows a password.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
from sqlmodel import Session, select

from audit.append import ObjectRef, Recorded, append
from audit.events import Event
from auth.models import Department
from catalog.resources import repository, service
from catalog.resources.lifecycle import Act, AttachmentStatus, DataSource
from catalog.resources.models import Attachment, DataResource
from policies.facts import ResourceFacts
from shuqiao.arrow import connections as kept
from shuqiao.arrow import postgres
from shuqiao.arrow.causes import Cause, ConnectorFailed, Outcome
from shuqiao.arrow.connections import Connection, ConnectionUnknown, ConnectionUnusable
from shuqiao.arrow.live import LiveRelation, relation_of, shape
from shuqiao.arrow.options import ColumnPreview, Preview, ReadOptions
from shuqiao.arrow.postgres import MOST_COUNTED, Relation, RelationName, Sample
from shuqiao.arrow.proposals import kind_of
from shuqiao.arrow.readers import IntakeLimits
from shuqiao.arrow.refusals import DecodeTooLarge
from shuqiao.arrow.snapshots import Snapshot, open_snapshot
from shuqiao.errors import Forbidden, NotFound
from shuqiao.home import folder
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject

#: Rows of a table shown before it is attached, and examples named per column.
ROWS_SHOWN: Final = 20
_SAMPLES: Final = 5
_CELL_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """A table or view as it was found, and what a person sees of it."""

    relation: Relation
    preview: Preview


@dataclass(frozen=True, slots=True)
class OwnedConnection:
    """A connection with the department it belongs to, as the guard asks about it."""

    connection: Connection
    owner_id: UUID | None

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts(
            "Connection", self.connection.alias, {"owner": str(self.owner_id or "")}
        )

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Connection", self.connection.alias)

    def audit_stream(self) -> str:
        return stream_of(self.connection.alias)


def stream_of(alias: str) -> str:
    """The stream of the trail that tells about a connection."""
    return f"connection:{alias}"


def owned(session: Session, alias: str) -> OwnedConnection:
    """A connection whoever it belongs to; the guard decides, in the same words as here.

    Raises ``NotFound``.
    """
    try:
        connection = kept.Connection.load(alias)
    except (ConnectionUnknown, ConnectionUnusable):
        raise NotFound from None
    owner = session.exec(select(Department.id).where(Department.code == connection.owner)).first()
    return OwnedConnection(connection, owner)


def own_connections(session: Session, subject: Subject) -> list[Connection]:
    """The connections of the subject's department."""
    return (
        kept.connections_of(_department_code(session, subject.department_id))
        if subject.department_id
        else []
    )


def try_out(connection: Connection) -> Outcome:
    """Whether it works, and if not, the one cause. Holds no database connection of ours."""
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
    """The tables and views that may be read. Raises ``ConnectorFailed``."""
    with postgres.Session(connection) as session:
        return session.tables()


def look_at(connection: Connection, schema: str, name: str) -> Looked:
    """A table with its first rows.

    Raises ``ConnectorFailed``; also for an account that may change data.
    """
    with postgres.Session(connection) as session:
        if session.may_write():
            raise ConnectorFailed(Cause.MAY_WRITE)
    relation, sample = postgres.sample(connection, schema, name, rows=ROWS_SHOWN)
    return Looked(relation, _preview(relation, sample))


def attach(
    session: Session,
    subject: Subject,
    resource: DataResource,
    connection: Connection,
    looked: Looked,
    *,
    is_live: bool,
) -> Attachment:
    """Record a table of ``resource`` (locked). Raises ``NotPossibleNow``."""
    if subject.user_id is None:
        raise Forbidden(_("Only a person of a department registers data resources"))
    service.move(resource, Act.ATTACH)
    live = LiveRelation(connection, looked.relation)
    written = f"{looked.relation.schema}.{looked.relation.name}"
    row = Attachment(
        id=uuid7(),
        resource_id=resource.id,
        uploader_id=subject.user_id,
        bytes=0,
        sha256=live.fingerprint,
        file_name=f"{connection.alias}: {written}"[:200],
        status=AttachmentStatus.PREVIEWED,
        source=DataSource.POSTGRESQL,
        connection=connection.alias,
        relation=written[:200],
        is_live=is_live,
        shape=shape(looked.relation),
        preview=looked.preview.to_json(),
    )
    session.add(row)
    session.flush()
    append(
        session,
        subject,
        Event.RESOURCE_ATTACHED,
        stream=resource.code,
        obj=ObjectRef("Attachment", str(row.id), row.version),
        change=(None, row.status.value),
        why={
            "connection": connection.alias,
            "relation": written,
            "is_live": is_live,
            "shape": row.sha256,
        },
    )
    return row


def relation_to_read(session: Session, attachment_id: UUID) -> LiveRelation:
    """An attached table with the connection it is read through, if that is still its department's.

    Raises ``ConnectorFailed`` (``removed``).
    """
    row = repository.attachment_by_id(session, attachment_id)
    assert row is not None and row.shape is not None and row.connection is not None, (
        "the table of an attachment"
    )
    resource = repository.by_id(session, row.resource_id)
    try:
        connection = kept.connection_of(
            row.connection, _department_code(session, resource.provider_id)
        )
    except (ConnectionUnknown, ConnectionUnusable):
        raise ConnectorFailed(Cause.REMOVED) from None
    return LiveRelation(connection, relation_of(row.shape))


def open_data(
    session: Session, *, snapshot_id: str | None, live_id: UUID | None
) -> Snapshot | LiveRelation:
    """Where the rows come from.

    Raises ``SnapshotDamaged``, ``ConnectorFailed``; asks no other database yet.
    """
    if live_id is not None:
        return relation_to_read(session, live_id)
    assert snapshot_id is not None, "a snapshot or a live table"
    return open_snapshot(folder("snapshots") / snapshot_id)


def data_schema(session: Session, *, snapshot_id: str | None, live_id: UUID | None) -> pa.Schema:
    """The columns as stored or as attached; needs no connection. Raises ``SnapshotDamaged``."""
    if live_id is None:
        return open_data(session, snapshot_id=snapshot_id, live_id=None).schema
    row = repository.attachment_by_id(session, live_id)
    assert row is not None and row.shape is not None, "the table of an attachment"
    return pa.schema(
        [pa.field(column.name, column.type) for column in relation_of(row.shape).columns]
    )


def within_limits(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows; ends with ``DecodeTooLarge`` beyond what an uploaded table may hold."""
    limits, rows, size = IntakeLimits.from_settings().table, 0, 0
    for batch in batches:
        rows += batch.num_rows
        size += batch.nbytes
        if rows > limits.rows or size > limits.decoded_bytes:
            raise DecodeTooLarge(
                "table_size", _("The table is larger than may be stored; ask for a smaller view.")
            )
        yield batch


def _department_code(session: Session, department_id: UUID) -> str:
    return session.get_one(Department, department_id).code


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
