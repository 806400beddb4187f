"""Tables of departments, and of the acts by which they were renamed, merged and split."""

from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.departments.words import Act, Level, Line, Regime, Side
from policies.facts import ResourceFacts
from shuqiao.clock import now, today
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

#: The rank of the area is that of the level; what is not stated fits everything.
_FITS: Final = (
    "level IS NULL OR CASE level WHEN 'national' THEN area_code = '100000'"
    " WHEN 'province' THEN right(area_code::text, 4) = '0000' AND area_code <> '100000'"
    " WHEN 'city' THEN right(area_code::text, 2) = '00' AND right(area_code::text, 4) <> '0000'"
    " ELSE right(area_code::text, 2) <> '00' END"
)


class Department(Table, table=True):
    """A department (部门) under its unified social credit code (GB 32100, 统一社会信用代码).

    What is not stated yet (待补) is None: nothing is guessed.
    """

    __tablename__ = "department"
    __table_args__ = (
        CheckConstraint(_FITS, name="level_and_area"),
        CheckConstraint("quota_mb > 0", name="quota_mb"),
        Index(
            "department_name_skeleton_key",
            "name_skeleton",
            unique=True,
            postgresql_where=text("name_skeleton <> '' AND looks_like_id IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    code: str = Field(max_length=18, unique=True)
    name: str = Field(max_length=100, unique=True)
    #: What the name looks like (``shuqiao.skeletons``): no two departments look the same.
    name_skeleton: str = Field(default="", sa_column_kwargs={"server_default": ""})
    #: The first that looked like it: of those that were there before a second one was refused.
    looks_like_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    parent_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    level: Level | None = Field(default=None, sa_type=choice(Level, "level"))
    area_code: str | None = Field(default=None, max_length=6, foreign_key="area.code", index=True)
    line: Line | None = Field(default=None, sa_type=choice(Line, "line"))
    regime: Regime | None = Field(default=None, sa_type=choice(Regime, "regime"))
    sharing_unit: str = Field(default="", max_length=100, sa_column_kwargs={"server_default": ""})
    sharing_contact: str = Field(
        default="", max_length=200, sa_column_kwargs={"server_default": ""}
    )
    ended_on: date | None = None
    #: What it may keep on the disk, in MB of 1,048,576 bytes; None: what the installation says.
    quota_mb: int | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})

    @property
    def is_stated(self) -> bool:
        """Whether level, area, line and regime are all stated."""
        return None not in (self.level, self.area_code, self.line, self.regime)

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Departments", self.code, {})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Department", self.code)

    def audit_stream(self) -> str:
        return f"auth:department:{self.code}"


class Reorganisation(Table, table=True):
    """An act by which departments were renamed, merged or split (机构改革); it stays as it is."""

    __tablename__ = "reorganisation"
    __unaudited__: ClassVar[bool] = True  # never without its departments, and those have events

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    act_no: str = Field(max_length=40, unique=True)
    kind: Act = Field(sa_type=choice(Act, "kind"))
    document_no: str = Field(default="", max_length=100)
    effective_on: date = Field(default_factory=today)
    recorded_at: datetime = Field(default_factory=now, sa_type=Timestamp)


class ReorganisedDepartment(Table, table=True):
    """A department before or after an act, under the name it had then."""

    __tablename__ = "reorganised_department"

    reorganisation_id: UUID = Field(primary_key=True, foreign_key="reorganisation.id")
    side: Side = Field(primary_key=True, sa_type=choice(Side, "side"))
    department_id: UUID = Field(primary_key=True, foreign_key="department.id", index=True)
    name: str = Field(max_length=100)
