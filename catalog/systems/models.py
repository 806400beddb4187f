"""Tables of information systems, of the duties that each serves, and of the yearly census."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from catalog.systems.errors import CensusClosed, ReturnNotNow, SystemChanged, SystemNotNow
from catalog.systems.words import (
    Build,
    CensusStatus,
    Network,
    Outcome,
    Protection,
    ReturnStatus,
    SystemStatus,
)
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


class SystemCensus(Table, table=True):
    """The census (普查) of the systems of one year; closed, it stays as it is."""

    __tablename__ = "system_census"
    __table_args__ = (
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    census_no: str = Field(max_length=20, unique=True)
    year: int = Field(unique=True)
    status: CensusStatus = Field(default=CensusStatus.OPEN, sa_type=choice(CensusStatus, "status"))
    opener_id: UUID = Field(foreign_key="app_user.id")
    opened_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    closed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1

    @property
    def state(self) -> CensusStatus:
        return self.status

    def enter(self, state: CensusStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.census_no, "year": str(self.year)}

    def not_now(self, step: Step[CensusStatus]) -> CensusClosed:
        return CensusClosed()

    def changed(self) -> CensusClosed:
        return CensusClosed()

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Systems", self.census_no, {})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Census", self.census_no, self.version)

    def audit_stream(self) -> str:
        return self.census_no


class CensusReturn(Table, table=True):
    """What one department reports to a census; it keeps its counts."""

    __tablename__ = "census_return"
    __table_args__ = (
        UniqueConstraint("census_id", "owner_id"),
        CheckConstraint(
            "(status = 'reported') = (reported_at IS NOT NULL)"
            " AND (reported_at IS NULL) = (system_count IS NULL)"
            " AND (reported_at IS NULL) = (reporter_id IS NULL)"
            " AND corrected_count BETWEEN 0 AND system_count",
            name="reported",
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    return_no: str = Field(max_length=20, unique=True)
    census_id: UUID = Field(foreign_key="system_census.id")
    year: int
    owner_id: UUID = Field(foreign_key="department.id", index=True)
    status: ReturnStatus = Field(default=ReturnStatus.DUE, sa_type=choice(ReturnStatus, "status"))
    reporter_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    reported_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: Systems of the department at that moment, and how many of them were not as before.
    system_count: int | None = None
    corrected_count: int | None = None
    version: int = 1

    @property
    def state(self) -> ReturnStatus:
        return self.status

    def enter(self, state: ReturnStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.return_no, "year": str(self.year)}

    def not_now(self, step: Step[ReturnStatus]) -> ReturnNotNow:
        return ReturnNotNow(self.status)

    def changed(self) -> ReturnNotNow:
        return ReturnNotNow(self.status)

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("CensusReturn", self.return_no, {"owner": str(self.owner_id)})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("CensusReturn", self.return_no, self.version)

    def audit_stream(self) -> str:
        return self.return_no


class SystemConfirmation(Table, table=True):
    """What a registrar said of a system in a census; it stays."""

    __tablename__ = "system_confirmation"

    census_id: UUID = Field(primary_key=True, foreign_key="system_census.id")
    system_id: UUID = Field(primary_key=True, foreign_key="information_system.id", index=True)
    outcome: Outcome = Field(sa_type=choice(Outcome, "outcome"))
    #: The version of the system that it was said of.
    system_version: int
    confirmed_by: UUID = Field(foreign_key="app_user.id")
    confirmed_at: datetime = Field(default_factory=now, sa_type=Timestamp)
