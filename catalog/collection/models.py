"""Tables of checks before collecting, of their fields, and of reports of repeated forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.guard import Place
from auth.steps import Step
from catalog.collection.errors import CheckChanged, CheckNotNow, RepeatChanged, RepeatNotNow
from catalog.collection.words import (
    Answer,
    CheckStatus,
    FormKind,
    RepeatOutcome,
    RepeatStatus,
)
from catalog.resources.words import ShareType
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, choice
from shuqiao.ids import uuid7

#: Where checks are made, and repeated forms reported.
CHECKS: Final = Place("CollectionChecks", "collection")
REPEATS: Final = Place("RepeatedForms", "collection")


class CollectionCheck(Table, table=True):
    """A check before collecting (采集前核查), cited by its number; concluded, it stays as it is."""

    __tablename__ = "collection_check"
    __table_args__ = (
        CheckConstraint("(status = 'concluded') = (concluded_at IS NOT NULL)", name="concluded"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    check_no: str = Field(max_length=20, unique=True)
    owner_id: UUID = Field(foreign_key="department.id", index=True)
    maker_id: UUID = Field(foreign_key="app_user.id")
    #: Name of the form, the report or the system.
    title: str = Field(max_length=100)
    kind: FormKind = Field(sa_type=choice(FormKind, "form_kind"))
    #: How many entries were published when the fields were matched.
    entries: int
    status: CheckStatus = Field(sa_type=choice(CheckStatus, "status"))
    made_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    concluded_at: datetime | None = Field(default=None, sa_type=Timestamp)
    concluder_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    version: int = 1

    @property
    def state(self) -> CheckStatus:
        return self.status

    def enter(self, state: CheckStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.check_no, "title": self.title}

    def not_now(self, step: Step[CheckStatus]) -> CheckNotNow:
        return CheckNotNow(step.label, self.status)

    def changed(self) -> CheckChanged:
        return CheckChanged()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("CollectionCheck", self.check_no, {"owner": str(self.owner_id)})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("CollectionCheck", self.check_no, self.version)

    def audit_stream(self) -> str:
        return self.check_no


class CollectedField(Table, table=True):
    """One field of a check with its answer, in the words of the entry as it was found."""

    __tablename__ = "collected_field"
    __table_args__ = (
        UniqueConstraint("check_id", "position"),
        CheckConstraint(
            "(answer = 'collectable') = (item_name = '') AND (item_name = '') = (item_id IS NULL)",
            name="found",
        ),
        # nobody collects again what is there without saying why (Order 809, Arts. 19 and 40)
        CheckConstraint(
            "NOT is_collected OR answer = 'collectable' OR reason <> ''", name="collected_again"
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    check_id: UUID = Field(foreign_key="collection_check.id")
    position: int
    name: str = Field(max_length=100)
    answer: Answer = Field(sa_type=choice(Answer, "answer"))
    item_id: UUID | None = None
    item_name: str = Field(default="", max_length=100)
    resource_code: str = Field(default="", max_length=40)
    resource_title: str = Field(default="", max_length=50)
    provider: str = Field(default="", max_length=100)
    share_type: ShareType | None = Field(default=None, sa_type=choice(ShareType, "share_type"))
    #: Of what is not shared: on what that rests.
    basis: str = Field(default="", max_length=500)
    #: The data element of the same name.
    element: str = Field(default="", max_length=24)
    is_corrected: bool = False
    #: Whether it is collected after all, and why (为何再次采集).
    is_collected: bool
    reason: str = Field(default="", max_length=500)


class RepeatedForm(Table, table=True):
    """A form that a unit at the grass roots is asked for again and again (重复填报)."""

    __tablename__ = "repeated_form"
    __table_args__ = (
        CheckConstraint(
            "(status = 'answered') = (answered_at IS NOT NULL)"
            " AND (answered_at IS NULL) = (outcome IS NULL)"
            " AND (answered_at IS NULL) = (answer = '')",
            name="answered",
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    report_no: str = Field(max_length=20, unique=True)
    owner_id: UUID = Field(foreign_key="department.id", index=True)
    reporter_id: UUID = Field(foreign_key="app_user.id")
    #: Who asks for it, as the unit says it.
    asked_by: str = Field(max_length=100)
    form_name: str = Field(max_length=100)
    fields: list[str] = Field(sa_type=TextArray)
    remark: str = Field(default="", max_length=500)
    status: RepeatStatus = Field(sa_type=choice(RepeatStatus, "status"))
    outcome: RepeatOutcome | None = Field(default=None, sa_type=choice(RepeatOutcome, "outcome"))
    answer: str = Field(default="", max_length=500)
    answerer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    answered_at: datetime | None = Field(default=None, sa_type=Timestamp)
    reported_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    version: int = 1

    @property
    def state(self) -> RepeatStatus:
        return self.status

    def enter(self, state: RepeatStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.report_no, "title": self.form_name}

    def not_now(self, step: Step[RepeatStatus]) -> RepeatNotNow:
        return RepeatNotNow(step.label, self.status)

    def changed(self) -> RepeatChanged:
        return RepeatChanged()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("RepeatedForm", self.report_no, {"owner": str(self.owner_id)})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("RepeatedForm", self.report_no, self.version)

    def audit_stream(self) -> str:
        return self.report_no
