"""Tables of the negative list (负面清单): entries, what they name, what they strike, contests."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.negative.errors import ContestChanged, ContestNotNow, EntryChanged, EntryNotNow
from catalog.negative.lifecycle.entries import EntryState
from catalog.negative.words import ContestStatus, EndKind, EntryStatus
from catalog.resources.words import ReviewStep, WithheldKind
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

_ACTED: Final = "status IN ('in_force', 'review_due', 'lapsed', 'superseded')"


class NegativeEntry(Table, table=True):
    """One entry: by which law, administrative regulation or decision of the State Council what is
    not shared, how far that reaches, and when it is looked at again.

    ``resource_id``: the catalogue entry that proposed it, and with which it comes into force; no
    reference, since a draft may be thrown away. None: proposed by itself.
    """

    __tablename__ = "negative_entry"
    __table_args__ = (
        CheckConstraint("basis_name <> '' AND reason <> ''", name="basis"),
        CheckConstraint(
            f"({_ACTED} OR end_kind IS NOT DISTINCT FROM 'reclassified')"
            " = (in_force_at IS NOT NULL)"
            " AND (in_force_at IS NULL) = (approver_id IS NULL)",
            name="in_force",
        ),
        CheckConstraint(
            "(status IN ('lapsed', 'superseded', 'withdrawn')) = (ended_at IS NOT NULL)"
            " AND (ended_at IS NULL) = (end_kind IS NULL)",
            name="ended",
        ),
        CheckConstraint(
            "NOT reaches_all OR (reach_clause <> '' AND reach_confirmed_by IS NOT NULL)",
            name="reach",
        ),
        CheckConstraint("review_step IS NULL OR status = 'proposed'", name="review_step"),
        CheckConstraint(
            "review_step IS DISTINCT FROM 'administration' OR consented_at IS NOT NULL",
            name="consented",
        ),
        CheckConstraint("supersedes_id <> id", name="supersedes"),
        CheckConstraint(
            "proposer_id <> approver_id AND consenter_id <> approver_id", name="two_people"
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    entry_no: str = Field(max_length=20, unique=True)
    #: Whose list it stands in; who proposed it.
    department_id: UUID = Field(foreign_key="department.id", index=True)
    proposer_id: UUID = Field(foreign_key="app_user.id")
    resource_id: UUID | None = Field(default=None, index=True)
    status: EntryStatus = Field(
        default=EntryStatus.PROPOSED, sa_type=choice(EntryStatus, "status"), index=True
    )
    review_step: ReviewStep | None = Field(
        default=None, sa_type=choice(ReviewStep, "review_step_word")
    )
    basis_kind: WithheldKind = Field(sa_type=choice(WithheldKind, "basis_kind"))
    basis_name: str = Field(max_length=500)
    basis_number: str = Field(default="", max_length=100)
    basis_article: str = Field(default="", max_length=100)
    #: The article as it reads.
    basis_text: str = Field(default="", max_length=4_000)
    reason: str = Field(max_length=2_000)
    #: The business in which the data is collected; empty: all of the department's.
    business: str = Field(default="", max_length=100)
    #: All departments: only where the clause says so, quoted, and the administration confirmed it.
    reach_clause: str = Field(default="", max_length=4_000)
    reaches_all: bool = False
    reach_confirmed_by: UUID | None = Field(default=None, foreign_key="app_user.id")
    consented_at: datetime | None = Field(default=None, sa_type=Timestamp)
    consenter_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: Who published it, and whether for the own department (本部门自审).
    approver_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    is_self_reviewed: bool = False
    in_force_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: When it is looked at again; when the basis itself ends, if it says so.
    review_on: date
    basis_ends_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    end_kind: EndKind | None = Field(default=None, sa_type=choice(EndKind, "end_kind"))
    end_reason: str = Field(default="", max_length=2_000)
    supersedes_id: UUID | None = Field(default=None, foreign_key="negative_entry.id")
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> EntryState:
        return EntryState(self.status, self.review_step)

    def enter(self, state: EntryState) -> None:
        self.status, self.review_step = state.status, state.step
        self.version += 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.entry_no, "basis": self.basis_name}

    def not_now(self, step: Step[EntryState]) -> EntryNotNow:
        return EntryNotNow(step.label, self.state.label)

    def changed(self) -> EntryChanged:
        return EntryChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "department": str(self.department_id),
            "has_left": self.in_force_at is not None,
            "proposer": str(self.proposer_id),
            "consenter": str(self.consenter_id or ""),
        }
        return ResourceFacts("NegativeEntry", self.entry_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("NegativeEntry", self.entry_no, self.version)

    def audit_stream(self) -> str:
        return self.entry_no


class NegativeTarget(Table, table=True):
    """What an entry names: an information item, a whole resource or a data element, with the
    skeleton of its name. Items and resources are named without reference: those of a draft come
    and go.
    """

    __tablename__ = "negative_target"
    __table_args__ = (
        CheckConstraint("num_nonnulls(item_id, resource_id, element_id) = 1", name="one"),
        CheckConstraint("name <> '' AND skeleton <> ''", name="named"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    entry_id: UUID = Field(foreign_key="negative_entry.id", index=True)
    item_id: UUID | None = Field(default=None, index=True)
    resource_id: UUID | None = Field(default=None, index=True)
    element_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    name: str = Field(max_length=100)
    skeleton: str = Field(max_length=400, index=True)


class NegativeCover(Table, table=True):
    """Which published item is struck by which entry, from when until when: struck now is what has a
    row without ``until``.
    """

    __tablename__ = "negative_cover"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="span"),
        Index(
            "negative_cover_open_key",
            "item_id",
            "entry_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    entry_id: UUID = Field(foreign_key="negative_entry.id", index=True)
    item_id: UUID = Field(foreign_key="resource_item.id", index=True)
    since: datetime = Field(default_factory=now, sa_type=Timestamp)
    until: datetime | None = Field(default=None, sa_type=Timestamp)


class NegativeContest(Table, table=True):
    """A department that contests the basis of an entry (申请复核): the owner answers, the data
    administration decides.
    """

    __tablename__ = "negative_contest"
    __table_args__ = (
        CheckConstraint(
            "reasons <> ''"
            " AND (opener_id <> department_id OR status NOT IN ('raised', 'answered'))",
            name="raised",
        ),
        CheckConstraint("(answerer_id IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint(
            "(status IN ('upheld', 'to_change', 'changed')) = (decider_id IS NOT NULL)"
            " AND (decider_id IS NULL) = (decided_at IS NULL)"
            " AND (decider_id IS NULL OR decision <> '')",
            name="decided",
        ),
        CheckConstraint(
            "decider_id <> raised_by AND decider_id <> answerer_id", name="not_a_party"
        ),
        Index(
            "negative_contest_open_key",
            "entry_id",
            "opener_id",
            unique=True,
            postgresql_where=text("status IN ('raised', 'answered', 'to_change')"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    contest_no: str = Field(max_length=20, unique=True)
    entry_id: UUID = Field(foreign_key="negative_entry.id", index=True)
    entry_no: str = Field(max_length=20)
    #: Who contests, and whose entry it is.
    opener_id: UUID = Field(foreign_key="department.id", index=True)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    status: ContestStatus = Field(
        default=ContestStatus.RAISED, sa_type=choice(ContestStatus, "status"), index=True
    )
    reasons: str = Field(max_length=4_000)
    raised_by: UUID = Field(foreign_key="app_user.id")
    raised_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    answer: str = Field(default="", max_length=4_000)
    answerer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    answered_at: datetime | None = Field(default=None, sa_type=Timestamp)
    decision: str = Field(default="", max_length=4_000)
    decider_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    is_self_reviewed: bool = False
    version: int = 1

    @property
    def state(self) -> ContestStatus:
        return self.status

    def enter(self, state: ContestStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.contest_no, "entry": self.entry_no}

    def not_now(self, step: Step[ContestStatus]) -> ContestNotNow:
        return ContestNotNow(step.label, self.status.label)

    def changed(self) -> ContestChanged:
        return ContestChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "department": str(self.department_id),
            "opener": str(self.opener_id),
            "actors": frozenset(str(each) for each in (self.raised_by, self.answerer_id) if each),
        }
        return ResourceFacts("NegativeContest", self.contest_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("NegativeContest", self.contest_no, self.version)

    def audit_stream(self) -> str:
        return self.contest_no
