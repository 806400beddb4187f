"""Every SQL statement of the search: hits, counts by facet, and whole
lists for exports, all over the same rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from auth.departments.models import Department
from catalog.resources.models import SEARCH, DataResource
from catalog.resources.repository import visible_to
from catalog.search.repository.steps import Step, Way, typed
from catalog.search.words import FACETS, Sort, Widening
from shuqiao.db import column
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject
from shuqiao.terms import neighbours, words
from shuqiao.web.paging import PageRequest

#: Hits are counted up to here; a larger number is told as "5,000+".
COUNT_LIMIT: Final = 5_000
FACET_LIMIT: Final = 50
EXPORT_PAGE: Final = 1_000
#: A literal, so that the planner sees that it is the condition of the partial index.
_PUBLISHED: Final[ColumnElement[bool]] = literal_column("data_resource.status = 'published'")
#: Names in the order of GB 18030, which is by pinyin for common
#: characters; no collation of the server is needed.
_BY_TITLE: Final[ColumnElement[str]] = func.encode(
    func.convert_to(col(DataResource.title), literal_column("'GB18030'")),
    literal_column("'hex'"),
    type_=String,
).collate("C")
_NO_TABLE_SCAN: Final = text("SET LOCAL enable_seqscan = off")
#: Facet → value in the database → hits.
Counts = Mapping[str, Mapping[Any, int]]


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for.

    ``words`` None: everything; empty: the query had no word in it, so nothing fits. ``step``: how
    the words are asked for, as typed or wider.
    """

    words: tuple[str, ...] | None = None
    query: str = ""
    step: Step = field(default_factory=lambda: Step(()))
    #: Facet → values as the database holds them; any of them fits.
    chosen: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: MappingProxyType({}))
    sort: Sort = Sort.NEWEST

    @classmethod
    def of(
        cls,
        query: str,
        chosen: Mapping[str, Sequence[Any]] = MappingProxyType({}),
        sort: Sort | None = None,
    ) -> "Search":
        said = words(query) if query.strip() else None
        plain = "".join(char if char.isprintable() else " " for char in query).strip()
        kept = {name: tuple(values) for name, values in chosen.items() if values}
        order = sort or (Sort.RELEVANCE if said else Sort.NEWEST)
        return cls(said, plain, typed(said or ()), MappingProxyType(kept), order)


def page(
    session: Session, subject: Subject, search: Search, wanted: PageRequest
) -> tuple[Sequence[DataResource], str | None]:
    """One page of published resources in the order asked for."""
    _by_index(session, search)
    key, is_descending = _order(search)
    query = select(DataResource, key.label("key")).where(_wanted(subject, search))
    rows = session.execute(
        wanted.keyset(query, key, column(DataResource.id), descending=is_descending)
    ).all()
    kept, following = wanted.cut(rows, lambda row: (row[1], row[0].id))
    return [row[0] for row in kept], following


def everything(
    session: Session, subject: Subject, search: Search
) -> Iterator[Sequence[DataResource]]:
    """All hits in the same order, a thousand at a time."""
    _by_index(session, search)
    key, is_descending = _order(search)
    after: tuple[Any, ...] | None = None
    while True:
        wanted = PageRequest(limit=EXPORT_PAGE, after=after)
        query = select(DataResource, key.label("key")).where(_wanted(subject, search))
        rows = session.execute(
            wanted.keyset(query, key, column(DataResource.id), descending=is_descending)
        ).all()
        if rows:
            yield [row[0] for row in rows[:EXPORT_PAGE]]
        if len(rows) <= EXPORT_PAGE:
            return
        after = (rows[EXPORT_PAGE - 1][1], rows[EXPORT_PAGE - 1][0].id)


def has_any(session: Session, subject: Subject, search: Search) -> bool:
    """Whether anything says the words, whatever is chosen."""
    _by_index(session, search)
    rows = select(literal(1)).where(_seen(subject, search)).limit(1)
    return session.connection().execute(rows).first() is not None


def counts(session: Session, subject: Subject, search: Search) -> tuple[int, Counts]:
    """How many hits, and how many for every value of every facet as if
    nothing of that facet were chosen.

    One pass over the rows: each is grouped by every facet, and counted once for the hits and once
    for each facet with a choice, with that choice left out.
    """
    _by_index(session, search)
    columns = [each.column for each in FACETS]
    narrowed = [each for each in FACETS if each.name in search.chosen]
    numbers = [func.count().filter(_fits(search, except_for=each.name)) for each in narrowed]
    whole = func.count().filter(_fits(search)) if narrowed else func.count()
    sets = func.grouping_sets(*(tuple_(each) for each in columns), literal_column("()"))
    query = (
        select(func.grouping(*columns), *columns, whole, *numbers)
        .where(_seen(subject, search))
        .group_by(sets)
    )
    total, found = 0, {each.name: dict[Any, int]() for each in FACETS}
    places = {_mask(place): place for place in range(len(FACETS))}
    for mask, *cells in session.connection().execute(query):
        if mask not in places:
            total = int(cells[len(columns)])
            continue
        facet = FACETS[places[mask]]
        value = cells[places[mask]]
        number = (
            cells[len(columns) + 1 + narrowed.index(facet)]
            if facet in narrowed
            else cells[len(columns)]
        )
        if number and value is not None:
            found[facet.name][value] = int(number)
    return total, found


