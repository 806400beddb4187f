"""Information systems as they are written and read."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from auth.duties.schemas import DutyRead
from catalog.systems.words import (
    Build,
    CensusStatus,
    Network,
    Outcome,
    Protection,
    ReturnStatus,
    SystemStatus,
)
from shuqiao.texts import CodeText, Name, Strict, TextRule, example

OptionalName = Annotated[str, TextRule(100, shortest=0)]

_SYSTEM: Final = {
    "name": "中小学学籍管理系统",
    "build": "self_built",
    "network": "government_extranet",
    "protection": "level_3",
    "filing_no": "15010099001-24001",
    "contractor": "某某信息技术有限公司",
    "contract_no": "NMJY-2025-017",
    "contract_until": "2027-12-31",
    "contact": "教育厅信息中心（办公楼305室）",
}


class SystemUpdate(Strict):
    """Everything that is said of a system but where it stands; what is left out is emptied."""

    model_config = example(**_SYSTEM)

    name: Name
    purpose: Annotated[str, TextRule(500, shortest=0, multiline=True)] = ""
    build: Build
    network: Network
    protection: Protection
    filing_no: OptionalName = ""
    contractor: OptionalName = ""
    contract_no: OptionalName = ""
    contract_until: date | None = None
    contact: Annotated[str, TextRule(200, shortest=0)] = ""
    #: Numbers of duties of the department.
    duties: Annotated[
        list[CodeText], Field(max_length=50, description="Numbers of the duties that it serves")
    ] = Field(default_factory=list)


class SystemCreate(SystemUpdate):
    """A system to be registered, and where it stands; ``since`` of a plan is left out."""

    model_config = example(**_SYSTEM, status="running", since="2024-09-01")

    status: SystemStatus
    since: date | None = None


class SystemMove(Strict):
    """Where a system stands from a day on."""

    model_config = example(status="stopping", on="2026-02-10")

    status: SystemStatus
    on: Annotated[date, Field(description="Day from which it stands there")]


class SystemSummary(BaseModel):
    """A system as lists show it. ``since``: the day from which it stands there."""

    system_no: str
    name: str
    owner: Annotated[str, Field(description="Department that keeps it")]
    owner_code: str
    build: Build
    network: Network
    protection: Protection
    status: SystemStatus
    status_label: str
    since: date | None
    version: int


class SystemRead(SystemSummary):
    """A system with everything that is said of it."""

    purpose: str
    filing_no: str
    contractor: str
    contract_no: str
    contract_until: date | None
    contact: str
    begun_on: date | None
    launched_on: date | None
    stopping_on: date | None
    stopped_on: date | None
    duties: list[DutyRead]
    registered_at: datetime
    updated_at: datetime


class SystemRecorded(SystemRead, EventReceipt):
    """A system after a step, with the receipt of its event."""


class WantedSystems(BaseModel):
    """What is looked for: words of number and name, a department by its code, a state."""

    q: str = ""
    owner: str = ""
    status: SystemStatus | None = None


class CensusOpen(Strict):
    """The year of a census; one is opened a year."""

    model_config = example(year=2026)

    year: Annotated[int, Field(ge=2025, le=2100)]


class ConfirmationRead(BaseModel):
    """What was said of a system in a census."""

    system_no: str
    year: int
    outcome: Outcome
    outcome_label: str
    system_version: int
    confirmed_at: datetime


class Confirmed(ConfirmationRead, EventReceipt):
    """A confirmation, with the receipt of its event."""


class CensusSummary(BaseModel):
    """A census with how many departments have reported of those that owe it."""

    year: int
    census_no: str
    status: CensusStatus
    status_label: str
    opened_at: datetime
    closed_at: datetime | None
    due_on: date | None
    owed: int
    reported: int


class ReturnRead(BaseModel):
    """What one department reported. ``is_reference``: the Regulations apply by reference only, it
    is not named among those missing.
    """

    department: Annotated[str, Field(description="Department that reports")]
    code: str
    status: ReturnStatus
    status_label: str
    is_reference: bool
    reported_at: datetime | None
    system_count: int | None
    corrected_count: int | None


class CensusRead(CensusSummary):
    """A census with what every department reported. ``missing``: who owes it still (应报未报)."""

    returns: list[ReturnRead]
    missing: list[str]


class CensusRecorded(CensusRead, EventReceipt):
    """A census after a step."""


class CensusList(BaseModel):
    items: list[CensusSummary]


class CoverageRead(BaseModel):
    """Of the systems of a department that are at work: how many have a published entry."""

    department: Annotated[str, Field(description="Department that keeps the systems")]
    code: str
    covered: int
    at_work: int
    without: list[str]


class CoverageList(BaseModel):
    covered: int
    at_work: int
    items: list[CoverageRead]
