"""The page of the search: the catalogue with its filters; the same set
as a file is in ``files``.
"""

from dataclasses import replace
from typing import Final

from fastapi import Request
from starlette.responses import Response

from auth.identify import SubjectDep
from catalog.search.forms import asked_in_words
from catalog.search.schemas import ADDRESS, Asked
from catalog.search.views.search_page import SIZES, Start, View, scope, search_page
from shuqiao.db import ReadSessionDep
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.web.engine import show, wants_fragment
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import decode
from shuqiao.web.preferences import YEAR_SECONDS

router = PageRouter()

VIEW_COOKIE: Final = "catalog_view"


@router.page("/catalog")
def search(request: Request, subject: SubjectDep, session: ReadSessionDep) -> Response:
    """Search box, filters with counts, hits with the words found; the
    address says it all, so it can be passed on.

    What the address says wrongly is left out and told in words, with status 400; the words typed
    stay in the box.
    """
    asked, wrong = asked_in_words(request.query_params)
    asked, size, bad_size = _sized(request, asked)
    start, bad_cursor = _continued(request, asked)
    wrong = [*wrong, *bad_size, *bad_cursor]
    found = search_page(session, subject, asked, size, start, wrong, _view(request))
    answer = show(request, found, status=400 if wrong else None)
    if wants_fragment(request):  # the address without what a form sends only because it is there
        answer.headers["HX-Push-Url"] = (
            f"{request.url.path}?{request.url.query}" if start.passed else asked.href
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


def _continued(request: Request, asked: Asked) -> tuple[Start, list[Message]]:
    """Where this page of the list begins; at its start when the cursor is of another list."""
    sent = request.query_params.get("cursor", "")
    if not sent:
        return Start(), []
    try:
        *after, passed = decode(sent, scope(asked))
    except (Invalid, ValueError):
        words = _("This page of the list cannot be found any more; the list starts again.")
        return Start(), [words]
    return Start(passed, tuple(after)), []


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
