"""A small application with the real layout, macros, static files and
headers, served on a free port.
"""

from collections.abc import Iterator
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
from shuqiao.web.forms import Form, FormDep, FormInvalid
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
SAMPLE = {
    "at": datetime(2026, 2, 11, 1, 5, 7, 123000, tzinfo=UTC),
    "start": date(2026, 2, 11),
    "due": date(2026, 3, 3),
    "hits": 22,
}


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


def make_app() -> FastAPI:
    engine.register(GALLERY)
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.get("/requests")
    def parts(request: Request) -> Response:
        return engine.page(request, "gallery/parts.html", {**SAMPLE, "form": Form.of()})

    @app.get("/catalog")
    def catalog(request: Request) -> Response:
        return engine.page(request, "gallery/catalog.html", SAMPLE, block="results")

    @app.get("/form")
    def blank(request: Request) -> Response:
        return engine.page(request, "gallery/form.html", {"form": Form.of({"term": 1})})

    @app.post("/form")
    def filled(request: Request, form: FormDep) -> Response:
        try:
            form.parse(ShareForm)
        except FormInvalid as invalid:
            return engine.page(request, "gallery/form.html", {"form": invalid.form}, status=422)
        return engine.page(request, "gallery/parts.html", {**SAMPLE, "form": Form.of()})

    @app.get("/refused")
    def refused(request: Request) -> Response:
        return engine.error_page(request, Forbidden())

    app.mount("/static", StaticApp())
    app.add_middleware(_Context)
    app.add_middleware(PreferenceLinks)
    app.add_middleware(SecurityHeaders)
    return app


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    with served(make_app()) as url:
        yield url
