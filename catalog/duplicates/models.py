"""Tables of suspected duplicates: what the nightly sweep found, what people said of it, and the
profiles of columns.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from audit.append import ObjectRef
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp
from shuqiao.ids import uuid7


class KeptProfile(Table, table=True):
    """What a column of a snapshot holds, without a value of it: shares by kind of code, and keyed
    digests. Gone with the rows it was made from.
    """

    __tablename__ = "column_profile"
    __unaudited__: ClassVar[bool] = True

    snapshot_id: str = Field(primary_key=True, max_length=80)
    column_name: str = Field(primary_key=True, max_length=200)
    rows: int
    #: ``{"credit_code": 0.98}`` and ``{"2": 1.0}``
    kinds: dict[str, float] = Field(sa_column=Column(JSONB, nullable=False))
    prefixes: dict[str, float] = Field(sa_column=Column(JSONB, nullable=False))
    #: Numbers of eight bytes each, in the order of the digests.
    digests: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    counts: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DuplicateSweep(Table, table=True):
    """One pass over all items and all elements: never changes."""

    __tablename__ = "duplicate_sweep"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    sweep_no: str = Field(max_length=20, unique=True)
    swept_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    items: int
    elements: int
    found: int

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("DuplicateSweep", self.sweep_no)


class SuspectedDuplicate(Table, table=True):
    """An item that is likely to be an element, as the last sweep found it. Its state is not kept
    but seen: from the item, and from what was said of this evidence.
    """

    __tablename__ = "suspected_duplicate"
    __unaudited__: ClassVar[bool] = True  # replaced as a whole by a sweep, and that has its event
    __table_args__ = (
        UniqueConstraint("item_id", "element_id"),
        Index("suspected_duplicate_provider_id_score_idx", "provider_id", "score"),
        CheckConstraint("score BETWEEN 0 AND 1000", name="score"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    item_id: UUID = Field(foreign_key="resource_item.id", ondelete="CASCADE")
    element_id: UUID = Field(foreign_key="data_element.id", index=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", ondelete="CASCADE", index=True)
    provider_id: UUID = Field(foreign_key="department.id")
    #: For the order, in thousandths.
    score: int
    #: ``checks.evidence.Evidence`` as kept, and what tells it from other evidence.
    evidence: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    fingerprint: str = Field(max_length=16)
    sweep_id: UUID = Field(foreign_key="duplicate_sweep.id")
    #: Since when there is this evidence.
    found_at: datetime = Field(sa_type=Timestamp)


class DuplicateRuling(Table, table=True):
    """That an item is not the element it was taken for, on this evidence: said once, with its
    reason, and never changed. Other evidence is asked about anew.
    """

    __tablename__ = "duplicate_ruling"
    __table_args__ = (UniqueConstraint("item_id", "element_id", "fingerprint"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", index=True)
    #: The item as publications know it; it may be gone by now.
    item_id: UUID
    element_id: UUID = Field(foreign_key="data_element.id")
    fingerprint: str = Field(max_length=16)
    reason: str = Field(max_length=500)
    ruled_by: UUID = Field(foreign_key="app_user.id")
    ruled_at: datetime = Field(default_factory=now, sa_type=Timestamp)
