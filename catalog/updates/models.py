"""Tables of what asks for updates (更新事由), and of the update that each entry owes for it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from audit.append import ObjectRef
from auth.guard import Place
from auth.steps import Step
from catalog.updates.errors import UpdateChanged, UpdateNotNow
from catalog.updates.lifecycle import OPENS
from catalog.updates.words import ChangeKind, UpdateStatus
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

CAUSES: Final = Place("UpdateCauses", "update-causes")


class UpdateCause(Table, table=True):
    """What happened, once for all the entries that it concerns: recorded by a person, or by the
    platform with the step that brought it about. It never changes.
    """

    __tablename__ = "update_cause"
    __table_args__ = (
        # what the updates repeat of it is held to this
        UniqueConstraint("id", "kind", "changed_on"),
        CheckConstraint("(about_type = '') = (about_no = '')", name="about"),
        CheckConstraint("recorder_id IS NOT NULL OR about_no <> ''", name="recorder"),
        CheckConstraint("(recorder_id IS NULL) = (department_id IS NULL)", name="department"),
        Index(
            "update_cause_about_key",
            *("kind", "about_type", "about_no", "changed_on"),
            unique=True,
            postgresql_where=text("about_no <> ''"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    cause_no: str = Field(max_length=20, unique=True)
    kind: ChangeKind = Field(sa_type=choice(ChangeKind, "kind"))
    changed_on: date
    #: Name, number and article of what changed.
    basis: str = Field(max_length=500)
    #: Of what the platform recorded: the object of the step, as its events name it.
    about_type: str = Field(default="", max_length=40)
    about_no: str = Field(default="", max_length=60)
    #: Nobody, where the platform acted by itself; the department is the recorder's.
    recorder_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    department_id: UUID | None = Field(default=None, foreign_key="department.id")
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    def policy_facts(self) -> ResourceFacts:
        facts = {"owner": str(self.department_id or "")}
        return ResourceFacts("UpdateCause", self.cause_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("UpdateCause", self.cause_no)

    def audit_stream(self) -> str:
        return self.cause_no


class CatalogueChange(Table, table=True):
    """The update that one entry owes for a cause, with a limit of its own. For new data: the entry
    that a department is to register; the code is empty until it is named.
    """

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
        CheckConstraint(
            "status IN ('due', 'met', 'dismissed') OR asked_at IS NOT NULL", name="asked"
        ),
        CheckConstraint("(status = 'dismissed') = (dismissed_for <> '')", name="dismissed"),
        CheckConstraint(
            "resource_code <> '' OR kind = 'new_data' AND status <> 'met'", name="entry"
        ),
        CheckConstraint("system_id IS NULL OR kind = 'new_data'", name="system"),
        ForeignKeyConstraint(
            ["cause_id", "kind", "changed_on"],
            ["update_cause.id", "update_cause.kind", "update_cause.changed_on"],
            name="catalogue_change_cause_id_fkey",
        ),
        Index(
            "catalogue_change_cause_key",
            *("cause_id", "resource_code"),
            unique=True,
            postgresql_where=text("resource_code <> '' AND kind <> 'new_data'"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    change_no: str = Field(max_length=20, unique=True)
    cause_id: UUID = Field(index=True)
    resource_code: str = Field(max_length=40, index=True)
    resource_title: str = Field(max_length=50)
    provider_id: UUID = Field(foreign_key="department.id", index=True)
    #: The system that holds new data, if that is known.
    system_id: UUID | None = Field(default=None, foreign_key="information_system.id", index=True)
    recorder_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    changed_on: date
    kind: ChangeKind = Field(sa_type=choice(ChangeKind, "kind"))
    #: Name, number and article of what changed.
    basis: str = Field(max_length=500)
    status: UpdateStatus = Field(default=UpdateStatus.DUE, sa_type=choice(UpdateStatus, "status"))
    #: Working days asked for last, and why.
    extension_days: int | None = None
    extension_reason: str = Field(default="", max_length=500)
    asked_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: Why no update is needed.
    dismissed_for: str = Field(default="", max_length=500)
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

    def told(self) -> Mapping[str, Any]:
        return {
            "no": self.change_no,
            "title": self.resource_title,
            "on": self.changed_on.isoformat(),
            "kind": self.kind.label,
            "task": OPENS[self.kind].task,
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
