"""Departments, duties and acts as programs read them."""

from datetime import date

from pydantic import BaseModel

from audit.schemas import EventReceipt
from auth.areas.schemas import AreaRead
from auth.departments.words import Act, Level, Line, Regime
from auth.duties.schemas import DutyRead
from auth.roles import Role


class DepartmentRead(BaseModel):
    """A department as everybody signed in reads it. What is not stated yet is null.

    ``accounts`` and ``vacant`` are for the three administrators: its active accounts, and the
    needed roles nobody there holds (岗位空缺).
    """

    code: str
    name: str
    former_names: list[str]
    parent_code: str | None
    level: Level | None
    area_code: str | None
    area_name: str | None
    line: Line | None
    regime: Regime | None
    ended_on: date | None
    accounts: int | None
    vacant: list[Role] | None


class DepartmentList(BaseModel):
    items: list[DepartmentRead]


class HeadRead(BaseModel):
    """Who holds one of the two heads' roles of a department."""

    role: Role
    name: str


class PartyRead(BaseModel):
    """A department that took part in an act, under the name it had then."""

    code: str
    name: str


class ReorganisationRead(BaseModel):
    """By which act departments were renamed, merged or split. Who stands on both sides went on."""

    act_no: str
    kind: Act
    document_no: str
    effective_on: date
    before: list[PartyRead]
    after: list[PartyRead]


class ReorganisationList(BaseModel):
    items: list[ReorganisationRead]


class ReorganisationRecorded(ReorganisationRead, EventReceipt):
    """An act as it was recorded."""


class DepartmentShown(DepartmentRead):
    """One department with all that is known of it."""

    sharing_unit: str
    sharing_contact: str
    quota_mb: int | None
    heads: list[HeadRead]
    duties: list[DutyRead]
    history: list[ReorganisationRead]


class DepartmentChanged(DepartmentShown, EventReceipt):
    """A department after a change."""


class DutyList(BaseModel):
    items: list[DutyRead]


class DutyChanged(DutyRead, EventReceipt):
    """A duty after it was recorded, or ended."""


class AreaChanged(AreaRead, EventReceipt):
    """An area after it was registered, or ended."""
