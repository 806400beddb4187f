"""Tables of the ground: number series, idempotency keys, readings of the clock."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from shuqiao.db import Table, Timestamp


class NumberSeries(Table, table=True):
    """Up to which public number a series has given out all, per prefix and year."""

    __tablename__ = "number_series"
    __unaudited__: ClassVar[bool] = True

    prefix: str = Field(primary_key=True, max_length=8)
    year: int = Field(primary_key=True)
    last: int = Field(sa_type=BigInteger)


class NumberTaken(Table, table=True):
    """A number above the last one of its series; counted into it when there are many."""

    __tablename__ = "number_taken"
    __unaudited__: ClassVar[bool] = True

    prefix: str = Field(primary_key=True, max_length=8)
    year: int = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger, primary_key=True)


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
