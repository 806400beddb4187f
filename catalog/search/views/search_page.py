"""The catalogue as its page shows it: the search as asked, filters with counts, hits with the words
found.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from markupsafe import Markup
from sqlmodel import Session
from starlette.datastructures import URL

from catalog.publication.views.entry import TONES, marked
from catalog.resources import service as registering
from catalog.resources.words import ShareType
from catalog.search import service
from catalog.search.repository.hits import Search
from catalog.search.repository.steps import meant, sought
from catalog.search.schemas import WORDS_LIMIT, Asked, CatalogPage
from catalog.search.views.filters import Filter, chips, filters
from catalog.search.words import Widening
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest, decode, encode
from shuqiao.web.slots import PageSlot, ShownPanel

#: Buttons beside the heading, added by higher stages; asked with what is searched for.
ACTIONS: PageSlot[str] = PageSlot()
#: What can be done where nothing fits, added by higher stages; asked with what is searched for.
UNFOUND: PageSlot[str] = PageSlot()
#: Hits a page; the first is the usual number.
SIZES: Final = (20, 50, 100)


class View(StrEnum):
    """How hits are shown."""

    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page of hits begins: ``passed`` came before, ``after`` is the last of them."""

    passed: int = 0
    after: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class SearchPage(Page):
    """``wrong``: what of the address was not understood. ``first``: number of the first hit.

    ``marked``: a text with the words found in it. ``meant``: searches that find more of what was
    typed, with their addresses. ``applicable``: codes the reader may apply for.
    """

    template = "search/search.html"
    block = "found"
    asked: Asked
    found: CatalogPage
    wrong: Sequence[Message]
    is_refused: bool
    view: View
    tones: Mapping[ShareType, str]
    limit: int
    sizes: Sequence[int]
    first: int
    next_href: str
    filters: Sequence[Filter]
    chips: Sequence[tuple[Message, str]]
    marked: Callable[[str], Markup]
    meant: Sequence[tuple[str, str]]
    applicable: AbstractSet[str]
    actions: Sequence[ShownPanel]
    unfound: Sequence[ShownPanel]


def search_page(
    session: Session,
    subject: Subject,
    asked: Asked,
    size: int,
    start: Start,
    wrong: Sequence[Message],
    view: View,
) -> SearchPage:
    """The hits from ``start`` on; none for more words than are searched for."""
    is_refused = len(asked.words) > WORDS_LIMIT
    search = Search(words=()) if is_refused else service.wanted(session, asked)
    wanted = PageRequest(size, start.after, scope(asked), URL(asked.href))
    found = service.search(session, subject, search, wanted)
    words = sought(search.words or ())
    return SearchPage(
        asked=asked,
        found=found,
        wrong=wrong,
        is_refused=is_refused,
        view=view,
        tones=TONES,
        limit=size,
        sizes=SIZES,
        first=start.passed + 1,
        next_href=_next(asked, found, start),
        filters=filters(session, found, asked),
        chips=chips(session, asked),
        marked=lambda text: marked(text, words),
        meant=_meant(asked, found),
        applicable=registering.applicable(session, subject, [hit.code for hit in found.items]),
        actions=ACTIONS.shown(session, subject, asked.words),
        unfound=[] if found.items else UNFOUND.shown(session, subject, asked.words),
    )


def _meant(asked: Asked, found: CatalogPage) -> list[tuple[str, str]]:
    """What was perhaps meant where a character or the spelling was widened."""
    if found.widened not in (Widening.SOUND, Widening.NEAR):
        return []
    said = meant(asked.words, [hit.title for hit in found.items])
    return [(words, replace(asked, words=words).href) for words in said]


def scope(asked: Asked) -> str:
    """The list that a cursor belongs to."""
    return asked.href


def _next(asked: Asked, found: CatalogPage, start: Start) -> str:
    """The address of the next page; its cursor also says how many hits came before."""
    if found.next is None:
        return ""
    key = decode(found.next, scope(asked))
    passed = start.passed + len(found.items)
    return asked.href_with(("cursor", encode((*key, passed), scope(asked))))
