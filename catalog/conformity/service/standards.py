"""What the columns of an entry are held to on a day: the elements that its items are bound to, and
the editions of value domains in force then.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
from sqlmodel import Session

from catalog.conformity.checks.columns import ColumnStandard
from catalog.conformity.schemas import ColumnRead
from catalog.conformity.words import Side
from catalog.domains import repository as domains
from catalog.domains.models import DomainVersion, ValueDomain
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.resources.models import ResourceItem

#: The codes of an edition of a domain, and its names.
Lists = tuple[pa.StringArray, pa.StringArray]
#: What the last part of an element's name says it is written as.
_CODED: Final = ("代码", "编码", "号码", "code")
_NAMED: Final = ("名称", "姓名", "name")


@dataclass(frozen=True, slots=True)
class Held:
    """One column with what it is held to; the codes of its domain are read when it is checked."""

    item: ResourceItem
    element: DataElement | None
    domain: ValueDomain | None
    version: DomainVersion | None

    @property
    def told(self) -> ColumnRead:
        element, domain, version = self.element, self.domain, self.version
        return ColumnRead(
            item=self.item.name,
            column=self.item.column_name,
            element=element.identifier if element else None,
            element_name=element.name if element else None,
            element_version=element.version if element else None,
            domain=domain.identifier if domain else None,
            domain_name=domain.name if domain else None,
            domain_edition=version.number if version else None,
            domain_edition_label=version.label if version else None,
        )

    def standard(self, lists: Mapping[UUID, Lists]) -> ColumnStandard:
        element, version = self.element, self.version
        if element is None:
            return ColumnStandard(self.item.column_name, is_required=True)
        codes, names = lists[version.id] if version else (None, None)
        return ColumnStandard(
            self.item.column_name,
            kind=element.code_kind,
            permitted=codes,
            names=names,
            side=side_of(element),
            domain=version.reference if version else "",
            is_required=self.item.is_key,
            data_type=element.data_type,
            max_length=element.max_length,
            precision=element.precision,
            scale=element.scale,
        )


def held(session: Session, items: Sequence[ResourceItem], on: date) -> list[Held]:
    """The items that are bound to an element, and those of the key, in their order."""
    bound = [item for item in items if item.element_id or item.is_key]
    ids = {item.element_id for item in bound if item.element_id}
    found_elements = elements.by_ids(session, ids)
    needed = {each.value_domain_id for each in found_elements.values() if each.value_domain_id}
    versions = domains.in_force(session, needed, on) if needed else {}
    named = domains.domains(session, needed) if needed else {}
    found = []
    for item in bound:
        element = found_elements.get(item.element_id) if item.element_id else None
        domain_id = element.value_domain_id if element else None
        domain = named.get(domain_id) if domain_id else None
        version = versions.get(domain_id) if domain_id else None
        found.append(Held(item, element, domain, version))
    return found


def digest(columns: Sequence[Held]) -> str:
    """SHA-256 of what the columns are held to."""
    told: list[Any] = [[each.told.model_dump(mode="json"), each.item.is_key] for each in columns]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def side_of(element: DataElement) -> Side | None:
    """What the representation (表示) of an element says; None where it says neither."""
    said = element.representation.casefold()
    if said.endswith(_NAMED):
        return Side.NAMES
    return Side.CODES if said.endswith(_CODED) else None


def standards(session: Session, columns: Sequence[Held]) -> list[ColumnStandard]:
    """Everything that a check needs, with the codes and names of the domains, each read once."""
    versions = {each.version.id for each in columns if each.version}
    lists: dict[UUID, Lists] = {
        each: (domains.values(session, each), domains.values(session, each, of_labels=True))
        for each in versions
    }
    return [each.standard(lists) for each in columns]
