"""Tables of demands: what is wanted, whose voices it carries, what was answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.guard import Place
from auth.steps import Step
from catalog.demand.errors import DemandChanged, DemandNotNow
from catalog.demand.words import AnswerKind, DemandStatus, UnmetReason, UseBasis
from catalog.resources.words import ShareWay, UpdateCycle, WithheldKind
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, UuidArray, choice
from shuqiao.ids import uuid7

#: Where demands are filed.
DEMANDS: Final = Place("Demands", "demands")


class Demand(Table, table=True):
    """A demand (需求), cited by its number. What was asked stays as it was said."""

    __tablename__ = "demand"
    __table_args__ = (
        CheckConstraint("provider_id <> ALL (voice_ids)", name="not_of_the_provider"),
        CheckConstraint(
            "status IN ('filed', 'unmet', 'withdrawn', 'merged') OR provider_id IS NOT NULL",
            name="claimed",
        ),
        CheckConstraint(
            "status NOT IN ('answered', 'being_shared', 'met') OR resource_id IS NOT NULL",
            name="served",
        ),
        CheckConstraint("status <> 'collecting' OR collect_by IS NOT NULL", name="collected"),
        CheckConstraint(
            "(status = 'merged') = (into_id IS NOT NULL) AND into_id <> id", name="merged"
        ),
        CheckConstraint("(status = 'unmet') = (unmet_reason IS NOT NULL)", name="unmet"),
        CheckConstraint("(status = 'met') = (delivery_no <> '')", name="met"),
        CheckConstraint(
            "(status IN ('met', 'unmet', 'withdrawn', 'merged')) = (ended_at IS NOT NULL)",
            name="ended",
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    demand_no: str = Field(max_length=20, unique=True)
    consumer_id: UUID = Field(foreign_key="department.id", index=True)
    filer_id: UUID = Field(foreign_key="app_user.id")
    title: str = Field(max_length=200)
    need: str = Field(max_length=4_000)
    basis_kind: UseBasis = Field(sa_type=choice(UseBasis, "basis_kind"))
    basis_document: str = Field(max_length=200)
    basis_article: str = Field(default="", max_length=100)
    duty_no: str = Field(default="", max_length=40)
    #: The name of the matter (事项), and how the data is used in it.
    matter: str = Field(default="", max_length=200)
    scenario: str = Field(max_length=1_000)
    scope: str = Field(max_length=500)
    share_way: ShareWay | None = Field(default=None, sa_type=choice(ShareWay, "share_way"))
    update_cycle: UpdateCycle | None = Field(
        default=None, sa_type=choice(UpdateCycle, "update_cycle")
    )
    until: date
    is_urgent: bool = False
    #: The item of a published entry that is aimed at, where one is named: mostly one not shared.
    item_id: UUID | None = Field(default=None, foreign_key="resource_item.id")
    #: The provider as the demander proposed it, and the one that is asked now.
    proposed_id: UUID | None = Field(default=None, foreign_key="department.id")
    provider_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    #: Every department that ever had to do with it; those whose voices it carries.
    party_ids: list[UUID] = Field(default_factory=list, sa_type=UuidArray)
    voice_ids: list[UUID] = Field(default_factory=list, sa_type=UuidArray)
    status: DemandStatus = Field(
        default=DemandStatus.FILED, sa_type=choice(DemandStatus, "status"), index=True
    )
    answerer_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: Who contested the last refusal.
    contester_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    #: The entry that serves it, by the last answer.
    resource_id: UUID | None = Field(default=None, foreign_key="data_resource.id", index=True)
    collect_by: date | None = None
    into_id: UUID | None = Field(default=None, foreign_key="demand.id", index=True)
    unmet_reason: UnmetReason | None = Field(
        default=None, sa_type=choice(UnmetReason, "unmet_reason")
    )
    end_note: str = Field(default="", max_length=1_000)
    #: The delivery that met it.
    delivery_no: str = Field(default="", max_length=20)
    filed_at: datetime = Field(default_factory=now, sa_type=Timestamp, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp, index=True)
    version: int = 1

    @property
    def state(self) -> DemandStatus:
        return self.status

    def enter(self, state: DemandStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.demand_no, "title": self.title}

    def not_now(self, step: Step[DemandStatus]) -> DemandNotNow:
        return DemandNotNow(step.label, self.status.label)

    def changed(self) -> DemandChanged:
        return DemandChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "consumer": str(self.consumer_id),
            "provider": str(self.provider_id or ""),
            "parties": frozenset(map(str, self.party_ids)),
            "voices": frozenset(map(str, self.voice_ids)),
            "answerer": str(self.answerer_id or ""),
            "contester": str(self.contester_id or ""),
        }
        return ResourceFacts("Demand", self.demand_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Demand", self.demand_no, self.version)

    def audit_stream(self) -> str:
        return self.demand_no


class DemandItem(Table, table=True):
    """One thing that is wanted (所需信息项), perhaps by its data element."""

    __tablename__ = "demand_item"
    __table_args__ = (CheckConstraint("name <> ''", name="name"),)

    demand_id: UUID = Field(primary_key=True, foreign_key="demand.id")
    position: int = Field(primary_key=True)
    name: str = Field(max_length=100)
    definition: str = Field(default="", max_length=500)
    element_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    why: str = Field(default="", max_length=500)


class DemandVoice(Table, table=True):
    """The need of one department as it filed it; it goes along when its demand is merged."""

    __tablename__ = "demand_voice"
    __table_args__ = (CheckConstraint("(met_at IS NULL) = (delivery_no = '')", name="met"),)

    #: The demand that it was filed as, and the one that carries it now.
    filed_as_id: UUID = Field(primary_key=True, foreign_key="demand.id")
    demand_id: UUID = Field(foreign_key="demand.id", index=True)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    speaker_id: UUID = Field(foreign_key="app_user.id")
    filed_as: str = Field(max_length=20)
    need: str = Field(max_length=4_000)
    scenario: str = Field(max_length=1_000)
    until: date
    #: The last request that cites it, and the delivery that met it.
    request_no: str = Field(default="", max_length=20)
    delivery_no: str = Field(default="", max_length=20)
    met_at: datetime | None = Field(default=None, sa_type=Timestamp)
    left_at: datetime | None = Field(default=None, sa_type=Timestamp)


class DemandAnswer(Table, table=True):
    """One answer of a department; it stays as it was given."""

    __tablename__ = "demand_answer"
    __table_args__ = (
        CheckConstraint("kind <> 'share' OR resource_id IS NOT NULL", name="share"),
        CheckConstraint("kind <> 'collect' OR collect_by IS NOT NULL", name="collect"),
        CheckConstraint("kind <> 'not_ours' OR reason <> ''", name="not_ours"),
        CheckConstraint(
            "kind <> 'refuse' OR reason <> '' AND (negative_no <> '' OR legal_kind IS NOT NULL"
            " AND legal_document <> '' AND legal_article <> '')",
            name="refuse",
        ),
        CheckConstraint("suggested_id <> department_id", name="another"),
    )

    demand_id: UUID = Field(primary_key=True, foreign_key="demand.id")
    position: int = Field(primary_key=True)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    kind: AnswerKind = Field(sa_type=choice(AnswerKind, "kind"))
    reason: str = Field(default="", max_length=2_000)
    resource_id: UUID | None = Field(default=None, foreign_key="data_resource.id")
    collect_by: date | None = None
    suggested_id: UUID | None = Field(default=None, foreign_key="department.id")
    #: Basis of a refusal: one of the three legal kinds, or an entry of the negative list (NE-…).
    legal_kind: WithheldKind | None = Field(
        default=None, sa_type=choice(WithheldKind, "legal_kind")
    )
    legal_document: str = Field(default="", max_length=200)
    legal_number: str = Field(default="", max_length=100)
    legal_article: str = Field(default="", max_length=100)
    negative_no: str = Field(default="", max_length=20)
    answerer_id: UUID = Field(foreign_key="app_user.id")
    answered_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    #: The day on which it was due, as the clock said; None without calendar.
    due_on: date | None = None
