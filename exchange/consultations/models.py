"""Tables of consultations about struck items, of what both sides state, and of filings."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from exchange.consultations.errors import ConsultationChanged, ConsultationNotNow
from exchange.consultations.words import ConsultationStatus, FilingStatus, Outcome, Side
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7


class GrantConsultation(Table, table=True):
    """What the two sides of a grant say about items that a negative entry strikes (协商记录)."""

    __tablename__ = "grant_consultation"
    __table_args__ = (
        CheckConstraint(
            "(status = 'concluded') = (outcome IS NOT NULL)"
            " AND (outcome IS NULL) = (concluded_by IS NULL)"
            " AND (outcome IS NULL) = (concluded_at IS NULL)"
            " AND (outcome IS NULL) = (conclusion = '')",
            name="concluded",
        ),
        Index(
            "grant_consultation_open_key",
            "grant_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    consultation_no: str = Field(max_length=20, unique=True)
    grant_id: UUID = Field(foreign_key="share_grant.id", index=True)
    grant_no: str = Field(max_length=20)
    resource_title: str = Field(max_length=50)
    consumer_id: UUID = Field(foreign_key="department.id", index=True)
    provider_id: UUID = Field(foreign_key="department.id", index=True)
    status: ConsultationStatus = Field(
        default=ConsultationStatus.OPEN, sa_type=choice(ConsultationStatus, "status")
    )
    outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome, "outcome"))
    conclusion: str = Field(default="", max_length=4_000)
    concluded_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    concluded_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1
    opened_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> ConsultationStatus:
        return self.status

    def enter(self, state: ConsultationStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.consultation_no, "grant": self.grant_no, "title": self.resource_title}

    def not_now(self, step: Step[ConsultationStatus]) -> ConsultationNotNow:
        return ConsultationNotNow(step.label, self.status.label)

    def changed(self) -> ConsultationChanged:
        return ConsultationChanged()

    def policy_facts(self) -> ResourceFacts:
        facts = {"consumer": str(self.consumer_id), "provider": str(self.provider_id)}
        return ResourceFacts("Consultation", self.consultation_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Consultation", self.consultation_no, self.version)

    def audit_stream(self) -> str:
        return self.consultation_no


class ConsultationItem(Table, table=True):
    """A granted item that is consulted about: since when it does not leave, struck by which entry,
    and the basis in words as it was then.
    """

    __tablename__ = "consultation_item"

    consultation_id: UUID = Field(primary_key=True, foreign_key="grant_consultation.id")
    item_id: UUID = Field(primary_key=True, foreign_key="resource_item.id")
    name: str = Field(max_length=200)
    entry_id: UUID = Field(foreign_key="negative_entry.id", index=True)
    entry_no: str = Field(max_length=20)
    basis: str = Field(max_length=1_000)
    since: datetime = Field(sa_type=Timestamp)


class ConsultationStatement(Table, table=True):
    """What one side states; it stays as it was said."""

    __tablename__ = "consultation_statement"
    __table_args__ = (CheckConstraint("statement <> ''", name="statement"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    consultation_id: UUID = Field(foreign_key="grant_consultation.id", index=True)
    side: Side = Field(sa_type=choice(Side, "side"))
    department_id: UUID = Field(foreign_key="department.id")
    statement: str = Field(max_length=4_000)
    stated_by: UUID = Field(foreign_key="app_user.id")
    stated_at: datetime = Field(default_factory=now, sa_type=Timestamp)


class GrantFiling(Table, table=True):
    """What the provider files with the data administration about it (备案)."""

    __tablename__ = "grant_filing"
    __table_args__ = (
        CheckConstraint(
            "(status = 'filed') = (filed_by IS NOT NULL)"
            " AND (filed_by IS NULL) = (filed_at IS NULL)"
            " AND (filed_by IS NULL) = (statement = '')",
            name="filed",
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    filing_no: str = Field(max_length=20, unique=True)
    consultation_id: UUID = Field(foreign_key="grant_consultation.id", unique=True)
    consultation_no: str = Field(max_length=20)
    grant_no: str = Field(max_length=20)
    consumer_id: UUID = Field(foreign_key="department.id")
    provider_id: UUID = Field(foreign_key="department.id")
    status: FilingStatus = Field(default=FilingStatus.DUE, sa_type=choice(FilingStatus, "status"))
    statement: str = Field(default="", max_length=4_000)
    filed_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    filed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1
    opened_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> FilingStatus:
        return self.status

    def enter(self, state: FilingStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {
            "no": self.filing_no,
            "consultation": self.consultation_no,
            "grant": self.grant_no,
        }

    def not_now(self, step: Step[FilingStatus]) -> ConsultationNotNow:
        return ConsultationNotNow(step.label, self.status.label)

    def changed(self) -> ConsultationChanged:
        return ConsultationChanged()

    def policy_facts(self) -> ResourceFacts:
        facts = {"consumer": str(self.consumer_id), "provider": str(self.provider_id)}
        return ResourceFacts("Consultation", self.filing_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Filing", self.filing_no, self.version)

    def audit_stream(self) -> str:
        return self.filing_no
