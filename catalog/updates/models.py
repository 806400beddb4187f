"""The table of changes of law or duties, and of the updates that they ask for."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.updates.errors import UpdateChanged, UpdateNotNow
from catalog.updates.words import ChangeKind, UpdateStatus
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7


class CatalogueChange(Table, table=True):
    """One change of law or duties that concerns one published entry."""

    __tablename__ = "catalogue_change"
    __table_args__ = (
        CheckConstraint(
            "(extension_days IS NULL) = (asked_at IS NULL) AND extension_days > 0", name="extension"
        ),
        CheckConstraint(
            "(decider_id IS NULL) = (decided_at IS NULL)"
            " AND (NOT is_self_reviewed OR decider_id IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("status = 'due' OR status = 'met' OR asked_at IS NOT NULL", name="asked"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    change_no: str = Field(max_length=20, unique=True)
    resource_code: str = Field(max_length=40, index=True)
    resource_title: str = Field(max_length=50)
    provider_id: UUID = Field(foreign_key="department.id", index=True)
    recorder_id: UUID = Field(foreign_key="app_user.id")
    changed_on: date
    kind: ChangeKind = Field(sa_type=choice(ChangeKind, "kind"))
    #: Name, number and article of what changed.
    basis: str = Field(max_length=500)
    status: UpdateStatus = Field(default=UpdateStatus.DUE, sa_type=choice(UpdateStatus, "status"))
    #: Working days asked for last, and why.
    extension_days: int | None = None
    extension_reason: str = Field(default="", max_length=500)
    asked_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: Who decided on it last, and whether about the own department (本部门自审).
    decider_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    is_self_reviewed: bool = False
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> UpdateStatus:
        return self.status

    def enter(self, state: UpdateStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {
            "no": self.change_no,
            "title": self.resource_title,
            "on": self.changed_on.isoformat(),
        }

    def not_now(self, step: Step[UpdateStatus]) -> UpdateNotNow:
        return UpdateNotNow(step.label, self.status)

    def changed(self) -> UpdateChanged:
        return UpdateChanged()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("CatalogueChange", self.change_no, {"owner": str(self.provider_id)})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("CatalogueChange", self.change_no, self.version)

    def audit_stream(self) -> str:
        return self.change_no
