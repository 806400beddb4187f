"""The table of data elements (数据元)."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from audit.append import ObjectRef
from catalog.elements.words import DataType, ElementStatus
from policies.facts import ResourceFacts
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

IDENTIFIER: Final = re.compile(r"[A-Z][A-Z0-9]{0,7}-[0-9]{4,12}")


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
