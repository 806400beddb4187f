"""Why tries failed; the queue itself keeps only that they did."""

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
