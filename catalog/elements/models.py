"""Tables of data elements (数据元) and value domains (值域)."""

import re
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from audit.append import ObjectRef
from catalog.elements.words import DataType, ElementStatus
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

IDENTIFIER: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}-[0-9]{4,12}")


class ValueDomain(Table, table=True):
    """A list of permitted codes in one edition (值域); a changed list is a new edition."""

    __tablename__ = "value_domain"
    __unaudited__: ClassVar[bool] = True  # comes with the element that is adopted, and stays
    __table_args__ = (UniqueConstraint("name", "edition"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    name: str = Field(max_length=100)
    edition: str = Field(max_length=100)
    source: str = Field(max_length=200)
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)


class ValueDomainEntry(Table, table=True):
    """One code of a value domain and what it means."""

    __tablename__ = "value_domain_entry"
    __unaudited__: ClassVar[bool] = True

    domain_id: UUID = Field(foreign_key="value_domain.id", primary_key=True)
    code: str = Field(max_length=100, primary_key=True)
    label: str = Field(max_length=200)
    position: int


class DataElement(Table, table=True):
    """A data element (数据元): the standard that an information item
    conforms to, under an identifier for ever.
    """

    __tablename__ = "data_element"
    __table_args__ = (
        CheckConstraint("identifier ~ '^[A-Z][A-Z0-9]{0,7}-[0-9]{4,12}$'", name="identifier"),
        CheckConstraint("(status = 'draft') = (adopted_at IS NULL)", name="adopted"),
        Index(
            "data_element_adopted_key",
            "name",
            "object_class",
            unique=True,
            postgresql_where=text("status IN ('recorded', 'standard') AND duplicate_of_id IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    identifier: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=100)
    name_en: str = Field(default="", max_length=200)
    #: Of what it says something (对象类), as 学校 in 学校代码.
    object_class: str = Field(default="", max_length=100)
    definition: str = Field(max_length=4_000)
    data_type: DataType = Field(sa_type=choice(DataType, "data_type"))
    source_department_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    standard_no: str = Field(default="", max_length=100)
    value_domain_id: UUID | None = Field(default=None, foreign_key="value_domain.id", index=True)
    status: ElementStatus = Field(sa_type=choice(ElementStatus, "status"))
    adopted_at: datetime | None = Field(default=None, sa_type=Timestamp)
    #: The first of its name and object class: of elements adopted before a second one was refused.
    duplicate_of_id: UUID | None = Field(default=None, foreign_key="data_element.id", index=True)
    version: int = 1

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("DataElement", self.identifier, {"status": self.status.value})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("DataElement", self.identifier, self.version)

    def audit_stream(self) -> str:
        return self.identifier
