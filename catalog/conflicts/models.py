"""Tables of source conflicts, and of what each side states."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.conflicts.errors import ConflictChanged, ConflictNotNow
from catalog.conflicts.words import ConflictStatus
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, UuidArray, choice
from shuqiao.ids import uuid7

_OPEN = "status IN ('opened', 'heard', 'referred', 'reviewing')"
_SETTLED = "status IN ('decided', 'reviewing', 'upheld', 'changed')"
_REVIEWED = "status IN ('reviewing', 'upheld', 'changed')"


class SourceConflict(Table, table=True):
    """Two departments that each claim to be the source of an element, for the same objects and
    area; the data administration decides, and once reviews its decision.
    """

    __tablename__ = "source_conflict"
    __table_args__ = (
        CheckConstraint(
            f"(opener_id <> rival_id OR NOT ({_OPEN})) AND claim_id <> own_claim_id",
            name="two_sides",
        ),
        CheckConstraint("lapse_reason = '' OR status = 'withdrawn'", name="lapsed"),
        CheckConstraint(
            f"(status = 'withdrawn' OR ({_SETTLED}) = (decider_id IS NOT NULL))"
            " AND (decider_id IS NULL) = (decided_at IS NULL)"
            " AND (decider_id IS NULL) = (named_claim_id IS NULL)"
            " AND (decider_id IS NULL OR reasons <> '' AND basis <> '')",
            name="decided",
        ),
        CheckConstraint(
            f"(status = 'withdrawn' OR ({_REVIEWED}) = (review_claim_id IS NOT NULL))"
            " AND (review_claim_id IS NULL) = (review_asked_at IS NULL)"
            " AND (review_claim_id IS NULL OR review_plea <> '')",
            name="review_asked",
        ),
        CheckConstraint(
            "(status IN ('upheld', 'changed')) = (reviewer_id IS NOT NULL)"
            " AND (reviewer_id IS NULL) = (reviewed_at IS NULL)"
            " AND (reviewer_id IS NULL OR review_reasons <> '')",
            name="reviewed",
        ),
        CheckConstraint(
            "decider_id <> ALL (actor_ids) AND reviewer_id <> ALL (actor_ids)", name="not_a_party"
        ),
        CheckConstraint("reviewer_id <> decider_id", name="another_person"),
        CheckConstraint(
            "(referred_at IS NULL) = (referrer_id IS NULL)"
            " AND (referred_at IS NULL) = (referred_document = '')"
            " AND (referred_at IS NULL) = (referred_to = '')"
            " AND (status <> 'referred' OR referred_at IS NOT NULL)",
            name="referred",
        ),
        CheckConstraint("judge_id IS NULL OR instance <> ''", name="instance"),
        CheckConstraint("(opinion = '') = (opinion_document = '')", name="opinion"),
        Index(
            "source_conflict_open_key",
            "claim_id",
            unique=True,
            postgresql_where=text("status IN ('opened', 'heard', 'referred')"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    conflict_no: str = Field(max_length=20, unique=True)
    element_id: UUID = Field(foreign_key="data_element.id", index=True)
    element_name: str = Field(max_length=100)
    #: The claim that is disputed – the source that stands, or an open claim –, and the opener's.
    claim_id: UUID = Field(foreign_key="source_claim.id", index=True)
    own_claim_id: UUID = Field(foreign_key="source_claim.id", unique=True)
    #: The two departments: who disputes, and whose claim is disputed.
    opener_id: UUID = Field(foreign_key="department.id", index=True)
    rival_id: UUID = Field(foreign_key="department.id", index=True)
    status: ConflictStatus = Field(
        default=ConflictStatus.OPENED, sa_type=choice(ConflictStatus, "status"), index=True
    )
    #: Who decides, by level and area (empty: not stated, any data administration); None: not on
    #: this platform, and then before whom it was brought, by which document.
    instance: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    judge_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    referred_to: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    referred_document: str = Field(
        default="", max_length=200, sa_column_kwargs={"server_default": ""}
    )
    referred_at: datetime | None = Field(default=None, sa_type=Timestamp)
    referrer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: Whoever opened, stated or asked for a side: none of them decides.
    actor_ids: list[UUID] = Field(default_factory=list, sa_type=UuidArray)
    #: What the establishment office (编办) says of the duties, and under which number.
    opinion: str = Field(default="", max_length=4_000)
    opinion_document: str = Field(default="", max_length=200)
    #: The decision: whose claim, why, on what basis, whether about the own department (本部门自审).
    named_claim_id: UUID | None = Field(default=None, foreign_key="source_claim.id")
    reasons: str = Field(default="", max_length=4_000)
    basis: str = Field(default="", max_length=500)
    decider_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    is_self_reviewed: bool = False
    #: The last day on which a review may be asked for; None while the calendar does not tell it.
    review_until: date | None = None
    #: The review: the claim made anew for it, the plea, and what became of it.
    review_claim_id: UUID | None = Field(default=None, foreign_key="source_claim.id")
    review_plea: str = Field(default="", max_length=4_000)
    review_asked_at: datetime | None = Field(default=None, sa_type=Timestamp)
    reviewer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    review_reasons: str = Field(default="", max_length=4_000)
    reviewed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: Why it fell away without a decision: the two sides became one, or the element ended.
    lapse_reason: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})
    version: int = 1
    opened_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> ConflictStatus:
        return self.status

    def enter(self, state: ConflictStatus) -> None:
        self.status, self.version = state, self.version + 1

    @property
    def is_elsewhere(self) -> bool:
        """Whether the administration that decides is not on this platform."""
        return bool(self.instance) and self.judge_id is None

    @property
    def is_referred(self) -> bool:
        """Whether it was brought before that administration, whose word is recorded here."""
        return self.status is ConflictStatus.REFERRED

    def told(self) -> Mapping[str, str]:
        return {"no": self.conflict_no, "name": self.element_name}

    def not_now(self, step: Step[ConflictStatus]) -> ConflictNotNow:
        return ConflictNotNow(step.label, self.status.label)

    def changed(self) -> ConflictChanged:
        return ConflictChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "opener": str(self.opener_id),
            "rival": str(self.rival_id),
            "actors": frozenset(map(str, self.actor_ids)),
            "decider": str(self.decider_id or ""),
            "judge": str(self.judge_id or ""),
            "is_elsewhere": self.is_elsewhere,
            "is_referred": self.is_referred,
        }
        return ResourceFacts("SourceConflict", self.conflict_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("SourceConflict", self.conflict_no, self.version)

    def audit_stream(self) -> str:
        return self.conflict_no


class SourceStatement(Table, table=True):
    """What one side states, with its evidence; it stays as it was said."""

    __tablename__ = "source_statement"
    __table_args__ = (CheckConstraint("statement <> ''", name="statement"),)

    conflict_id: UUID = Field(primary_key=True, foreign_key="source_conflict.id")
    department_id: UUID = Field(primary_key=True, foreign_key="department.id")
    statement: str = Field(max_length=4_000)
    document: str = Field(default="", max_length=200)
    article: str = Field(default="", max_length=100)
    duty_no: str = Field(default="", max_length=40)
    #: Codes of entries that show it.
    entries: list[str] = Field(default_factory=list, sa_type=TextArray)
    stated_by: UUID = Field(foreign_key="app_user.id")
    stated_at: datetime = Field(default_factory=now, sa_type=Timestamp)
