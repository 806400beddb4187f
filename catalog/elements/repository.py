"""Every SQL statement about data elements."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, text
from sqlmodel import Session, col, select

from auth.visibility import Columns, visible
from catalog.domains.models import ValueDomain
from catalog.elements.models import IDENTIFIER, DataElement, ElementVersion
from catalog.elements.schemas import Sought
from catalog.elements.words import ElementStatus, Sourcing
from policies.actions import Action
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: The element series is numbered through, not by year: year 0.
_NEXT_SERIALS = text(
    "INSERT INTO number_series (prefix, year, last) VALUES ('DE', 0, :count)"
    " ON CONFLICT (prefix, year) DO UPDATE SET last = number_series.last + :count RETURNING last"
)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def _column(attribute: Any) -> ColumnElement[Any]:
    """A mapped attribute as the column it is."""
    return cast("ColumnElement[Any]", attribute)


#: Columns that a search for an element looks into.
_SEARCHED: Final = ("identifier", "name", "name_en", "object_class", "definition", "standard_no")
EVERYTHING: Final = Sought()
#: No department; a NULL would hide the row.
_NOBODY: Final = UUID(int=0)
#: Where the attributes that rules read of an element stand in its row.
_FACTS: Final[Columns] = {
    "status": _column(DataElement.status),
    "proposed_by": func.coalesce(_column(DataElement.proposer_id), _NOBODY),
}


def visible_to(subject: Subject) -> Any:
    """The rows that the single check would show."""
    return visible(Action.ELEMENT_READ, subject, _FACTS)


def page(
    session: Session, subject: Subject, wanted: PageRequest, sought: Sought = EVERYTHING
) -> tuple[Sequence[DataElement], str | None]:
    """One page by identifier of what is looked for."""
    query = select(DataElement).where(visible_to(subject), *_asked(sought))
    rows = session.exec(wanted.keyset(query, _column(DataElement.identifier))).all()
    return wanted.cut(rows, lambda row: (row.identifier,))


def everything(session: Session, subject: Subject, sought: Sought) -> Sequence[DataElement]:
    """The same without pages: what an export has."""
    query = select(DataElement).where(visible_to(subject), *_asked(sought))
    return session.exec(query.order_by(col(DataElement.identifier))).all()


def _asked(sought: Sought) -> list[ColumnElement[bool]]:
    asked = [_column(getattr(DataElement, name)) == value for name, value in sought.choices.items()]
    if sought.q:
        synonyms = func.array_to_string(_column(DataElement.synonyms), "\n")
        bears = [_column(getattr(DataElement, name)) for name in _SEARCHED] + [synonyms]
        asked.append(or_(*(each.icontains(sought.q, autoescape=True) for each in bears)))
    if sought.domain:
        of_domain = select(ValueDomain.id).where(ValueDomain.identifier == sought.domain)
        asked.append(_column(DataElement.value_domain_id).in_(of_domain))
    return asked


def by_identifier(session: Session, identifier: str, *, lock: bool = False) -> DataElement | None:
    """The element; None also for what can be no identifier."""
    if not IDENTIFIER.fullmatch(identifier):
        return None
    query = select(DataElement).where(DataElement.identifier == identifier)
    return session.exec(query.with_for_update() if lock else query).first()


def by_identifiers(session: Session, identifiers: Iterable[str]) -> Sequence[DataElement]:
    """The elements of these identifiers, by identifier."""
    query = select(DataElement).where(col(DataElement.identifier).in_(set(identifiers)))
    return session.exec(query.order_by(col(DataElement.identifier))).all()


def by_ids(session: Session, ids: Iterable[UUID]) -> dict[UUID, DataElement]:
    """The elements, by id."""
    query = select(DataElement).where(col(DataElement.id).in_(set(ids)))
    return {found.id: found for found in session.exec(query)}


def adopted(session: Session, looks: str) -> DataElement | None:
    """The adopted element whose name and object class look so; whoever adopts another one of that
    look waits until this transaction ends.
    """
    session.execute(_ONE_AT_A_TIME, {"name": looks})
    query = select(DataElement).where(
        DataElement.looks == looks,
        col(DataElement.status).in_((ElementStatus.RECORDED, ElementStatus.STANDARD)),
        col(DataElement.duplicate_of_id).is_(None),
    )
    return session.exec(query).first()


def ids_by_identifier(session: Session, identifiers: Iterable[str]) -> dict[str, UUID]:
    """Ids of the elements that exist, by identifier."""
    query = select(DataElement.identifier, DataElement.id).where(
        col(DataElement.identifier).in_(set(identifiers))
    )
    return dict(session.exec(query).all())


def adopted_looks(session: Session) -> dict[str, str]:
    """What every element that is recorded or adopted looks like → its identifier."""
    query = select(DataElement.looks, DataElement.identifier).where(
        col(DataElement.status).in_((ElementStatus.RECORDED, ElementStatus.STANDARD)),
        col(DataElement.duplicate_of_id).is_(None),
    )
    return dict(session.exec(query).all())


def identifiers_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    query = select(DataElement.id, DataElement.identifier).where(col(DataElement.id).in_(set(ids)))
    return dict(session.exec(query).all())


def version(session: Session, element_id: UUID, number: int) -> ElementVersion | None:
    query = select(ElementVersion).where(
        ElementVersion.element_id == element_id, ElementVersion.number == number
    )
    return session.exec(query).first()


def versions(session: Session, element_id: UUID) -> Sequence[ElementVersion]:
    """Every published version, the newest first."""
    query = select(ElementVersion).where(ElementVersion.element_id == element_id)
    return session.exec(query.order_by(col(ElementVersion.number).desc())).all()


def authoritative(session: Session, identifiers: Iterable[str]) -> frozenset[str]:
    """Those of ``identifiers`` that have an authoritative source."""
    query = select(DataElement.identifier).where(
        col(DataElement.identifier).in_(set(identifiers)),
        DataElement.sourcing == Sourcing.AUTHORITATIVE,
    )
    return frozenset(session.exec(query))


def next_identifier(session: Session) -> str:
    """The next free identifier of the DE series; its row stays locked
    until the transaction ends.
    """
    (identifier,) = next_identifiers(session, 1)
    return identifier


def next_identifiers(session: Session, count: int) -> list[str]:
    """So many of them, in their order."""
    free: list[str] = []
    while len(free) < count:
        wanted = count - len(free)
        last = session.connection().execute(_NEXT_SERIALS, {"count": wanted}).scalar_one()
        serials = [f"DE-{serial:06d}" for serial in range(last - wanted + 1, last + 1)]
        given = ids_by_identifier(session, serials)  # somebody may have given one by hand
        free += [each for each in serials if each not in given]
    return free
