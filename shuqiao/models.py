"""Tables of the ground: number series, idempotency keys, readings of the clock, the installation
and its keys.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from shuqiao.db import Table, Timestamp


class NumberSeries(Table, table=True):
    """Last public number given out per prefix and year; the row lock, held to the commit, keeps the
    series of a register free of gaps (``shuqiao.numbers``).
    """

    __tablename__ = "number_series"
    __unaudited__: ClassVar[bool] = True

    prefix: str = Field(primary_key=True, max_length=8)
    year: int = Field(primary_key=True)
    last: int = Field(sa_type=BigInteger)


class IdempotencyKey(Table, table=True):
    """One effect per key: the row is inserted first, in the transaction of the effect, and keeps
    the answer: what it says, and its very bytes and headers unless there is a secret in them.
    """

    __tablename__ = "idempotency_key"
    __unaudited__: ClassVar[bool] = True

    owner: str = Field(primary_key=True, max_length=80)
    key: str = Field(primary_key=True, max_length=255)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    status: int | None = None
    answer: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    created_at: datetime = Field(sa_type=Timestamp, index=True)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    headers: dict[str, str] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))


class ClockReading(Table, table=True):
    """A moment that the database's clock has shown; see ``shuqiao.observed``."""

    __tablename__ = "clock_reading"
    __unaudited__: ClassVar[bool] = True

    read_at: datetime = Field(sa_type=Timestamp, primary_key=True)


class Installation(Table, table=True):
    """The one installation of this database. Its home has ``id`` in a file; ``oldest_program``: the
    oldest revision whose programs still run on the database as it is.
    """

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("is_only", name="only"),)
    __unaudited__: ClassVar[bool] = True

    id: UUID = Field(primary_key=True)
    is_only: bool = Field(unique=True)
    oldest_program: str = Field(max_length=20)


class InstallationKey(Table, table=True):
    """What may be known of a key: enough to know it again (``shuqiao.keys.fingerprint``)."""

    __tablename__ = "installation_key"
    __table_args__ = (
        CheckConstraint("octet_length(fingerprint) = 16", name="fingerprint_size"),
        CheckConstraint("generation > 0", name="generation_counted"),
    )

    name: str = Field(primary_key=True, max_length=100)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    generation: int
    registered_at: datetime = Field(sa_type=Timestamp)
