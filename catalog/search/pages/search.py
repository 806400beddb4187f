"""The page of the search: the catalogue with its filters; the same set
as a file is in ``files``.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.datastructures import URL
from starlette.responses import Response

from auth.identify import SubjectDep
from catalog.publication.views.entry import TONES, marked
from catalog.resources import service as registering
from catalog.search import service
from catalog.search.forms import asked_in_words
from catalog.search.repository import Search
from catalog.search.schemas import ADDRESS, WORDS_LIMIT, Asked, CatalogPage
from catalog.search.views.filters import chips, filters
from shuqiao.db import ReadSessionDep
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.engine import page, wants_fragment
from shuqiao.web.paging import PageRequest, decode, encode
from shuqiao.web.preferences import YEAR_SECONDS

router = APIRouter()

#: Hits a page; the first is the usual number.
SIZES: Final = (20, 50, 100)
VIEW_COOKIE: Final = "catalog_view"


class View(StrEnum):
    """How hits are shown."""

    LIST = "list"
    TABLE = "table"


@router.get("/catalog")
def search_page(request: Request, subject: SubjectDep, session: ReadSessionDep) -> Response:
    """Search box, filters with counts, hits with the words found; the
    address says it all, so it can be passed on.

    What the address says wrongly is left out and told in words, with status 400; the words typed
    stay in the box.
    """
    asked, wrong = asked_in_words(request.query_params)
    asked, size, bad_size = _sized(request, asked)
    start, after, bad_cursor = _continued(request, asked)
    is_refused = len(asked.words) > WORDS_LIMIT
    search = Search(words=()) if is_refused else service.wanted(session, asked)
    found = service.search(
        session, subject, search, PageRequest(size, after, _scope(asked), URL(asked.href))
    )
    view = _view(request)
    values = {
        "asked": asked,
        "found": found,
        "wrong": [*wrong, *bad_size, *bad_cursor],
        "view": view,
        "tones": TONES,
        "is_refused": is_refused,
        "limit": size,
        "sizes": SIZES,
        "first": start + 1,
        "last": start + len(found.items),
        "next_href": _next(asked, found, start),
        "list_href": asked.href_with(("view", "list")),
        "table_href": asked.href_with(("view", "table")),
        "filters": filters(session, found, asked),
        "chips": chips(session, asked),
        **_around_hits(session, subject, search, found),
    }
    answer = page(
        request,
        "search/search.html",
        values,
        block="found",
        status=400 if values["wrong"] else 200,
    )
    if wants_fragment(request):  # the address without what a form sends only because it is there
        answer.headers["HX-Push-Url"] = (
            asked.href if not start else str(request.url.path) + "?" + request.url.query
        )
    return _remembered(request, answer)


def _sized(request: Request, asked: Asked) -> tuple[Asked, int, list[Message]]:
    """The search with its page size, the size, and words when it is none of ours."""
    sent = request.query_params.get("limit", "")
    if not sent:
        return asked, SIZES[0], []
    if not (sent.isascii() and sent.isdigit() and 1 <= int(sent[:6]) <= max(SIZES)):
        return (
            asked,
            SIZES[0],
            [_("A page has 1 to %(most)s entries; the usual number is shown.", most=max(SIZES))],
        )
    size = int(sent)
    return (asked if size == SIZES[0] else replace(asked, limit=size)), size, []


def _continued(request: Request, asked: Asked) -> tuple[int, tuple[Any, ...] | None, list[Message]]:
    """How many hits came before this page, and the last of them; from
    the start when the cursor is of another list.
    """
    sent = request.query_params.get("cursor", "")
    if not sent:
        return 0, None, []
    try:
        *after, start = decode(sent, _scope(asked))
    except (Invalid, ValueError):
        return (
            0,
            None,
            [_("This page of the list cannot be found any more; the list starts again.")],
        )
    return start, tuple(after), []


def _scope(asked: Asked) -> str:
    return asked.href


def _next(asked: Asked, found: CatalogPage, start: int) -> str:
    """The address of the next page; its cursor also says how many hits came before."""
    if found.next is None:
        return ""
    key = decode(found.next, _scope(asked))
    return asked.href_with(("cursor", encode((*key, start + len(found.items)), _scope(asked))))


def _view(request: Request) -> View:
    chosen = request.query_params.get("view") or request.cookies.get(VIEW_COOKIE)
    return View.TABLE if chosen == View.TABLE else View.LIST


def _remembered(request: Request, answer: Response) -> Response:
    chosen = request.query_params.get("view")
    if chosen in list(View):
        is_secure = not settings().has_plain_cookie
        answer.set_cookie(
            VIEW_COOKIE,
            chosen,
            max_age=YEAR_SECONDS,
            path=ADDRESS,
            secure=is_secure,
            httponly=True,
            samesite="lax",
        )
    return answer


def _around_hits(
    session: Session, subject: Subject, search: Search, found: CatalogPage
) -> Mapping[str, Any]:
    """What is shown beside the hits: the words marked, where the reader may apply."""
    words = search.words or ()
    return {
        "marked": lambda text: marked(text, words),
        "applicable": registering.applicable(session, subject, [hit.code for hit in found.items]),
    }
