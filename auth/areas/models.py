"""Table of areas."""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, Computed, Text
from sqlalchemy.dialects.postgresql import INT4RANGE
from sqlmodel import Field

from audit.append import ObjectRef
from auth.areas.words import AreaKind, Rank, rank_of
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice

#: The numbers that an area takes in, as ``auth.areas.words.span_of``; kept by the database, so that
#: a constraint can compare areas: one contains another where the ranges do.
_SPAN: Final = (
    "CASE WHEN code::text = '100000' THEN int4range(0, 1000000)"
    " WHEN right(code::text, 4) = '0000' THEN int4range(code::integer, code::integer + 10000)"
    " WHEN right(code::text, 2) = '00' THEN int4range(code::integer, code::integer + 100)"
    " ELSE int4range(code::integer, code::integer + 1) END"
)
#: Under which identity events tell a change: a table of divisions is loaded as a whole.
_TOLD_AS: Final = "CASE WHEN kind::text = 'division' THEN 'divisions' ELSE code::text END"
DIVISIONS: Final = "divisions"


class Area(Table, table=True):
    """An area (地区): a division (行政区划, GB/T 2260) or a functional area (功能区)."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("code ~ '^[1-9][0-9]{5}$'", name="digits"),
        CheckConstraint(
            "kind <> 'functional' OR parent_code IS NOT NULL AND right(code::text, 2) <> '00'",
            name="functional",
        ),
        CheckConstraint("valid_until >= valid_from", name="valid"),
    )

    code: str = Field(max_length=6, primary_key=True)
    name: str = Field(max_length=100)
    kind: AreaKind = Field(sa_type=choice(AreaKind, "kind"))
    parent_code: str | None = Field(default=None, max_length=6, foreign_key="area.code", index=True)
    valid_from: date | None = None
    valid_until: date | None = None
    basis: str = Field(default="", max_length=200)
    registered_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    span: Any = Field(default=None, sa_column=Column(INT4RANGE, Computed(_SPAN, persisted=True)))
    told_as: str | None = Field(
        default=None, sa_column=Column(Text, Computed(_TOLD_AS, persisted=True))
    )

    @property
    def rank(self) -> Rank:
        return rank_of(self.code)

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Areas", self.code, {})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Area", DIVISIONS if self.kind is AreaKind.DIVISION else self.code)

    def audit_stream(self) -> str:
        return f"auth:area:{self.audit_ref().id}"
