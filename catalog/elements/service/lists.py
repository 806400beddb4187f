"""Taking in a whole list of elements: every row of it, or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlmodel import Session

from audit.append import append_alike
from audit.events import Event
from catalog.domains import repository as domains
from catalog.elements import repository
from catalog.elements.checks import ElementList, Fault, looks
from catalog.elements.errors import AdoptedAlready
from catalog.elements.models import DataElement, ElementVersion
from catalog.elements.schemas import ElementContent, ElementRow
from catalog.elements.service import versions
from catalog.elements.words import ElementStatus
from shuqiao.clock import now
from shuqiao.db import first_of
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

Rows = Sequence[tuple[int, ElementRow]]


def judge(session: Session, read: ElementList) -> list[Fault]:
    """Every fault of the list, row by row. Raises ``Invalid`` for a file without elements."""
    found = [*read.faults, *_repeated(read.rows), *_known(session, read.rows)]
    if not read.rows and not found:
        fix = _("Fill the template in: a row an element.")
        raise Invalid(errors=[FieldError("/file", "empty", _("The list has no elements"), fix)])
    return sorted(found, key=lambda each: each.row)


def take_in(
    session: Session, subject: Subject, rows: Rows, status: ElementStatus
) -> list[DataElement]:
    """Write the elements of a list that was judged, as drafts or adopted at once.

    Raises ``AdoptedAlready`` when somebody was faster.
    """
    free = iter(repository.next_identifiers(session, sum(not row.identifier for _n, row in rows)))
    named = domains.ids_by_identifier(session, {row.domain for _n, row in rows if row.domain})
    is_adopted = status is ElementStatus.STANDARD
    made = [
        DataElement(
            identifier=row.identifier or next(free),
            status=status,
            proposer_id=None if is_adopted else subject.department_id,
            adopted_at=now() if is_adopted else None,
            published_version=int(is_adopted),
            value_domain_id=named[row.domain] if row.domain else None,
            **versions.columns(row),
        )
        for _number, row in rows
    ]
    with first_of(session, "data_element_adopted_key", AdoptedAlready):
        session.add_all(made)
    if is_adopted:
        session.add_all(
            _first_version(subject, element, row)
            for element, (_n, row) in zip(made, rows, strict=True)
        )
        session.flush()
    event = Event.ELEMENT_ADOPTED if is_adopted else Event.ELEMENT_DRAFTED
    append_alike(
        session,
        subject,
        event,
        [element.audit_ref() for element in made],
        why={"imported": len(made)},
        change=(None, status.value),
    )
    return made


def fingerprint(status: ElementStatus, sha256: str) -> bytes:
    """What makes two imports the same."""
    return hashlib.sha256(f"{status}{sha256}".encode()).digest()


def _first_version(subject: Subject, element: DataElement, row: ElementRow) -> ElementVersion:
    content = row.model_dump(mode="json", include=set(ElementContent.model_fields))
    return ElementVersion(
        element_id=element.id,
        number=1,
        content=content,
        digest=versions.digest(content),
        publisher_id=subject.user_id,
        published_at=now(),
    )


def _repeated(rows: Rows) -> Iterator[Fault]:
    """Names and identifiers that stand in the file twice."""
    names = Counter(looks(row) for _n, row in rows)
    given = Counter(row.identifier for _n, row in rows if row.identifier)
    fix = _("Keep one of them, or name the object class that tells the two apart.")
    for number, row in rows:
        if names[looks(row)] > 1:
            detail = _("Another row has this name and object class, or a look-alike")
            yield Fault(number, "name", detail, fix)
        if row.identifier and given[row.identifier] > 1:
            yield _fault(number, "identifier", _("Another row has this identifier"))


def _known(session: Session, rows: Rows) -> Iterator[Fault]:
    """What the registry has already, or has not."""
    taken = repository.adopted_looks(session)
    given = repository.ids_by_identifier(
        session, [row.identifier for _n, row in rows if row.identifier]
    )
    there = domains.ids_by_identifier(session, {row.domain for _n, row in rows if row.domain})
    for number, row in rows:
        first = taken.get(looks(row))
        if first is not None:
            fix = _(
                "It is %(identifier)s: leave the row out, or propose a change.", identifier=first
            )
            detail = _("An element of this name and object class, or a look-alike, is adopted")
            yield Fault(number, "name", detail, fix)
        if row.identifier in given:
            yield _fault(number, "identifier", _("A data element with this identifier exists"))
        if row.domain and row.domain not in there:
            fix = _("Import the value domain first, or leave it out.")
            yield Fault(number, "domain", _("No such value domain"), fix)


def _fault(number: int, name: str, detail: Message) -> Fault:
    return Fault(number, name, detail, _("Use another one, or leave it out."))
