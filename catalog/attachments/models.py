"""Tables of attached data (挂接), and of the room that it takes on the disk."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from catalog.attachments.words import AttachmentStatus, DataSource
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7


class Attachment(Table, table=True):
    """A file attached to a resource, or a table of the department's database.

    A file lies under its id; the name it came with is for people only. A table is known by the
    connection's alias and the shape it had when it was attached; a live one is never stored, its
    rows are read at every delivery.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint(
            "(status = 'stored' AND NOT is_live) = (snapshot_id IS NOT NULL)", name="snapshot"
        ),
        CheckConstraint(
            "(source = 'postgresql') = (connection IS NOT NULL) AND (connection IS NULL) = "
            "(relation IS NULL)"
            " AND (connection IS NULL) = (shape IS NULL)",
            name="connection",
        ),
        CheckConstraint("source <> 'file' OR NOT is_live", name="live"),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refusal"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", index=True)
    uploader_id: UUID = Field(foreign_key="app_user.id")
    file_name: str = Field(max_length=200)
    bytes: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    status: AttachmentStatus = Field(sa_type=choice(AttachmentStatus, "status"))
    source: DataSource = Field(default=DataSource.FILE, sa_type=choice(DataSource, "source"))
    #: Alias of the connection, the table as people write it
    #: (``schema.table``), and whether it is read live.
    connection: str | None = Field(default=None, max_length=40)
    relation: str | None = Field(default=None, max_length=200)
    is_live: bool = False
    #: Columns, types and key as attached (``shuqiao.arrow.live.shape``);
    #: what is read later must still be that.
    shape: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    #: What was found in the file (``shuqiao.arrow.options.Preview``).
    preview: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    #: How it is read, as confirmed (``shuqiao.arrow.options.ReadOptions``).
    options: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    snapshot_id: str | None = Field(default=None, max_length=80, index=True)
    rows: int | None = Field(default=None, sa_type=BigInteger)
    #: Why the file was refused, as a message.
    refusal: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    stored_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1


class StoredSnapshot(Table, table=True):
    """How much of the disk a snapshot takes: all its files, or the manifest that is left of it.

    Whoever stores or removes its rows writes it down in the same transaction.
    """

    __tablename__ = "stored_snapshot"
    __unaudited__: ClassVar[bool] = True  # a size; what is stored and removed has its events

    snapshot_id: str = Field(max_length=80, primary_key=True)
    bytes: int = Field(sa_type=BigInteger)


class ReservedRoom(Table, table=True):
    """Bytes that an upload under way may still bring to a department.

    They count as kept until the file is, or its request ends. ``until`` is by the database's clock:
    what a killed process reserved is free again after it.
    """

    __tablename__ = "reserved_room"
    __unaudited__: ClassVar[bool] = True  # gone with the request that made it

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    bytes: int = Field(sa_type=BigInteger)
    until: datetime = Field(sa_type=Timestamp)
