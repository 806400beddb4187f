"""The control role: the API and the pages."""

from fastapi import FastAPI
from starlette.middleware import Middleware

import server.reference.endpoints
from server import api, pages
from server.process.app import PREFIX, base_app
from shuqiao.settings import settings
from shuqiao.web.body_limit import BodyLimit
from shuqiao.web.preferences import PreferenceLinks
from shuqiao.web.static import PREFIX as STATIC
from shuqiao.web.static import StaticApp


def create_app() -> FastAPI:
    app = base_app(
        "control",
        middleware=[
            Middleware(PreferenceLinks, secure=not settings().has_plain_cookie),
            Middleware(BodyLimit),
        ],
    )
    for stage in (*api.STAGES, server.reference.endpoints):
        app.include_router(stage.router, prefix=PREFIX)
    for stage in pages.STAGES:
        app.include_router(stage.router, dependencies=pages.ON_EVERY_PAGE, include_in_schema=False)
    app.mount(STATIC, StaticApp(), name="static")
    return app
