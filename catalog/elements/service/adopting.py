"""Adopting an element at once, with its codes."""

from sqlmodel import Session

from catalog.domains import repository as domains
from catalog.domains import service as importing
from catalog.domains.checks import listed
from catalog.domains.models import ValueDomain
from catalog.domains.schemas import DomainCreate, EditionWrite
from catalog.elements import repository
from catalog.elements.errors import ElementExists
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementContent, ElementCreate, ValueDomainCreate
from catalog.elements.service import versions
from catalog.elements.words import ElementStatus
from shuqiao.clock import today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def adopt(session: Session, subject: Subject, body: ElementCreate) -> DataElement:
    """Adopt an element at once, with its value domain if one is given: for the lists of a standard
    that was issued (国标、行标、地标), which is not ours to discuss. What is ours is proposed and
    heard (``catalog.proposals``).

    Raises ``Invalid`` (what contradicts itself, unknown domain, a code twice),
    ``ElementExists``, ``AdoptedAlready`` or ``ValueDomainExists``.
    """
    if body.identifier and repository.by_identifier(session, body.identifier) is not None:
        raise ElementExists
    said = ElementContent(**body.model_dump(include=set(ElementContent.model_fields)))
    versions.checked(session, said)
    element = DataElement(
        identifier=body.identifier or repository.next_identifier(session),
        status=ElementStatus.STANDARD,
        **versions.columns(said),
    )
    domain = _domain(session, subject, body)
    said = said.model_copy(update={"domain": domain.identifier if domain else None})
    versions.publish(session, subject, element, said)
    return element


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
