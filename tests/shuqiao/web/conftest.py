"""A small application with the real layout, macros, static files and
headers, served on a free port.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from fixtures.browser import served
from pydantic import Field
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shuqiao import context
from shuqiao.errors import Forbidden
from shuqiao.subject import Subject
from shuqiao.texts import Count, LongText, Name, Strict
from shuqiao.web import engine
from shuqiao.web.error_pages import error_page
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter
from shuqiao.web.preferences import PreferenceLinks, preferences_of
from shuqiao.web.security_headers import SecurityHeaders
from shuqiao.web.static import StaticApp

GALLERY = Path(__file__).parent / "gallery"
APPLICANT = Subject(
    UUID(int=1),
    "wangqiang",
    "王强",
    UUID(int=2),
    "公安厅",
    frozenset({"applicant", "security_reviewer"}),
    "session",
)
AT = datetime(2026, 2, 11, 1, 5, 7, 123000, tzinfo=UTC)
START, DUE = date(2026, 2, 11), date(2026, 3, 3)


@dataclass(frozen=True, slots=True)
class PartsPage(Page):
    template = "gallery/parts.html"
    form: Form
    at: datetime = AT
    start: date = START
    due: date = DUE


@dataclass(frozen=True, slots=True)
class CatalogPage(Page):
    template = "gallery/catalog.html"
    block = "results"
    hits: int = 22
    start: date = START


@dataclass(frozen=True, slots=True)
class SharePage(Page):
    template = "gallery/form.html"
    form: Form


class ShareForm(Strict):
    items: Annotated[list[int], Field(min_length=1)]
    scene: Name
    basis: LongText
    mode: Annotated[str, Field(pattern="^(api|batch)$")]
    term: int = 1
    rows: Count | None = None
    until: date | None = None
    promise: bool = False


class _Context:
    """What the server's own middleware does: subject, token and language of the request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {}).update(subject=APPLICANT, csrf_token="token", todo_count=3)
        with context.working_on(locale=preferences_of(scope).locale):
            await self.app(scope, receive, send)


def pages() -> PageRouter:
    router = PageRouter()

    @router.page("/requests")
    def parts() -> PartsPage:
        return PartsPage(Form())

    @router.page("/catalog")
    def catalog() -> CatalogPage:
        return CatalogPage()

    @router.page("/form")
    def blank() -> SharePage:
        return SharePage(Form.of({"term": 1}))

    @router.form("/form", again=SharePage, status_code=200)
    def filled(form: FormDep) -> PartsPage:
        form.parse(ShareForm)
        return PartsPage(Form())

    @router.page("/refused")
    def refused(request: Request) -> Response:
        return error_page(request, Forbidden())

    return router


def make_app() -> FastAPI:
    engine.register(GALLERY)
    app = FastAPI(docs_url=None, redoc_url=None)
    app.include_router(pages())
    app.mount("/static", StaticApp())
    app.add_middleware(_Context)
    app.add_middleware(PreferenceLinks)
    app.add_middleware(SecurityHeaders)
    return app


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    with served(make_app()) as url:
        yield url
