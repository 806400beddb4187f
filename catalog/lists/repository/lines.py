"""Published items as the lists have them as of a moment: which list each is in, and how many."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import BigInteger, ColumnElement, Uuid, func, not_, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from auth.areas.models import Area
from auth.areas.repository import within
from auth.departments.models import Department
from catalog.lists.schemas import Scope
from catalog.lists.words import By, ListKind
from catalog.negative.models import NegativeCover
from catalog.publication.models import Publication
from catalog.resources.models import DataResource
from catalog.resources.repository import read_code, visible_to
from catalog.resources.words import ShareType
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: So many lines are read at once for a file.
CHUNK: Final = 1_000
_LATER: Final = aliased(Publication)
_ENTRY: Final = col(Publication.entry)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, as of when, and which part of it."""

    kind: ListKind
    at: datetime
    scope: Scope
    #: Only these entries; None: all.
    only: frozenset[UUID] | None = None


class Line(NamedTuple):
    """A published item with the entry it was published in; ``item`` None: the entry alone."""

    publication_id: UUID
    resource_id: UUID
    code: str
    version: int
    published_at: datetime
    published_by: UUID
    is_self_reviewed: bool
    #: The entry as it was published, without its items.
    entry: dict[str, Any]
    department: Department
    place: int
    item: dict[str, Any] | None


def page(
    session: Session, subject: Subject, wanted: Wanted, asked: PageRequest, by: By
) -> tuple[list[Line], str | None]:
    """One page of lines, by department, code and place."""
    rows = session.execute(asked.keyset(_keys(subject, wanted, by), *_order(by))).all()
    kept, following = asked.cut(rows, lambda row: tuple(row)[1:])
    return _fetched(session, kept, by), following


def everything(
    session: Session, subject: Subject, wanted: Wanted, by: By = By.ITEM
) -> Iterator[list[Line]]:
    """All lines in the order of the list, a thousand at a time; never capped."""
    keys = session.execute(_keys(subject, wanted, by).order_by(*_order(by))).all()
    for first in range(0, len(keys), CHUNK):
        yield _fetched(session, keys[first : first + CHUNK], by)


def _fetched(session: Session, keys: Sequence[Any], by: By) -> list[Line]:
    """The lines of these keys, in their order. An entry is read once, however many items it has."""
    wanted = {key[0] for key in keys}
    heads = {line.publication_id: line for line in _entries(session, wanted)}
    if by is By.ENTRY:
        return [heads[key[0]] for key in keys]
    query = sql.select(col(Publication.id), _PLACE, _ITEM).select_from(Publication)
    query = query.join(_ITEMS, sql.true()).where(col(Publication.id).in_(wanted))
    items = {(row[0], row[1]): row[2] for row in session.execute(query)}
    return [heads[key[0]]._replace(place=key[3], item=items[key[0], key[3]]) for key in keys]


def items_of(session: Session, wanted: Wanted, lines: Sequence[Line]) -> dict[UUID, list[Line]]:
    """The items of these entries that are in the list, by publication, in their order."""
    heads = {line.publication_id: line for line in lines}
    query = (
        sql.select(col(Publication.id), _PLACE, _ITEM)
        .select_from(Publication)
        .join(_ITEMS, sql.true())
        .where(col(Publication.id).in_(heads), _in_list(wanted))
        .order_by(col(Publication.id), _PLACE)
    )
    found: dict[UUID, list[Line]] = {}
    for publication, place, item in session.execute(query):
        line = heads[publication]._replace(place=place, item=item)
        found.setdefault(publication, []).append(line)
    return found


def count(session: Session, subject: Subject, wanted: Wanted, by: By = By.ITEM) -> int:
    """How many lines the list has."""
    lines = _keys(subject, wanted, by).with_only_columns(col(Publication.id))
    counted = sql.select(func.count()).select_from(lines.subquery())
    return int(session.execute(counted).scalar_one())


