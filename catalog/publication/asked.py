"""A search as its address says it: the same parameters on the page, in exports and in the API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Query
from starlette.datastructures import QueryParams

from catalog.elements.lifecycle import Word
from catalog.publication.facets import FACETS, OPEN, PROVIDER, FacetField
from catalog.resources.models import Format, SecurityLevel, ShareType, ShareWay, UpdateCycle
from shuqiao.i18n import Message, _

ADDRESS: Final = "/catalog"
WORDS_LIMIT: Final = 200
#: Values of one filter; a longer list is no choice any more.
CHOICE_LIMIT: Final = 100
Chosen = Mapping[str, tuple[str, ...]]


class Sort(Word):
    """The order of the hits."""

    RELEVANCE = "relevance", _("Best match first")
    NEWEST = "newest", _("Newest first")
    TITLE = "title", _("By name")


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


def asked(
    q: Annotated[str, Query(max_length=WORDS_LIMIT, description="Words; all must be found")] = "",
    share_type: Annotated[list[ShareType] | None, Query(description="Any of these")] = None,
    provider: Annotated[
        list[str] | None, Query(max_length=CHOICE_LIMIT, description="Credit codes")
    ] = None,
    data_format: Annotated[
        list[Format] | None, Query(description="Formats of the data; any of these")
    ] = None,
    share_way: Annotated[list[ShareWay] | None, Query(description="Any of these")] = None,
    update_cycle: Annotated[list[UpdateCycle] | None, Query(description="Any of these")] = None,
    security_level: Annotated[list[SecurityLevel] | None, Query(description="Any of these")] = None,
    is_open: Annotated[list[bool] | None, Query(description="Also open to the public")] = None,
    sort: Annotated[
        Sort | None, Query(description="`relevance` when words are searched for, else `newest`")
    ] = None,
) -> Asked:
    """Dependency behind ``AskedDep``: a wrong value is a 422 that names its parameter."""
    given = {
        "share_type": share_type,
        PROVIDER: provider,
        "data_format": data_format,
        "share_way": share_way,
        "update_cycle": update_cycle,
        "security_level": security_level,
        OPEN: [str(value).lower() for value in is_open] if is_open else None,
    }
    chosen = {
        name: _once(str(value) for value in values) for name, values in given.items() if values
    }
    return Asked(q.strip(), MappingProxyType(chosen), sort)


AskedDep = Annotated[Asked, Depends(asked)]


def asked_in_words(params: QueryParams) -> tuple[Asked, list[Message]]:
    """What a page's address asks for, and in words what of it was not understood and left out."""
    wrong: list[Message] = []
    words = params.get("q", "").strip()
    if len(words) > WORDS_LIMIT:
        wrong.append(
            _(
                "Search for at most %(limit)s characters; there are %(count)s.",
                limit=WORDS_LIMIT,
                count=len(words),
            )
        )
    chosen = {}
    for each in FACETS:
        values = _once(params.getlist(each.name))
        known = tuple(value for value in values if _is_known(each, value))[:CHOICE_LIMIT]
        if len(known) < len(values):
            wrong.append(_("“%(filter)s” has no such choice; it was left out.", filter=each.title))
        if known:
            chosen[each.name] = known
    sort = params.get("sort") or None
    if sort is not None and sort not in list(Sort):
        wrong.append(_("There is no such order; the usual one is shown."))
        sort = None
    return Asked(words, MappingProxyType(chosen), Sort(sort) if sort else None), wrong


def _is_known(facet: FacetField, value: str) -> bool:
    return value in list(facet.words) if facet.words else value.isalnum() and value.isascii()


def _once(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, in its order, blank ones left out."""
    return tuple(dict.fromkeys(value for value in values if value))
