"""Tables of conformity reports (贯标核验) and of the checks that are running."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from shuqiao.clock import now
from shuqiao.db import Table, Timestamp
from shuqiao.ids import uuid7


class ConformityReport(Table, table=True):
    """How far data keeps to the standards of its columns: of an edition, or of what a draft or a
    working copy would be published with. It never changes; identity numbers in it are masked.
    """

    __tablename__ = "conformity_report"
    __table_args__ = (
        Index(
            "conformity_report_draft_key",
            *("resource_id", "attachment_id", "standards"),
            unique=True,
            postgresql_where=text("edition_id IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    #: The entry, the draft or the working copy whose items bind the columns.
    resource_id: UUID = Field(foreign_key="data_resource.id", ondelete="CASCADE")
    attachment_id: UUID = Field(foreign_key="attachment.id", ondelete="CASCADE", index=True)
    #: None before there is an edition: the data of a draft or a working copy.
    edition_id: UUID | None = Field(default=None, foreign_key="edition.id", unique=True)
    #: SHA-256 of what it was held to: elements with their versions, editions of value domains.
    standards: str = Field(max_length=64)
    #: The day whose editions of value domains count.
    held_on: date
    rows: int = Field(sa_type=BigInteger)
    #: Of a connected table only so many rows are looked at: whether these are all.
    is_whole: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    #: Values that break any rule of their column, of all columns.
    failed: int = Field(sa_type=BigInteger)
    #: ``schemas.ColumnRead`` each.
    columns: list[dict[str, Any]] = Field(sa_type=JSONB)
    #: The first 1,000 by row: row, item, rule, value.
    failures: list[list[Any]] = Field(sa_column=Column(JSONB, nullable=False))
    made_at: datetime = Field(default_factory=now, sa_type=Timestamp)


class ConformityRun(Table, table=True):
    """A check that is running; gone when its report is there."""

    __tablename__ = "conformity_run"
    __unaudited__: ClassVar[bool] = True

    #: The edition, or the draft or working copy.
    about: UUID = Field(primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", ondelete="CASCADE", index=True)
    rows_known: int = Field(sa_type=BigInteger)
    rows_done: int = Field(default=0, sa_type=BigInteger)
    touched_at: datetime = Field(default_factory=now, sa_type=Timestamp)
