"""Tables of editions of data (数据更新批次) and of their renewal on schedule (定期更新)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship

from audit.append import ObjectRef
from auth.steps import Step
from catalog.editions.errors import EditionNotPossible
from catalog.editions.words import EditionStatus
from catalog.resources.models import DataResource
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.errors import PreconditionFailed
from shuqiao.i18n import _
from shuqiao.ids import uuid7


class Edition(Table, table=True):
    """One state of a published entry's data: a snapshot, or a live table since a certain moment.

    What it consists of never changes; at most one edition of an entry is current.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("resource_id", "number"),
        UniqueConstraint("attachment_id"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("status <> 'current' OR current_from IS NOT NULL", name="current_from"),
        CheckConstraint(
            "(status IN ('kept', 'removed')) = (ended_at IS NOT NULL)", name="ended_at"
        ),
        CheckConstraint(
            "(cleared_at IS NULL OR status = 'removed' AND snapshot_id IS NOT NULL)"
            " AND (erased_at IS NULL OR cleared_at IS NOT NULL)",
            name="cleared",
        ),
        CheckConstraint("damaged_at IS NULL OR snapshot_id IS NOT NULL", name="damaged"),
        Index(
            "edition_damaged_idx",
            "snapshot_id",
            postgresql_where=text("damaged_at IS NOT NULL"),
        ),
        Index(
            "edition_unerased_idx",
            "snapshot_id",
            postgresql_where=text("cleared_at IS NOT NULL AND erased_at IS NULL"),
        ),
        Index(
            "edition_current_key",
            "resource_id",
            unique=True,
            postgresql_where=text("status = 'current'"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    resource_id: UUID = Field(foreign_key="data_resource.id")
    #: 1, 2 … within the entry.
    number: int
    attachment_id: UUID = Field(foreign_key="attachment.id")
    #: None where the rows are read live.
    snapshot_id: str | None = Field(default=None, max_length=80, index=True)
    rows: int | None = Field(default=None, sa_type=BigInteger)
    status: EditionStatus = Field(sa_type=choice(EditionStatus, "status"))
    #: What the check found (``schemas.EditionReport``): counts, never values.
    report: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    #: Of live rows, as counted when it became current (``schemas.LiveProfile``).
    profile: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    made_by: UUID = Field(foreign_key="app_user.id")
    arrived_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    current_from: datetime | None = Field(default=None, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: When its rows were removed by the rules of retention (留存规定); the rest of it stays.
    cleared_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: When the last byte of them was gone: a sweeper's note, no change of the edition.
    erased_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: Since when its stored rows are known not to be what was written; None while they are.
    damaged_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1

    resource: DataResource = Relationship(sa_relationship_kwargs={"viewonly": True})

    @property
    def live_id(self) -> UUID | None:
        """The attached table, where the rows are read from it at every delivery."""
        return self.attachment_id if self.snapshot_id is None else None

    @property
    def provider_id(self) -> UUID:
        return self.resource.provider_id

    @property
    def state(self) -> EditionStatus:
        return self.status

    def enter(self, state: EditionStatus) -> None:
        self.status, self.version = state, self.version + 1
        if state is EditionStatus.CURRENT:
            self.current_from = self.current_from or now()
        elif state in (EditionStatus.KEPT, EditionStatus.REMOVED):
            self.ended_at = self.ended_at or now()

    def told(self) -> Mapping[str, str]:
        return {**self.resource.told(), "number": str(self.number)}

    def not_now(self, step: Step[EditionStatus]) -> EditionNotPossible:
        detail = _(
            "“%(act)s” is not possible while the edition is: %(status)s",
            act=step.label,
            status=self.status.label,
        )
        return EditionNotPossible(detail)

    def changed(self) -> PreconditionFailed:
        return PreconditionFailed()

    def policy_facts(self) -> ResourceFacts:
        return self.resource.policy_facts()

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Edition", f"{self.resource.code}#{self.number}", self.version)

    def audit_stream(self) -> str:
        return self.resource.audit_stream()


class DataRefresh(Table, table=True):
    """Whether a stored table of a department's database is copied anew by the entry's update cycle,
    and when next.
    """

    __tablename__ = "data_refresh"

    resource_id: UUID = Field(foreign_key="data_resource.id", primary_key=True)
    is_on: bool
    #: The copy ordered last; the next one is read the same way.
    attachment_id: UUID = Field(foreign_key="attachment.id")
    set_by: UUID = Field(foreign_key="app_user.id")
    due_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: When the last copy failed; None since one succeeded.
    failed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1
