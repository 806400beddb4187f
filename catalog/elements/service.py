"""Adopting data elements: the data administration says what a datum is
called, means and looks like.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.domains import repository as domains
from catalog.domains import service as importing
from catalog.domains.checks import listed
from catalog.domains.models import DomainVersion, ValueDomain
from catalog.domains.schemas import DomainCreate, EditionWrite
from catalog.elements import checks, repository
from catalog.elements.errors import AdoptedAlready, ElementExists
from catalog.elements.models import DataElement
from catalog.elements.schemas import (
    ENTRY_LIMIT,
    ElementContent,
    ElementCreate,
    ElementRead,
    ValueDomainCreate,
    ValueDomainEntryRead,
    ValueDomainRead,
)
from catalog.elements.words import ElementStatus
from shuqiao.clock import now, today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: Members of what is shown that come from other tables.
_NAMED: Final = {"value_domain"}
#: What the columns of an element hold of what is said of it.
PLAIN: Final = set(ElementContent.model_fields) - {"domain"}


def adopt(session: Session, subject: Subject, body: ElementCreate) -> DataElement:
    """Adopt an element at once, with its value domain if one is given: for the lists of a standard
    that was issued (国标、行标、地标), which is not ours to discuss.

    Raises ``Invalid`` (what contradicts itself, unknown department, a code twice),
    ``ElementExists``, ``AdoptedAlready`` or ``ValueDomainExists``.
    """
    if found := checks.faults(body):
        raise Invalid(errors=found)
    if body.identifier and repository.by_identifier(session, body.identifier) is not None:
        raise ElementExists
    _refuse_another(session, body)
    element = DataElement(
        identifier=body.identifier or repository.next_identifier(session),
        status=ElementStatus.STANDARD,
        adopted_at=now(),
        **columns(body),
    )
    domain = _domain(session, subject, body)
    element.value_domain_id = domain.id if domain else None
    session.add(element)
    session.flush()
    append(
        session,
        subject,
        Event.ELEMENT_ADOPTED,
        stream=element.identifier,
        obj=element.audit_ref(),
        why={"domain": domain.identifier if domain else None},
        change=(None, element.status.value),
    )
    return element


def columns(said: ElementContent) -> dict[str, Any]:
    """What is said of an element as its columns hold it, but for its domain."""
    return said.model_dump(include=PLAIN)


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
    shown = []
    for element in elements:
        version = versions.get(element.value_domain_id) if element.value_domain_id else None
        fields = element.model_dump(include=set(ElementRead.model_fields) - _NAMED)
        domain = _domain_read(named[version.domain_id], version) if version else None
        shown.append(ElementRead(**fields, value_domain=domain))
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


def _refuse_another(session: Session, body: ElementCreate) -> None:
    first = repository.adopted(session, body.name, body.object_class)
    if first is not None:
        raise AdoptedAlready(
            _(
                "It is %(identifier)s, /api/v1/elements/%(identifier)s. Use it, or name the object "
                "class that tells the two apart.",
                identifier=first.identifier,
            )
        )


def _domain(session: Session, subject: Subject, body: ElementCreate) -> ValueDomain | None:
    """The domain that is named, or made of what was given. Raises ``Invalid``."""
    if body.domain is not None:
        found = domains.by_identifier(session, body.domain)
        if found is None or body.value_domain is not None:
            fix = _("Name a value domain that exists, or give the codes; not both.")
            detail = _("This is not the value domain to go by")
            raise Invalid(errors=[FieldError("/domain", "unknown", detail, fix)])
        return found
    return _given(session, subject, body.value_domain) if body.value_domain else None


def _given(session: Session, subject: Subject, body: ValueDomainCreate) -> ValueDomain:
    """A list given with its element: the first edition of its name, or the next one."""
    _refuse_repeated_codes(body)
    domain = domains.by_name(session, body.name, lock=True)
    if domain is None:
        domain = importing.create(session, subject, DomainCreate(name=body.name))
    edition = EditionWrite(label=body.edition, source=body.source, in_force_from=today())
    rows = [{"code": entry.code, "label": entry.label} for entry in body.entries]
    importing.add_edition(session, subject, domain, edition, listed(rows), {})
    return domain


def _refuse_repeated_codes(body: ValueDomainCreate) -> None:
    first: dict[str, int] = {}
    errors = []
    for position, entry in enumerate(body.entries):
        if entry.code in first:
            detail = _(
                "This code is already entry %(number)s of the list", number=first[entry.code] + 1
            )
            pointer = f"/value_domain/entries/{position}/code"
            errors.append(FieldError(pointer, "repeated_code", detail, _("Keep one of the two.")))
        first.setdefault(entry.code, position)
    if errors:
        raise Invalid(errors=errors[:100])
