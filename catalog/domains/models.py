"""Tables of value domains, their editions and the codes of each."""

import re
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from audit.append import ObjectRef
from catalog.domains.words import Standing
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp
from shuqiao.ids import uuid7

IDENTIFIER: Final = re.compile(r"VD-[0-9]{6,12}")


class ValueDomain(Table, table=True):
    """A kind of codes (值域), under an identifier for ever; which codes there are, its editions
    say.
    """

    __tablename__ = "value_domain"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    identifier: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=100, unique=True)
    name_en: str = Field(default="", max_length=200)
    standard_no: str = Field(default="", max_length=100)
    #: Who keeps the list.
    owner_id: UUID | None = Field(default=None, foreign_key="department.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    version: int = 1

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("ValueDomain", self.identifier, self.version)


class DomainVersion(Table, table=True):
    """One edition of a domain: what it consists of never changes, only the day on which it ends."""

    __tablename__ = "domain_version"
    __table_args__ = (
        UniqueConstraint("domain_id", "number"),
        UniqueConstraint("domain_id", "label"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("in_force_until >= in_force_from", name="in_force"),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    domain_id: UUID = Field(foreign_key="value_domain.id")
    #: Identifier of the domain and number: what its events are about.
    reference: str = Field(max_length=40, unique=True)
    number: int
    label: str = Field(max_length=100)
    source: str = Field(max_length=200)
    in_force_from: date
    #: The first day on which it is no longer in force.
    in_force_until: date | None = None
    #: SHA-256 of the codes in their order, as ``checks.digest`` writes them.
    digest: str = Field(max_length=64)
    code_count: int
    #: Defects that were imported as published: kind → how many, and why.
    acknowledged: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    imported_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    def standing(self, on: date) -> Standing:
        """Where it stands on a day."""
        if on < self.in_force_from:
            return Standing.UPCOMING
        is_over = self.in_force_until is not None and self.in_force_until <= on
        return Standing.ENDED if is_over else Standing.IN_FORCE

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("DomainVersion", self.reference)


class ValueDomainEntry(Table, table=True):
    """One code of an edition and what it means; a code that was published with two meanings has
    two.
    """

    __tablename__ = "value_domain_entry"
    __table_args__ = (Index("value_domain_entry_version_id_code_idx", "version_id", "code"),)

    version_id: UUID = Field(foreign_key="domain_version.id", primary_key=True)
    position: int = Field(primary_key=True)
    code: str = Field(max_length=100)
    label: str = Field(max_length=200)
    parent_code: str = Field(default="", max_length=100)
    valid_from: date | None = None
    #: The first day on which the code is no longer valid.
    valid_until: date | None = None
    #: Given up by the list itself, which names no day.
    is_revoked: bool = False