def _mask(place: int) -> int:
    """What GROUPING() gives for the set of one column: a bit for every column that is not in it."""
    return (1 << len(FACETS)) - 1 - (1 << (len(FACETS) - 1 - place))


def departments(session: Session, ids: Iterable[UUID]) -> Sequence[Row[Any, Any, Any]]:
    """Id, code and name."""
    query = select(column(Department.id), column(Department.code), column(Department.name))
    return session.connection().execute(query.where(col(Department.id).in_(set(ids)))).all()


def department_ids(session: Session, codes: Iterable[str]) -> Sequence[UUID]:
    """The departments with these credit codes; what is no code has none."""
    known = {code for code in codes if code.isalnum()}
    return session.exec(select_rows(Department.id).where(col(Department.code).in_(known))).all()


def department_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    known = {code for code in codes if code.isalnum()}
    query = select_rows(Department.code, Department.name).where(col(Department.code).in_(known))
    return dict(session.exec(query).all())


def _by_index(session: Session, search: Search) -> None:
    """Until the transaction ends, words are looked up in the index, however common they are.

    A word that most entries say makes the planner read the table: it takes no account of the
    vectors lying in TOAST, which makes that ten times slower (250 ms against 25 at 10,000
    resources).
    """
    if search.words:
        session.connection().execute(_NO_TABLE_SCAN)


def _order(search: Search) -> tuple[ColumnElement[Any], bool]:
    """What the hits are sorted by before their id, and whether it descends."""
    orders: Mapping[Sort, Callable[[], tuple[ColumnElement[Any], bool]]] = {
        Sort.RELEVANCE: lambda: (_rank(search), True),
        Sort.NEWEST: lambda: (column(DataResource.published_at), True),
        Sort.TITLE: lambda: (_BY_TITLE, False),
    }
    return orders[search.sort]()


def _seen(subject: Subject, search: Search) -> ColumnElement[bool]:
    """Published, visible to ``subject`` by the rule of the single check, and saying the words."""
    return and_(_PUBLISHED, visible_to(subject), _matches(search))


def _fits(search: Search, except_for: str = "") -> ColumnElement[bool]:
    """Within the choices of every facet but one."""
    chosen = (
        each.column.in_(search.chosen[each.name])
        for each in FACETS
        if each.name in search.chosen and each.name != except_for
    )
    return and_(true(), *chosen)


def _wanted(subject: Subject, search: Search) -> ColumnElement[bool]:
    return and_(_seen(subject, search), _fits(search))


def _matches(search: Search) -> ColumnElement[bool]:
    if search.words is None:
        return true()
    if not search.words:
        return false()
    plain = [group for group in search.step.groups if not any(way.patterns for way in group)]
    asked = " & ".join(f"({' | '.join(way.query for way in group)})" for group in plain if group)
    return and_(
        _says(asked) if asked else true(),
        *(
            or_(false(), *map(_fits_way, group))
            for group in search.step.groups
            if group not in plain
        ),
        *(false() for group in plain if not group),
    )


def _fits_way(way: Way) -> ColumnElement[bool]:
    looks = col(DataResource.title_skeleton)
    return and_(_says(way.query), or_(*map(looks.like, way.patterns)) if way.patterns else true())


def _says(query: str) -> ColumnElement[bool]:
    return SEARCH.op("@@", is_comparison=True)(cast(query, TSQUERY))


def _rank(search: Search) -> ColumnElement[int]:
    """Relevance as a whole number, so that it can stand in a cursor: the title itself, then words
    in the title, as typed before folded, the shortest title first; then words in names of items.

    Not ``ts_rank``: it reads the whole vector of every hit (5 µs each), and tells titles from the
    rest no better.
    """
    said = search.words or ()
    if search.step.widening is not None:
        said = tuple(dict.fromkeys(part for word in said for part in neighbours(word)))
    parts = [skeleton(word) for word in said]
    title, looks = column(DataResource.title), column(DataResource.title_skeleton)
    length = func.char_length(title)
    in_title = _count(looks, parts)
    return case(
        (looks == skeleton(search.query), 10_000_000),
        (
            in_title > 0,
            in_title * 10_000
            + case((func.strpos(title, search.query) > 0, 5_000), else_=0)
            - length,
        ),
        (_count(column(DataResource.item_looks), parts) > 0, 1_000 - length),
        else_=-length if search.step.widening is Widening.SOUND else 0,
    )


def _count(text: ColumnElement[str], parts: Sequence[str]) -> ColumnElement[int]:
    return sum((case((func.strpos(text, part) > 0, 1), else_=0) for part in parts), literal(0))
