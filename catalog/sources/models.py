"""Tables of object scopes, source claims, exceptions and countersignings."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    FetchedValue,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, ExcludeConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.sources.errors import ClaimChanged, ClaimNotNow
from catalog.sources.words import ClaimStatus, CountersignStatus, Ground
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

#: Name of the constraint by which a moment has one source at most.
ONE_SOURCE: Final = "source_claim_one_source_excl"


def _kept(kind: Any, *, on_update: bool = False, nullable: bool = False) -> Any:
    """A column that a trigger writes, whatever is sent."""
    later = FetchedValue(for_update=True) if on_update else None
    return Field(
        default=None,
        sa_column=Column(kind, FetchedValue(), server_onupdate=later, nullable=nullable),
    )


class ObjectScope(Table, table=True):
    """An object scope (对象范围): a named part of what an element speaks of; those of one element
    have no object in common.
    """

    __tablename__ = "object_scope"
    __table_args__ = (
        # the name of one that has ended is free again
        Index(
            "object_scope_name_key",
            "element_id",
            "name",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        CheckConstraint("name <> '' AND belongs <> ''", name="told"),
        CheckConstraint("(ended_on IS NULL) = (end_reason = '')", name="ended"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    #: For the constraint that compares ranges.
    number: int | None = Field(
        default=None, sa_column=Column(Integer, Identity(always=True), unique=True)
    )
    element_id: UUID = Field(foreign_key="data_element.id", index=True)
    name: str = Field(max_length=100)
    #: How an object is told to belong to it.
    belongs: str = Field(max_length=500)
    registered_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    #: The first day on which nobody claims for it any more, and why.
    ended_on: date | None = None
    end_reason: str = Field(default="", max_length=1_000, sa_column_kwargs={"server_default": ""})


class SourceClaim(Table, table=True):
    """A claim to be the source (数源) of an element, for a scope (None: all objects) and an area,
    which contains the areas below it.
    """

    __tablename__ = "source_claim"
    __table_args__ = (
        ExcludeConstraint(
            (literal_column("int4range(element_number, element_number, '[]'::text)"), "&&"),
            (literal_column("int4range(scope_number, scope_number, '[]'::text)"), "&&"),
            (literal_column("area_span"), "&&"),
            (literal_column("daterange(confirmed_on, ended_on)"), "&&"),
            where=text("confirmed_on IS NOT NULL"),
            using="gist",
            name=ONE_SOURCE,
        ),
        CheckConstraint("area_code ~ '^[1-9][0-9]{5}$'", name="area"),
        CheckConstraint("duty_id IS NOT NULL OR document <> ''", name="basis"),
        CheckConstraint("NOT is_upper OR document <> ''", name="upper"),
        CheckConstraint(
            "(status IN ('confirmed', 're_assigned', 'ended')) = (confirmed_on IS NOT NULL)"
            " AND (confirmed_on IS NULL) = (ground IS NULL)",
            name="confirmed",
        ),
        CheckConstraint(
            "(status IN ('re_assigned', 'ended')) = (ended_on IS NOT NULL)"
            " AND ended_on >= confirmed_on",
            name="ended",
        ),
        CheckConstraint("proposer_id <> decider_id", name="two_persons"),
        CheckConstraint(
            "(proposer_id IS NOT NULL OR ground IN ('adopted', 'carried'))"
            " AND (decider_id IS NULL) = (decided_at IS NULL)"
            " AND (status NOT IN ('confirmed', 'refused') OR decider_id IS NOT NULL"
            " OR ground IN ('adopted', 'carried')) AND (NOT is_self_reviewed"
            " OR decider_id IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("judge_id IS NULL OR instance <> ''", name="instance"),
        Index("source_claim_open_idx", "element_id", postgresql_where=text("ended_on IS NULL")),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    claim_no: str = Field(max_length=20, unique=True)
    element_id: UUID = Field(foreign_key="data_element.id", index=True)
    #: What tasks and messages call it: a name is adopted once and for ever.
    element_name: str = Field(max_length=100)
    scope_id: UUID | None = Field(default=None, foreign_key="object_scope.id", index=True)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    area_code: str = Field(max_length=6)
    #: Kept by a trigger from the element, the scope, the area and its exceptions.
    element_number: int | None = _kept(Integer)
    scope_number: int | None = _kept(Integer, nullable=True)
    area_span: Any = _kept(INT4MULTIRANGE(), on_update=True)
    #: The duty that it rests on, or the document and its article.
    duty_id: UUID | None = Field(default=None, foreign_key="duty.id", index=True)
    document: str = Field(default="", max_length=200)
    article: str = Field(default="", max_length=100)
    #: The system or business that collects it.
    collected_by: str = Field(default="", max_length=200)
    #: A department of another level, or one that is led from above (上级数源).
    is_upper: bool = False
    #: Opened by the data administration of its own motion (Art. 19).
    is_by_administration: bool = False
    #: Who decides, by level and area (empty: not stated, any data administration), and the
    #: administration of it on this platform; None: not here, its decision is recorded.
    instance: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    judge_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    #: One side of a conflict, which its decision settles.
    is_rival: bool = False
    #: The standing claim in whose place it is to come.
    replaces_id: UUID | None = Field(default=None, foreign_key="source_claim.id", index=True)
    status: ClaimStatus = Field(
        default=ClaimStatus.PROPOSED, sa_type=choice(ClaimStatus, "status"), index=True
    )
    ground: Ground | None = Field(default=None, sa_type=choice(Ground, "ground"))
    proposer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: Who confirmed or refused it, whether about the own department (本部门自审), and why.
    decider_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    is_self_reviewed: bool = False
    reason: str = Field(default="", max_length=1_000)
    confirmed_on: date | None = None
    #: The first day on which it is the source no longer, and why.
    ended_on: date | None = None
    end_reason: str = Field(default="", max_length=1_000)
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> ClaimStatus:
        return self.status

    def enter(self, state: ClaimStatus) -> None:
        self.status, self.version = state, self.version + 1

    @property
    def is_elsewhere(self) -> bool:
        """Whether the administration that decides is not on this platform."""
        return bool(self.instance) and self.judge_id is None

    def told(self) -> Mapping[str, str]:
        return {"no": self.claim_no, "name": self.element_name}

    def not_now(self, step: Step[ClaimStatus]) -> ClaimNotNow:
        return ClaimNotNow(step.label, self.status.label)

    def changed(self) -> ClaimChanged:
        return ClaimChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "department": str(self.department_id),
            "proposer": str(self.proposer_id or ""),
            "by_administration": self.is_by_administration,
            "judge": str(self.judge_id or ""),
        }
        return ResourceFacts("SourceClaim", self.claim_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("SourceClaim", self.claim_no, self.version)

    def audit_stream(self) -> str:
        return self.claim_no


class SourceException(Table, table=True):
    """An exception (例外): an area below the one of a claim that has a source of its own."""

    __tablename__ = "source_exception"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    claim_id: UUID = Field(primary_key=True, foreign_key="source_claim.id")
    area_code: str = Field(primary_key=True, max_length=6)
    reason: str = Field(max_length=500)
    recorded_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    recorded_at: datetime = Field(default_factory=now, sa_type=Timestamp)


class SourceCountersign(Table, table=True):
    """What one collecting department says of a claim (数源确认会签)."""

    __tablename__ = "source_countersign"
    __table_args__ = (
        UniqueConstraint("claim_id", "department_id"),
        CheckConstraint(
            "(status IN ('agreed', 'objected')) = (signer_id IS NOT NULL)"
            " AND (signer_id IS NULL) = (signed_at IS NULL)",
            name="signed",
        ),
        CheckConstraint("status <> 'objected' OR reason <> ''", name="objected"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    countersign_no: str = Field(max_length=24, unique=True)
    claim_id: UUID = Field(foreign_key="source_claim.id", index=True)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    element_name: str = Field(max_length=100)
    status: CountersignStatus = Field(
        default=CountersignStatus.ASKED, sa_type=choice(CountersignStatus, "status")
    )
    reason: str = Field(default="", max_length=1_000)
    signer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    signed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1
    asked_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def claim_no(self) -> str:
        return self.countersign_no.partition("#")[0]

    @property
    def number(self) -> int:
        """Which of the claim's countersignings it is."""
        return int(self.countersign_no.partition("#")[2])

    @property
    def state(self) -> CountersignStatus:
        return self.status

    def enter(self, state: CountersignStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.claim_no, "name": self.element_name}

    def not_now(self, step: Step[CountersignStatus]) -> ClaimNotNow:
        return ClaimNotNow(step.label, self.status.label)

    def changed(self) -> ClaimChanged:
        return ClaimChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {"department": str(self.department_id)}
        return ResourceFacts("SourceCountersign", self.countersign_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("SourceCountersign", self.countersign_no, self.version)

    def audit_stream(self) -> str:
        return self.claim_no
