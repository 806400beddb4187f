"""Tables of information systems, and of the duties that each serves."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.systems.errors import SystemChanged, SystemNotNow
from catalog.systems.words import Build, Network, Protection, SystemStatus
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

#: What a state says of the days: those that have come have their day, those to come have none.
_DAYS: Final = (
    "CASE status WHEN 'planned' THEN num_nonnulls(begun_on, launched_on, stopping_on, stopped_on)"
    " = 0 WHEN 'building' THEN begun_on IS NOT NULL AND num_nonnulls(launched_on, stopping_on,"
    " stopped_on) = 0 WHEN 'running' THEN launched_on IS NOT NULL AND num_nonnulls(stopping_on,"
    " stopped_on) = 0 WHEN 'stopping' THEN num_nonnulls(launched_on, stopping_on) = 2"
    " AND stopped_on IS NULL ELSE stopped_on IS NOT NULL END"
)
_ORDER: Final = (
    "coalesce(begun_on <= launched_on, true) AND coalesce(launched_on <= stopping_on, true)"
    " AND coalesce(greatest(begun_on, launched_on, stopping_on) <= stopped_on, true)"
)


class InformationSystem(Table, table=True):
    """An information system (信息系统) of a department, cited by its number.

    It is shut down, and never deleted.
    """

    __tablename__ = "information_system"
    __table_args__ = (
        UniqueConstraint("owner_id", "name"),
        CheckConstraint("protection <> 'none' OR filing_no = ''", name="filing"),
        CheckConstraint(
            "contractor <> '' OR (contract_no = '' AND contract_until IS NULL)", name="contract"
        ),
        CheckConstraint(_DAYS, name="days"),
        CheckConstraint(_ORDER, name="order"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    system_no: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=100)
    #: What it does, in a few sentences.
    purpose: str = Field(default="", max_length=500)
    owner_id: UUID = Field(foreign_key="department.id")
    registrar_id: UUID = Field(foreign_key="app_user.id")
    build: Build = Field(sa_type=choice(Build, "build"))
    network: Network = Field(sa_type=choice(Network, "network"))
    protection: Protection = Field(sa_type=choice(Protection, "protection"))
    #: Under which number the level is filed with the police (备案编号).
    filing_no: str = Field(default="", max_length=100)
    #: Whoever builds or runs it by contract (受托方, Order 809, Art. 36).
    contractor: str = Field(default="", max_length=100)
    contract_no: str = Field(default="", max_length=100)
    contract_until: date | None = None
    #: An office or a post, no person.
    contact: str = Field(default="", max_length=200)
    status: SystemStatus = Field(sa_type=choice(SystemStatus, "status"), index=True)
    begun_on: date | None = None
    launched_on: date | None = None
    stopping_on: date | None = None
    stopped_on: date | None = None
    version: int = 1
    registered_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    updated_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    @property
    def state(self) -> SystemStatus:
        return self.status

    @property
    def since(self) -> date | None:
        """The day from which it stands where it stands; a plan has none."""
        return self.day_of(self.status)

    def day_of(self, status: SystemStatus) -> date | None:
        found: date | None = getattr(self, DAYS[status]) if status in DAYS else None
        return found

    def enter(self, state: SystemStatus) -> None:
        self.status, self.version, self.updated_at = state, self.version + 1, now()

    def told(self) -> Mapping[str, str]:
        return {"no": self.system_no, "name": self.name}

    def not_now(self, step: Step[SystemStatus]) -> SystemNotNow:
        return SystemNotNow(step.label, self.status)

    def changed(self) -> SystemChanged:
        return SystemChanged()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("System", self.system_no, {"owner": str(self.owner_id)})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("System", self.system_no, self.version)

    def audit_stream(self) -> str:
        return self.system_no


#: The column that keeps the day on which a state began.
DAYS: Final[Mapping[SystemStatus, str]] = {
    SystemStatus.BUILDING: "begun_on",
    SystemStatus.RUNNING: "launched_on",
    SystemStatus.STOPPING: "stopping_on",
    SystemStatus.STOPPED: "stopped_on",
}


class SystemDuty(Table, table=True):
    """A duty (职责) of its department that a system serves."""

    __tablename__ = "system_duty"

    system_id: UUID = Field(primary_key=True, foreign_key="information_system.id")
    duty_id: UUID = Field(primary_key=True, foreign_key="duty.id", index=True)
