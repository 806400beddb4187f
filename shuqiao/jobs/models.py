"""Why tries failed; the queue itself keeps only that they did. And what recurs: one row each."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from shuqiao.db import Table, Timestamp
from shuqiao.ids import uuid7


class JobError(Table, table=True):
    """One failed try of a job: bookkeeping of the queue, no business fact."""

    __tablename__ = "job_error"
    __unaudited__: ClassVar[bool] = True

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    job_id: int = Field(sa_type=BigInteger, index=True)
    attempt: int
    #: Class of the error, for grouping.
    error: str = Field(max_length=200)
    #: One line without values of rows, passwords or tokens.
    reason: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=Timestamp)


class SweepRun(Table, table=True):
    """When a sweep (``shuqiao.jobs.sweeps``) ran last and is due again; why it fails, if it does.

    All time is the database's.
    """

    __tablename__ = "sweep"
    __unaudited__: ClassVar[bool] = True

    task: str = Field(primary_key=True, max_length=80)
    began_at: datetime | None = Field(default=None, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    next_at: datetime = Field(sa_type=Timestamp)
    #: Failed runs in a row.
    tries: int
    failing_since: datetime | None = Field(default=None, sa_type=Timestamp)
    error: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=500)
