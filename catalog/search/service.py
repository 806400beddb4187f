"""Finding what is published: one page of hits with counts, or all of
them for an export, over the same rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.search import repository
from catalog.search.repository import Search
from catalog.search.schemas import Asked, CatalogHit, CatalogPage, Facet
from catalog.search.words import FACETS, OPEN, PROVIDER
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
            chosen[each.name] = repository.department_ids(session, values) or [_NOBODY]
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
    rows, following = repository.page(session, subject, search, page)
    found = shown(session, rows, search)
    if counting == "none":
        return CatalogPage(items=found, next=following, total=None, exact=False, facets={})
    total, numbers = repository.counts(session, subject, search)
    limit = repository.COUNT_LIMIT if counting == "capped" else total
    return CatalogPage(
        items=found,
        next=following,
        total=min(total, limit),
        exact=total <= limit,
        facets=_facets(session, numbers),
    )


def everything(session: Session, subject: Subject, search: Search) -> Iterator[list[CatalogHit]]:
    """All hits in the order of the list, a thousand at a time; never capped."""
    for rows in repository.everything(session, subject, search):
        yield shown(session, rows, search)


def shown(session: Session, rows: Sequence[DataResource], search: Search) -> list[CatalogHit]:
    """Resources as the search shows them."""
    names = departments.names(session, {row.provider_id for row in rows})
    items = resources.item_names(session, {row.id for row in rows})
    return [_hit(row, names[row.provider_id], items.get(row.id, []), search) for row in rows]


def provider_labels(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names of providers by credit code; unknown ones are left out."""
    return repository.department_names(session, codes)


_PLAIN: Final = tuple(set(CatalogHit.model_fields) - {"provider", "matched_items", "item_count"})


def _hit(row: DataResource, provider: str, items: list[str], search: Search) -> CatalogHit:
    words = set(search.words or ())
    matched = [name for name in items if words & set(resources.search_words(name))] if words else []
    fields = {name: getattr(row, name) for name in _PLAIN}
    return CatalogHit.model_construct(
        provider=provider, matched_items=matched, item_count=len(items), **fields
    )


def _facets(session: Session, numbers: repository.Counts) -> dict[str, list[Facet]]:
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
    largest = dict(sorted(counted.items(), key=lambda pair: -pair[1])[: repository.FACET_LIMIT])
    rows = sorted(
        repository.departments(session, largest), key=lambda row: (-largest[row.id], row.code)
    )
    return [Facet(value=row.code, label=row.name, count=largest[row.id]) for row in rows]
