"""Finding what is published: one page of hits with counts, or all of
them for an export, over the same rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.search.repository import hits
from catalog.search.repository.hits import Search
from catalog.search.repository.steps import widened
from catalog.search.schemas import Asked, CatalogHit, CatalogPage, Facet
from catalog.search.words import FACETS, OPEN, PROVIDER
from shuqiao.skeletons import skeleton
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: The id of no department.
_NOBODY: Final = UUID(int=0)
#: How far hits are counted: up to 5,000, all of them, or not at all
#: (then there are no counts by facet either).
Counting = Literal["capped", "exact", "none"]


def wanted(session: Session, asked: Asked) -> Search:
    """The search behind an address; an unknown provider has nothing."""
    chosen: dict[str, Sequence[Any]] = {}
    for each in FACETS:
        values = asked.chosen.get(each.name, ())
        if not values:
            continue
        if each.name == PROVIDER:
            chosen[each.name] = hits.department_ids(session, values) or [_NOBODY]
        elif each.name == OPEN:
            chosen[each.name] = [value == "true" for value in values]
        else:
            chosen[each.name] = [each.words(value) for value in values] if each.words else values
    return Search.of(asked.words, chosen, asked.order)


def search(
    session: Session,
    subject: Subject,
    search: Search,
    page: PageRequest,
    counting: Counting = "capped",
) -> CatalogPage:
    """One page of the catalogue with counts, over exactly what the single check would show."""
    rows, following = hits.page(session, subject, search, page)
    if not rows and search.words:
        search = settled(session, subject, search)
        if search.step.widening:
            rows, following = hits.page(session, subject, search, page)
    found, wider = shown(session, rows, search), search.step.widening
    if counting == "none":
        return CatalogPage(
            items=found, next=following, total=None, exact=False, facets={}, widened=wider
        )
    total, numbers = hits.counts(session, subject, search)
    limit = hits.COUNT_LIMIT if counting == "capped" else total
    return CatalogPage(
        items=found,
        next=following,
        total=min(total, limit),
        exact=total <= limit,
        facets=_facets(session, numbers),
        widened=wider,
    )


def settled(session: Session, subject: Subject, search: Search) -> Search:
    """The search as typed if anything fits it, whatever is chosen; else the first wider one that
    something fits; else as typed.
    """
    if not search.words:
        return search
    steps = (replace(search, step=step) for step in widened(search.words))
    fitting = (each for each in (search, *steps) if hits.has_any(session, subject, each))
    return next(fitting, search)


def everything(session: Session, subject: Subject, search: Search) -> Iterator[list[CatalogHit]]:
    """All hits in the order of the list, a thousand at a time; never capped."""
    search = settled(session, subject, search)
    for rows in hits.everything(session, subject, search):
        yield shown(session, rows, search)


def shown(session: Session, rows: Sequence[DataResource], search: Search) -> list[CatalogHit]:
    """Resources as the search shows them."""
    names = departments.names(session, {row.provider_id for row in rows})
    items = resources.item_names(session, {row.id for row in rows})
    return [_hit(row, names[row.provider_id], items.get(row.id, []), search) for row in rows]


def provider_labels(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names of providers by credit code; unknown ones are left out."""
    return hits.department_names(session, codes)


_PLAIN: Final = tuple(set(CatalogHit.model_fields) - {"provider", "matched_items", "item_count"})


#: Names of items come back on every page of the search.
_looks: Final = lru_cache(maxsize=4_096)(skeleton)


def _hit(row: DataResource, provider: str, items: list[str], search: Search) -> CatalogHit:
    looks = [_looks(word) for word in search.words or ()]
    matched = [name for name in items if any(look in _looks(name) for look in looks)]
    fields = {name: getattr(row, name) for name in _PLAIN}
    return CatalogHit.model_construct(
        provider=provider, matched_items=matched, item_count=len(items), **fields
    )


def _facets(session: Session, numbers: hits.Counts) -> dict[str, list[Facet]]:
    """Values with hits: words in their own order, providers the largest first."""
    found = {}
    for each in FACETS:
        counted = numbers[each.name]
        if each.name == PROVIDER:
            found[each.name] = _providers(session, counted)
            continue
        by_value = {str(value).lower(): number for value, number in counted.items()}
        found[each.name] = [
            Facet(value=word.value, label=str(word.label), count=by_value[word.value])
            for word in each.words or ()
            if word.value in by_value
        ]
    return found


def _providers(session: Session, counted: Mapping[Any, int]) -> list[Facet]:
    largest = dict(sorted(counted.items(), key=lambda pair: -pair[1])[: hits.FACET_LIMIT])
    rows = sorted(hits.departments(session, largest), key=lambda row: (-largest[row.id], row.code))
    return [Facet(value=row.code, label=row.name, count=largest[row.id]) for row in rows]
