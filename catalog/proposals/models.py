"""The tables of proposals for the standards (数据元提案), and of what was said of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.proposals.errors import ProposalChanged, ProposalNotNow
from catalog.proposals.words import ProposalKind, ProposalStatus, Verdict
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, UuidArray, choice
from shuqiao.ids import uuid7


class ElementProposal(Table, table=True):
    """A proposal for the standards: of a new element, or of what becomes of one."""

    __tablename__ = "element_proposal"
    __table_args__ = (
        CheckConstraint("(content IS NOT NULL) = (kind IN ('adopt', 'change'))", name="content"),
        CheckConstraint("(successor_id IS NOT NULL) = (kind = 'replace')", name="successor"),
        CheckConstraint("successor_id <> element_id", name="another"),
        CheckConstraint("NOT carries_sources OR kind = 'replace'", name="carries"),
        CheckConstraint(
            "(decider_id IS NULL) = (decided_at IS NULL)"
            " AND (NOT is_self_reviewed OR decider_id IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("decider_id <> author_id", name="own"),
        CheckConstraint(
            "status NOT IN ('recorded', 'published') OR recorded_at IS NOT NULL", name="heard"
        ),
        CheckConstraint("status <> 'published' OR decider_id IS NOT NULL", name="published"),
        Index(
            "element_proposal_open_key",
            "element_id",
            unique=True,
            postgresql_where=text("status IN ('proposed', 'recorded', 'returned')"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    proposal_no: str = Field(max_length=20, unique=True)
    element_id: UUID = Field(foreign_key="data_element.id", index=True)
    #: What the element is called, by the proposal where it says so.
    title: str = Field(max_length=100)
    kind: ProposalKind = Field(sa_type=choice(ProposalKind, "kind"))
    #: The department that proposes, and who does.
    proposer_id: UUID = Field(foreign_key="department.id", index=True)
    author_id: UUID = Field(foreign_key="app_user.id")
    #: The published version it is a change of; 0 for a new element.
    base_version: int
    #: What the element is to say (``ElementContent`` as JSON).
    content: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    successor_id: UUID | None = Field(default=None, foreign_key="data_element.id")
    #: Of a replacement: whether the sources of the element go over to the successor.
    carries_sources: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    reason: str = Field(max_length=1_000)
    status: ProposalStatus = Field(
        default=ProposalStatus.PROPOSED, sa_type=choice(ProposalStatus, "status")
    )
    #: Hearings so far, and of the last one: since when, whom it asked, its last day (unknown while
    #: the calendar ends before it).
    round: int = 0
    recorded_at: datetime | None = Field(default=None, sa_type=Timestamp)
    asked_ids: list[UUID] = Field(default_factory=list, sa_type=UuidArray)
    heard_until: date | None = None
    #: Who decided last, whether about the own department (本部门自审), and what was said.
    decider_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    is_self_reviewed: bool = False
    remark: str = Field(default="", max_length=1_000)
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> ProposalStatus:
        return self.status

    def enter(self, state: ProposalStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.proposal_no, "title": self.title}

    def not_now(self, step: Step[ProposalStatus]) -> ProposalNotNow:
        return ProposalNotNow(step.label, self.status)

    def changed(self) -> ProposalChanged:
        return ProposalChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "proposed_by": str(self.proposer_id),
            "author": str(self.author_id),
            "has_left": self.recorded_at is not None,
        }
        return ResourceFacts("ElementProposal", self.proposal_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("ElementProposal", self.proposal_no, self.version)

    def audit_stream(self) -> str:
        return self.proposal_no


class ElementOpinion(Table, table=True):
    """What a department said in a hearing; it stays."""

    __tablename__ = "element_opinion"
    __table_args__ = (
        UniqueConstraint("proposal_id", "round", "department_id"),
        CheckConstraint("verdict = 'agrees' OR remark <> ''", name="remark"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    proposal_id: UUID = Field(foreign_key="element_proposal.id")
    round: int
    department_id: UUID = Field(foreign_key="department.id", index=True)
    author_id: UUID = Field(foreign_key="app_user.id")
    verdict: Verdict = Field(sa_type=choice(Verdict, "verdict"))
    remark: str = Field(default="", max_length=1_000)
    given_at: datetime = Field(default_factory=now, sa_type=Timestamp)
