"""The query as it is asked for, and what the search answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Final
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from catalog.resources.words import Format, SecurityLevel, ShareType, ShareWay, UpdateCycle
from catalog.search.words import FACETS, Sort, Widening
from shuqiao.web.paging import Page


class CatalogHit(BaseModel):
    """A published resource as the search shows it; ``matched_items``
    are the items that the words were found in.
    """

    code: str
    title: str
    abstract: str
    provider: str
    share_type: ShareType
    share_way: ShareWay | None
    format: Format | None
    update_cycle: UpdateCycle | None
    security_level: SecurityLevel | None
    is_open: bool
    keywords: list[str]
    published_at: datetime
    published_version: int
    item_count: int
    matched_items: list[str]


class Facet(BaseModel):
    """One value to narrow the search by, and how many of the hits have it."""

    value: str
    label: str
    count: int


class CatalogPage(Page[CatalogHit]):
    """Hits of a search.

    ``total`` is capped at 5,000 unless asked for exactly; ``exact``: whether it is the whole.
    """

    total: Annotated[int | None, Field(description="None when it was not asked for")]
    exact: bool
    facets: Annotated[
        dict[str, list[Facet]],
        Field(
            description="Parameter → values with hits, as if nothing of it were chosen; at most 50 "
            "providers"
        ),
    ]
    widened: Annotated[
        Widening | None,
        Field(
            description="Nothing fits the words as typed; how they were widened to find these: in "
            "parts (`apart`), by their sound (`sound`), one character else (`near`), any of them "
            "(`any`)"
        ),
    ] = None


ADDRESS: Final = "/catalog"


WORDS_LIMIT: Final = 200


#: Values of one filter; a longer list is no choice any more.
CHOICE_LIMIT: Final = 100


Chosen = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for.

    ``chosen``: facet → values as they stand in addresses, any of them fits.
    """

    words: str = ""
    chosen: Chosen = field(default_factory=lambda: MappingProxyType({}))
    sort: Sort | None = None
    #: Hits a page; None: as many as usual.
    limit: int | None = None

    @property
    def order(self) -> Sort:
        """Asked for, else the best match where words are searched for, else the newest.
        Without words nothing matches better than another, so the newest come first.
        """
        default = Sort.RELEVANCE if self.words else Sort.NEWEST
        return (
            default
            if self.sort is None or (self.sort is Sort.RELEVANCE and not self.words)
            else self.sort
        )

    @property
    def orders(self) -> tuple[Sort, ...]:
        """The orders that make sense for this search."""
        return tuple(sort for sort in Sort if self.words or sort is not Sort.RELEVANCE)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters, in one order, without what is as usual."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [(each.name, value) for each in FACETS for value in self.chosen.get(each.name, ())]
        if self.order is not replace(self, sort=None).order:
            pairs.append(("sort", self.order.value))
        return pairs + ([("limit", str(self.limit))] if self.limit else [])

    @property
    def href(self) -> str:
        """The address of this search, from its first page on."""
        return _address(ADDRESS, self.pairs)

    def href_with(self, *more: tuple[str, str]) -> str:
        """The address with further parameters, such as a cursor."""
        return _address(ADDRESS, [*self.pairs, *more])

    def export_href(self, kind: str) -> str:
        """Everything this search finds, as a file."""
        pairs = [pair for pair in self.pairs if pair[0] != "limit"]
        return _address(f"{ADDRESS}/export", [("format", kind), *pairs])

    def api_href(self) -> str:
        """The same search for programs."""
        return _address("/api/v1/catalog", self.pairs)

    def without(self, name: str, value: str) -> "Asked":
        """The same search with one choice less."""
        left = tuple(each for each in self.chosen.get(name, ()) if each != value)
        return replace(self, chosen=MappingProxyType({**self.chosen, name: left}))

    def cleared(self) -> "Asked":
        """The same words without any choice."""
        return replace(self, chosen=MappingProxyType({}))

    @property
    def choices(self) -> int:
        """How many values are chosen."""
        return sum(map(len, self.chosen.values()))


def _address(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path