def totals(
    session: Session, subject: Subject, at: datetime, scope: Scope
) -> Sequence[tuple[Department, int, int, int]]:
    """Of each department how many published items are in the responsibility list, how many in the
    negative one, and how many entries are published; by name.
    """
    wanted = Wanted(ListKind.NEGATIVE, at, scope)
    is_withheld = _withheld(at)
    counted = (
        sql.select(
            col(DataResource.provider_id).label("provider_id"),
            func.count().filter(not_(is_withheld)).label("kept"),
            func.count().filter(is_withheld).label("withheld"),
            func.count(sql.distinct(col(Publication.id))).label("entries"),
        )
        .select_from(_published())
        .join(_ITEMS, sql.true())
        .where(*_standing(subject, wanted))
        .group_by(col(DataResource.provider_id))
        .subquery()
    )
    query = (
        sql.select(Department, counted.c.kept, counted.c.withheld, counted.c.entries)
        .join(counted, counted.c.provider_id == col(Department.id))
        .order_by(col(Department.code))
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


_ITEMS: Final[Any] = (
    func.jsonb_array_elements(_ENTRY["items"])
    .table_valued(sql.column("value", JSONB), with_ordinality="place")
    .render_derived(name="item")
)
_ITEM: Final[Any] = _ITEMS.c.value
_PLACE: Final[ColumnElement[int]] = sql.type_coerce(_ITEMS.c.place, BigInteger)
_WITHHELD: Final = ShareType.WITHHELD.value


def _withheld(at: datetime) -> ColumnElement[bool]:
    """Whether a published item is in the negative list: struck by an entry, or published as not
    shared (before there were entries, with the words of the catalogue entry alone).
    """
    struck = sql.select(col(NegativeCover.item_id)).where(
        column(NegativeCover.since) <= at,
        or_(col(NegativeCover.until).is_(None), col(NegativeCover.until) > at),
    )
    return or_(
        sql.cast(_ITEM["id"].astext, Uuid).in_(struck),
        func.coalesce(_ITEM["share_type"].astext, "") == _WITHHELD,
        func.coalesce(_ENTRY["share_type"].astext, "") == _WITHHELD,
    )


def _in_list(wanted: Wanted) -> ColumnElement[bool]:
    is_withheld = _withheld(wanted.at)
    return is_withheld if wanted.kind is ListKind.NEGATIVE else not_(is_withheld)


def _published() -> Any:
    return (
        sql.join(Publication, DataResource, col(DataResource.id) == col(Publication.resource_id))
    ).join(Department, col(Department.id) == col(DataResource.provider_id))


def _standing(subject: Subject, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The publications that stood at the moment, within reach and scope."""
    at, scope = wanted.at, wanted.scope
    later = sql.exists().where(
        column(_LATER.resource_id) == col(Publication.resource_id),
        column(_LATER.version) > col(Publication.version),
        column(_LATER.published_at) <= at,
    )
    gone = col(DataResource.taken_down_at)
    clauses = [
        visible_to(subject),
        col(Publication.published_at) <= at,
        not_(later),
        or_(gone.is_(None), gone > at),
    ]
    if wanted.only is not None:
        clauses.append(col(DataResource.id).in_(wanted.only))
    if scope.code:
        clauses.append(col(DataResource.code) == (read_code(scope.code) or ""))
    return clauses + of_department(scope)


def of_department(scope: Scope) -> list[ColumnElement[bool]]:
    """The departments of a scope."""
    clauses: list[ColumnElement[bool]] = []
    if scope.department:
        clauses.append(col(Department.code) == scope.department)
    if scope.area:
        inside = sql.select(col(Area.code)).where(within(scope.area))
        clauses.append(col(Department.area_code).in_(inside))
    if scope.level is not None:
        clauses.append(column(Department.level) == scope.level)
    return clauses


def _keys(subject: Subject, wanted: Wanted, by: By) -> Any:
    """What lines are told and ordered by; all else is read of those that are shown."""
    standing = _standing(subject, wanted)
    told = (col(Publication.id), col(Department.code), col(DataResource.code))
    if by is By.ITEM:
        query = sql.select(*told, _PLACE.label("place")).select_from(_published())
        return query.join(_ITEMS, sql.true()).where(*standing, _in_list(wanted))
    has_items = sql.select(sql.literal(1)).select_from(_ITEMS).where(_in_list(wanted))
    plain = sql.select(*told).select_from(_published())
    return plain.where(*standing, has_items.correlate(Publication).exists())


def _entries(session: Session, publications: Collection[UUID]) -> Iterator[Line]:
    """These entries as they were published, without their items."""
    query = sql.select(
        col(Publication.id),
        col(Publication.resource_id),
        col(DataResource.code),
        col(Publication.version),
        col(Publication.published_at),
        col(Publication.published_by),
        col(Publication.is_self_reviewed),
        _ENTRY.op("-", return_type=JSONB())("items"),
        Department,
    ).select_from(_published())
    for row in session.execute(query.where(col(Publication.id).in_(publications))):
        yield Line._make((*row, 0, None))


def _order(by: By) -> tuple[ColumnElement[Any], ...]:
    place = (_PLACE,) if by is By.ITEM else ()
    return (column(Department.code), column(DataResource.code), *place)


__all__ = ["CHUNK", "Line", "Wanted", "count", "everything", "items_of", "page", "totals"]
