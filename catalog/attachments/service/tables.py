"""Attaching a table or view of a connected database; opening whatever data an entry has."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import pyarrow as pa
from sqlmodel import Session

from audit.append import ObjectRef
from auth.cases import Part, check, take
from auth.departments import repository as departments
from catalog.attachments import repository
from catalog.attachments.models import Attachment
from catalog.attachments.service import storing
from catalog.attachments.words import AttachmentStatus, DataSource
from catalog.connections.schemas import Looked
from catalog.resources import repository as resources
from catalog.resources.lifecycle import ATTACH
from catalog.resources.models import DataResource
from shuqiao.arrow.connectors import registered as kept
from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed
from shuqiao.arrow.connectors.live import LiveRelation, relation_of, shape
from shuqiao.arrow.connectors.registered import Connection, ConnectionUnknown, ConnectionUnusable
from shuqiao.arrow.intake.readers import IntakeLimits
from shuqiao.arrow.refusals import DecodeTooLarge
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.errors import Forbidden
from shuqiao.home import folder
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject


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
    check(resource, ATTACH)
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
    part = Part(ObjectRef("Attachment", str(row.id), row.version), (None, row.status.value))
    take(
        session,
        subject,
        resource,
        ATTACH,
        part=part,
        why={
            "connection": connection.alias,
            "relation": written,
            "is_live": is_live,
            "shape": row.sha256,
        },
    )
    if is_live:
        storing.ready(session, resource)
    return row


def relation_to_read(session: Session, attachment_id: UUID) -> LiveRelation:
    """An attached table with the connection it is read through, if that is still its department's.

    Raises ``ConnectorFailed`` (``removed``).
    """
    row = repository.attachment_by_id(session, attachment_id)
    assert row is not None and row.shape is not None and row.connection is not None, (
        "the table of an attachment"
    )
    resource = resources.by_id(session, row.resource_id)
    try:
        connection = kept.connection_of(
            row.connection, departments.by_id(session, resource.provider_id).code
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
