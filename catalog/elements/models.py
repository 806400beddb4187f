"""The tables of data elements (数据元) and of their published versions."""

import re
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from audit.append import ObjectRef
from catalog.elements.words import DataType, ElementStatus, Sourcing, StandardKind
from policies.facts import Fact, ResourceFacts
from shuqiao.codes.rules import CodeKind
from shuqiao.db import Table, TextArray, Timestamp, choice
from shuqiao.ids import uuid7

IDENTIFIER: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}-[0-9]{4,12}")


def _text(longest: int) -> Any:
    """A text that older rows do not have: empty there."""
    return Field(default="", max_length=longest, sa_column_kwargs={"server_default": ""})


class DataElement(Table, table=True):
    """A data element (数据元): the standard that an information item
    conforms to, under an identifier for ever.
    """

    __tablename__ = "data_element"
    __table_args__ = (
        CheckConstraint("identifier ~ '^[A-Z][A-Z0-9]{0,7}-[0-9]{4,12}$'", name="identifier"),
        CheckConstraint(
            "(status <> 'draft' OR adopted_at IS NULL)"
            " AND (status <> 'standard' OR adopted_at IS NOT NULL)",
            name="adopted",
        ),
        CheckConstraint(
            "(ended_on IS NOT NULL) = (status IN ('superseded', 'retired'))", name="ended"
        ),
        CheckConstraint(
            "(successor_id IS NOT NULL) = (status = 'superseded') AND successor_id <> id",
            name="successor",
        ),
        CheckConstraint(
            "(published_version > 0) = (status IN ('standard', 'superseded', 'retired'))",
            name="published",
        ),
        CheckConstraint("(sourcing = 'derived') = (derivation <> '')", name="derivation"),
        CheckConstraint(
            "max_length > 0 AND precision > 0 AND scale BETWEEN 0 AND precision", name="size"
        ),
        Index(
            "data_element_adopted_key",
            "looks",
            unique=True,
            postgresql_where=text(
                "status IN ('recorded', 'standard') AND duplicate_of_id IS NULL AND looks <> ''"
            ),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    #: For constraints that compare ranges.
    number: int | None = Field(
        default=None, sa_column=Column(Integer, Identity(always=True), unique=True)
    )
    identifier: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=100)
    name_en: str = Field(default="", max_length=200)
    #: Of what it says something (对象类), as 学校 in 学校代码.
    object_class: str = Field(default="", max_length=100)
    #: What name and object class look like (``checks.looks``): no two adopted ones look the same.
    looks: str = Field(default="", sa_column_kwargs={"server_default": ""})
    definition: str = Field(max_length=4_000)
    data_type: DataType = Field(sa_type=choice(DataType, "data_type"))
    #: Whether it has a source, and of a derived one the rule.
    sourcing: Sourcing = Field(
        default=Sourcing.AUTHORITATIVE,
        sa_type=choice(Sourcing, "sourcing"),
        sa_column_kwargs={"server_default": Sourcing.AUTHORITATIVE.value},
    )
    derivation: str = _text(1_000)
    #: The rest of its name after ISO/IEC 11179: what it says (特性), and how that looks (表示).
    property_name: str = _text(100)
    representation: str = _text(100)
    synonyms: list[str] = Field(
        default_factory=list, sa_type=TextArray, sa_column_kwargs={"server_default": "{}"}
    )
    #: What a figure counts (统计口径), at which moment (时点), of which period (报告期), and up to
    #: which level it is summed (汇总层级).
    counting_rule: str = _text(500)
    time_point: str = _text(100)
    reporting_period: str = _text(100)
    aggregation_level: str = _text(100)
    #: Characters of a text at most; digits of a number in all, and of these after the point.
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    unit: str = _text(50)
    #: Kind of code whose form can be checked.
    code_kind: CodeKind | None = Field(default=None, sa_type=choice(CodeKind, "code_kind"))
    standard_kind: StandardKind | None = Field(
        default=None, sa_type=choice(StandardKind, "standard_kind")
    )
    standard_no: str = Field(default="", max_length=100)
    standard_edition: str = _text(100)
    in_force_from: date | None = None
    value_domain_id: UUID | None = Field(default=None, foreign_key="value_domain.id", index=True)
    status: ElementStatus = Field(sa_type=choice(ElementStatus, "status"))
    adopted_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: The version in force (``ElementVersion``); 0 before the first.
    published_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    #: The department that proposed it: of a draft, whose it is.
    proposer_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    #: Of one that ended: what replaces it, from which day nothing new follows it, and why.
    successor_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    ended_on: date | None = None
    end_reason: str = _text(1_000)
    #: The first that looks like it: of elements adopted before a second one was refused.
    duplicate_of_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    version: int = 1

    @property
    def is_in_force(self) -> bool:
        """Whether items may be bound to it."""
        return self.status is ElementStatus.STANDARD

    def policy_facts(self) -> ResourceFacts:
        proposer = str(self.proposer_id) if self.proposer_id else ""
        facts: dict[str, Fact] = {"status": self.status.value, "proposed_by": proposer}
        return ResourceFacts("DataElement", self.identifier, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("DataElement", self.identifier, self.version)

    def audit_stream(self) -> str:
        return self.identifier


class ElementVersion(Table, table=True):
    """A published version of an element: all that it said, for ever."""

    __tablename__ = "element_version"
    __table_args__ = (
        UniqueConstraint("element_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    element_id: UUID = Field(foreign_key="data_element.id")
    number: int
    #: ``ElementContent`` as JSON, and the SHA-256 of it as canonical JSON.
    content: dict[str, Any] = Field(sa_type=JSONB)
    digest: str = Field(max_length=64)
    #: The proposal it came from (``catalog.proposals``); empty where it was adopted at once.
    proposal_no: str = Field(default="", max_length=20)
    #: None of what was adopted before versions were kept.
    publisher_id: UUID | None = Field(default=None, foreign_key="app_user.id")
    published_at: datetime = Field(sa_type=Timestamp)
