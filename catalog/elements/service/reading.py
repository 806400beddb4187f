"""Data elements as the API and the pages show them."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.domains import repository as domains
from catalog.domains.models import DomainVersion, ValueDomain
from catalog.elements import repository
from catalog.elements.models import DataElement
from catalog.elements.schemas import (
    ENTRY_LIMIT,
    ElementRead,
    ValueDomainEntryRead,
    ValueDomainRead,
)
from shuqiao.clock import today

#: Members of what is shown that come from other tables.
_NAMED: Final = {"value_domain", "successor"}


def read_model(
    session: Session, element: DataElement, *, with_entries: bool = False
) -> ElementRead:
    """The element as the API and the pages show it."""
    (shown,) = read_models(session, [element])
    if with_entries and shown.value_domain is not None and element.value_domain_id is not None:
        version = _versions(session, [element.value_domain_id])[element.value_domain_id]
        shown.value_domain.entries = [
            ValueDomainEntryRead(code=entry.code, label=entry.label)
            for entry in domains.first_codes(session, version.id, ENTRY_LIMIT)
        ]
    return shown


def read_models(session: Session, elements: Sequence[DataElement]) -> list[ElementRead]:
    """Several elements without the entries of their domains."""
    ids = {e.value_domain_id for e in elements if e.value_domain_id}
    named, versions = domains.domains(session, ids), _versions(session, ids)
    successors = repository.identifiers_by_id(
        session, {e.successor_id for e in elements if e.successor_id}
    )
    shown = []
    for element in elements:
        version = versions.get(element.value_domain_id) if element.value_domain_id else None
        fields = element.model_dump(include=set(ElementRead.model_fields) - _NAMED)
        domain = _domain_read(named[version.domain_id], version) if version else None
        shown.append(
            ElementRead(
                **fields,
                value_domain=domain,
                successor=successors.get(element.successor_id) if element.successor_id else None,
            )
        )
    return shown


def _versions(session: Session, ids: Iterable[UUID]) -> dict[UUID, DomainVersion]:
    """Of each domain the edition in force; where none is, the one of the latest days."""
    found = domains.in_force(session, ids, today())
    for missing in set(ids) - set(found):
        for latest in domains.versions(session, missing)[:1]:
            found[missing] = latest
    return found


def _domain_read(domain: ValueDomain, version: DomainVersion) -> ValueDomainRead:
    return ValueDomainRead(
        identifier=domain.identifier,
        name=domain.name,
        edition=version.label,
        source=version.source,
        entry_count=version.code_count,
    )
