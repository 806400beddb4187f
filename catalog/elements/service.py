"""Adopting data elements: the data administration says what a datum is
called, means and looks like.
"""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.elements import repository
from catalog.elements.errors import AdoptedAlready, ElementExists, ValueDomainExists
from catalog.elements.models import DataElement, ValueDomain
from catalog.elements.schemas import (
    ElementCreate,
    ElementRead,
    ValueDomainCreate,
    ValueDomainEntryRead,
    ValueDomainRead,
)
from catalog.elements.words import ElementStatus
from shuqiao.clock import now
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: Members of what is shown that come from other tables.
_NAMED: Final = {"source_department", "value_domain"}
_PLAIN: Final = {"name", "name_en", "object_class", "definition", "data_type", "standard_no"}


def adopt(session: Session, subject: Subject, body: ElementCreate) -> DataElement:
    """Adopt an element as standard, with its value domain if one is given.

    Raises ``Invalid`` (unknown department, a code twice), ``ElementExists``, ``AdoptedAlready`` or
    ``ValueDomainExists``.
    """
    if body.identifier and repository.by_identifier(session, body.identifier) is not None:
        raise ElementExists
    _refuse_another(session, body)
    element = DataElement(
        identifier=body.identifier or repository.next_identifier(session),
        status=ElementStatus.STANDARD,
        adopted_at=now(),
        **body.model_dump(include=_PLAIN),
    )
    if body.source_department is not None:
        department = repository.department_by_code(session, body.source_department)
        if department is None:
            fix = _("Use the unified social credit code of a registered department.")
            raise Invalid(
                errors=[FieldError("/source_department", "unknown", _("No such department"), fix)]
            )
        element.source_department_id = department.id
    if body.value_domain is not None:
        element.value_domain_id = _add_domain(session, body.value_domain).id
    session.add(element)
    session.flush()
    append(
        session,
        subject,
        Event.ELEMENT_ADOPTED,
        stream=element.identifier,
        obj=element.audit_ref(),
        why={"entries": len(body.value_domain.entries) if body.value_domain else 0},
        change=(None, element.status.value),
    )
    return element


def read_model(
    session: Session, element: DataElement, *, with_entries: bool = False
) -> ElementRead:
    """The element as the API and the pages show it."""
    (shown,) = read_models(session, [element])
    if with_entries and shown.value_domain is not None and element.value_domain_id is not None:
        shown.value_domain.entries = [
            ValueDomainEntryRead(code=entry.code, label=entry.label)
            for entry in repository.entries(session, element.value_domain_id)
        ]
    return shown


def read_models(session: Session, elements: Sequence[DataElement]) -> list[ElementRead]:
    """Several elements without the entries of their domains."""
    domains = repository.domains(
        session, {e.value_domain_id for e in elements if e.value_domain_id}
    )
    names = repository.department_names(
        session, {e.source_department_id for e in elements if e.source_department_id}
    )
    shown = []
    for element in elements:
        found = domains.get(element.value_domain_id) if element.value_domain_id else None
        department = (
            names.get(element.source_department_id) if element.source_department_id else None
        )
        fields = element.model_dump(include=set(ElementRead.model_fields) - _NAMED)
        domain = _domain_read(*found) if found else None
        shown.append(ElementRead(**fields, source_department=department, value_domain=domain))
    return shown


def _domain_read(domain: ValueDomain, count: int) -> ValueDomainRead:
    return ValueDomainRead(
        name=domain.name, edition=domain.edition, source=domain.source, entry_count=count
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


def _add_domain(session: Session, body: ValueDomainCreate) -> ValueDomain:
    _refuse_repeated_codes(body)
    if repository.domain_by_edition(session, body.name, body.edition) is not None:
        raise ValueDomainExists
    domain = ValueDomain(name=body.name, edition=body.edition, source=body.source)
    session.add(domain)
    session.flush()
    rows = [
        {"domain_id": domain.id, "code": entry.code, "label": entry.label, "position": position}
        for position, entry in enumerate(body.entries)
    ]
    repository.add_entries(session, rows)
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
