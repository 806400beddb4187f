"""Tables of successions, and of every object that got a successor."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from auth.succession.errors import SuccessionChanged, SuccessionSettled
from auth.succession.words import SuccessionStatus
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7


class Succession(Table, table=True):
    """The succession (承继) after one act; settled when nothing is left without a successor."""

    __tablename__ = "succession"
    __table_args__ = (
        CheckConstraint("(status = 'settled') = (settled_at IS NOT NULL)", name="settled"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    act_no: str = Field(max_length=40, unique=True)
    reorganisation_id: UUID = Field(foreign_key="reorganisation.id", unique=True)
    status: SuccessionStatus = Field(
        default=SuccessionStatus.OPEN, sa_type=choice(SuccessionStatus, "status")
    )
    opened_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    settled_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1

    @property
    def state(self) -> SuccessionStatus:
        return self.status

    def enter(self, state: SuccessionStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.act_no}

    def not_now(self, step: Step[SuccessionStatus]) -> SuccessionSettled:
        return SuccessionSettled()

    def changed(self) -> SuccessionChanged:
        return SuccessionChanged()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Departments", self.act_no, {})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Succession", self.act_no, self.version)

    def audit_stream(self) -> str:
        return self.act_no


class SucceededObject(Table, table=True):
    """One object and its successor, by which document; it stays as it is, and none moves twice."""

    __tablename__ = "succeeded_object"
    __table_args__ = (
        # what two ended departments held together goes over once for each
        UniqueConstraint("succession_id", "kind", "number", "from_id"),
        CheckConstraint("from_id <> to_id", name="two_departments"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    succession_id: UUID = Field(foreign_key="succession.id")
    kind: str = Field(max_length=40)
    #: Public number or code, and what it was called then.
    number: str = Field(max_length=60)
    title: str = Field(max_length=200)
    from_id: UUID = Field(foreign_key="department.id")
    to_id: UUID = Field(foreign_key="department.id", index=True)
    document_no: str = Field(max_length=100)
    article: str = Field(max_length=100)
    #: Of what is used: whether duty and matter passed; if not, it is suspended for disposal.
    is_passed_on: bool
    named_by: UUID = Field(foreign_key="app_user.id")
    named_at: datetime = Field(default_factory=now, sa_type=Timestamp)
