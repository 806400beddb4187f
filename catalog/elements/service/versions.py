"""What an element says, version by version: what is published stays, the next version takes its
place, and an element ends only by its successor or with a reason.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.domains import repository as domains
from catalog.elements import checks, repository
from catalog.elements.errors import AdoptedAlready
from catalog.elements.fields import FIELDS
from catalog.elements.models import DataElement, ElementVersion
from catalog.elements.schemas import ElementContent
from catalog.elements.words import ElementStatus
from shuqiao.changes import Change, compare
from shuqiao.clock import now, today
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: What the columns of an element hold of what is said of it.
PLAIN: Final = set(ElementContent.model_fields) - {"domain"}


def content_of(session: Session, element: DataElement) -> ElementContent:
    """What the element says now."""
    domain = None
    if element.value_domain_id is not None:
        found = domains.domains(session, [element.value_domain_id])
        domain = found[element.value_domain_id].identifier
    return ElementContent(**element.model_dump(include=PLAIN), domain=domain)


def columns(said: ElementContent) -> dict[str, Any]:
    """The columns of an element that says this, its domain apart."""
    return {**said.model_dump(include=PLAIN), "looks": checks.looks(said)}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of a content as JSON: members by name, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def checked(session: Session, said: ElementContent, element: DataElement | None = None) -> None:
    """Whether ``element``, or a new one, may say so.

    Raises ``Invalid`` for what contradicts itself or a domain that is none, ``AdoptedAlready``.
    """
    found = checks.faults(said)
    if said.domain is not None and domains.by_identifier(session, said.domain) is None:
        fix = _("Name a value domain that exists, as VD-000001.")
        found.append(FieldError("/domain", "unknown", _("No such value domain"), fix))
    if found:
        raise Invalid(errors=found)
    first = repository.adopted(session, checks.looks(said))
    if first is not None and (element is None or first.id != element.id):
        raise AdoptedAlready(
            _(
                "It is “%(name)s”, %(identifier)s, /api/v1/elements/%(identifier)s. Use it, or "
                "name the object class that tells the two apart.",
                name=first.name,
                identifier=first.identifier,
            )
        )


def draft(session: Session, subject: Subject, said: ElementContent) -> DataElement:
    """A new element of the own department, with its identifier. Raises as ``checked``."""
    checked(session, said)
    element = DataElement(
        identifier=repository.next_identifier(session),
        proposer_id=subject.department_id,
        status=ElementStatus.DRAFT,
        **columns(said),
    )
    _go_by_domain(session, element, said)
    session.add(element)
    session.flush()
    _note(session, subject, element, Event.ELEMENT_DRAFTED, None)
    return element


def rewrite(session: Session, subject: Subject, element: DataElement, said: ElementContent) -> None:
    """Let a draft say something else. Raises as ``checked``."""
    checked(session, said, element)
    _write(session, element, said)
    element.version += 1
    session.flush()
    _note(session, subject, element, Event.ELEMENT_DRAFTED, element.status)


def stage(session: Session, subject: Subject, element: DataElement, status: ElementStatus) -> None:
    """A new element is recorded while it is heard, or a draft again. Raises as ``checked``."""
    if status is ElementStatus.RECORDED:
        checked(session, content_of(session, element), element)
    before, element.status = element.status, status
    element.version += 1
    session.flush()
    is_recorded = status is ElementStatus.RECORDED
    event = Event.ELEMENT_RECORDED if is_recorded else Event.ELEMENT_DRAFTED
    _note(session, subject, element, event, before)


def publish(
    session: Session,
    subject: Subject,
    element: DataElement,
    said: ElementContent,
    *,
    proposal_no: str = "",
) -> ElementVersion:
    """Publish what is said as the next version of ``element``. Raises as ``checked``."""
    checked(session, said, element)
    before = element.status if element.number else None
    is_first = element.published_version == 0
    _write(session, element, said)
    element.status = ElementStatus.STANDARD
    element.adopted_at = element.adopted_at or now()
    element.published_version += 1
    element.version += 0 if before is None else 1
    session.add(element)
    session.flush()
    content = said.model_dump(mode="json", include=set(ElementContent.model_fields))
    made = ElementVersion(
        element_id=element.id,
        number=element.published_version,
        content=content,
        digest=digest(content),
        proposal_no=proposal_no,
        publisher_id=subject.user_id,
        published_at=now(),
    )
    session.add(made)
    session.flush()
    event = Event.ELEMENT_ADOPTED if is_first else Event.ELEMENT_CHANGED
    why = {"published_version": made.number, "digest": made.digest, "domain": said.domain}
    why |= {"proposal": proposal_no} if proposal_no else {}
    _note(session, subject, element, event, before, why)
    return made


def end(
    session: Session,
    subject: Subject,
    element: DataElement,
    *,
    successor: DataElement | None,
    reason: str,
    proposal_no: str,
) -> None:
    """From today nothing is bound to ``element`` any more; with a ``successor``, to that."""
    before = element.status
    element.status = ElementStatus.SUPERSEDED if successor else ElementStatus.RETIRED
    element.successor_id = successor.id if successor else None
    element.ended_on, element.end_reason = today(), reason
    element.version += 1
    session.flush()
    event = Event.ELEMENT_SUPERSEDED if successor else Event.ELEMENT_RETIRED
    why: dict[str, Any] = {"proposal": proposal_no}
    why |= {"successor": successor.identifier} if successor else {}
    _note(session, subject, element, event, before, why)


def version_of(session: Session, element: DataElement, number: int) -> ElementVersion:
    """Raises ``NotFound``."""
    found = repository.version(session, element.id, number)
    if found is None:
        raise NotFound(_("The element has no such version"))
    return found


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Sequence[Change]:
    """What is said otherwise, field by field."""
    return compare(FIELDS, before, after)


def _write(session: Session, element: DataElement, said: ElementContent) -> None:
    for name, value in columns(said).items():
        setattr(element, name, value)
    _go_by_domain(session, element, said)


def _go_by_domain(session: Session, element: DataElement, said: ElementContent) -> None:
    domain = domains.by_identifier(session, said.domain) if said.domain else None
    element.value_domain_id = domain.id if domain else None


def _note(
    session: Session,
    subject: Subject,
    element: DataElement,
    event: Event,
    before: ElementStatus | None,
    why: Mapping[str, Any] | None = None,
) -> None:
    append(
        session,
        subject,
        event,
        stream=element.identifier,
        obj=element.audit_ref(),
        why=why,
        change=(before.value if before else None, element.status.value),
    )
