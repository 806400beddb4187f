"""A search as its address says it: the same parameters on the page, in exports and in the API."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Annotated

from fastapi import Depends, Query
from starlette.datastructures import QueryParams

from catalog.resources.words import Format, SecurityLevel, ShareType, ShareWay, UpdateCycle
from catalog.search.schemas import CHOICE_LIMIT, WORDS_LIMIT, Asked
from catalog.search.words import FACETS, OPEN, PROVIDER, FacetField, Sort
from shuqiao.i18n import Message, _


def asked(
    q: Annotated[
        str,
        Query(
            max_length=WORDS_LIMIT,
            description="Words or parts of them, pinyin or its initials; all must be found, or the "
            "answer says under `widened` what was",
        ),
    ] = "",
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
