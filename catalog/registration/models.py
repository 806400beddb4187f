"""Table of what the values of an entry have in common with what was delivered to its department."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from shuqiao.clock import now
from shuqiao.db import Table, Timestamp


class ReceivedComparison(Table, table=True):
    """The last comparison of one draft or working copy: shares and names, never a value."""

    __tablename__ = "received_comparison"
    __unaudited__: ClassVar[bool] = True  # what a job found; the review that it asks has its event

    resource_id: UUID = Field(primary_key=True, foreign_key="data_resource.id", ondelete="CASCADE")
    #: Of what was compared with what: another one is compared anew.
    fingerprint: str = Field(max_length=64)
    #: Delivered columns that were compared, and those that could not be or were too many.
    compared: int
    left_out: int
    #: ``checks.overlap.Overlap`` as kept.
    found: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    compared_at: datetime = Field(default_factory=now, sa_type=Timestamp)
