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
        middleware=[
            Middleware(PreferenceLinks, secure=not settings().has_plain_cookie),
            Middleware(BodyLimit),
        ]
    )
    app.include_router(api.router, prefix=PREFIX)
    app.include_router(server.reference.endpoints.router, prefix=PREFIX)
    app.include_router(pages.router)
    app.mount(STATIC, StaticApp(), name="static")
    return app
