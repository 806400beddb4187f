"""What both HTTP applications share: policies that hold together, middleware, health, failures."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from policies.loading import load
from server.process import failures, health
from server.process.clocks import AgreeingClocks
from server.process.context import RequestContext
from server.process.proxies import Proxies
from shuqiao.settings import Settings, settings
from shuqiao.web.security_headers import SecurityHeaders

PREFIX = "/api/v1"


def base_app(
    *,
    middleware: list[Middleware],
    openapi_url: str | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Any]] | None = None,
) -> FastAPI:
    """An application with health routes and failure handlers.

    Refuses to start with policies that contradict.
    """
    load()
    app = FastAPI(
        title="数桥 Shuqiao",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=openapi_url,
        middleware=[
            Middleware(Proxies, trusted=settings().trusted_proxies),
            Middleware(
                TrustedHostMiddleware, allowed_hosts=allowed_hosts(settings()), www_redirect=False
            ),
            Middleware(RequestContext),
            Middleware(SecurityHeaders),
            *middleware,
            Middleware(AgreeingClocks),
            Middleware(failures.Faults),
        ],
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.include_router(health.router)
    failures.install(app)
    return app


def allowed_hosts(given: Settings) -> list[str]:
    """Host headers that are answered: the configured ones, else those of our own addresses."""
    if given.allowed_hosts:
        return given.allowed_hosts
    own = {
        urlsplit(origin).hostname or given.host
        for origin in (given.control_origin, given.data_origin)
    }
    return sorted(
        own | ({"localhost", "127.0.0.1", "testserver"} if given.is_development else set())
    )
