"""Tables of the trail. ``canon`` is the record; every other column is an index to it."""

from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field

from shuqiao.db import Table, Timestamp


class AuditStream(Table, table=True):
    """Last number of each stream (one stream a case); its row lock
    orders the events of the case.
    """

    __tablename__ = "audit_stream"
    __unaudited__: ClassVar[bool] = True

    stream: str = Field(primary_key=True, max_length=120)
    last_seq: int = Field(sa_type=BigInteger)


class AuditEvent(Table, table=True):
    """One fact (审计事件), append-only: the application may insert and
    read, nobody may change or delete.
    """

    __tablename__ = "audit_event"
    __unaudited__: ClassVar[bool] = True
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        CheckConstraint("leaf_hash = sha256('\\x00'::bytea || canon)", name="leaf_hash"),
        CheckConstraint("result IN ('allow', 'deny', 'error')", name="result"),
        Index(None, "action", "id"),
        Index(None, "actor", "id"),
        Index(None, "object_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    at: datetime = Field(sa_type=Timestamp, index=True)
    stream: str = Field(max_length=120)
    seq: int = Field(sa_type=BigInteger)
    action: str = Field(max_length=80)
    result: str = Field(max_length=8)
    actor: str = Field(max_length=80)
    department_id: UUID | None = Field(default=None, index=True)
    object_type: str = Field(max_length=40)
    object_id: str = Field(max_length=120)
    request_id: str = Field(max_length=64)
    canon: bytes = Field(sa_type=LargeBinary)
    leaf_hash: bytes = Field(sa_type=LargeBinary)


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's number of a transaction, of eight bytes."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


ischema_names["xid8"] = TransactionId  # for whoever compares a database with the models

#: Not mapped: the database says in which transaction, begun when, an event was written, and holds
#: every change to it (``guard``); the application may not.
_TABLE = cast("sqlalchemy.Table", vars(AuditEvent)["__table__"])
_XACT: "Column[Any]" = Column(
    "xact", TransactionId, server_default=text("pg_current_xact_id()"), nullable=True
)
_TABLE.append_column(_XACT)
_TABLE.append_column(
    Column("written_at", Timestamp, server_default=text("transaction_timestamp()"), nullable=True)
)
Index(None, _XACT, "object_id")
