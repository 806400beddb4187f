"""What both HTTP applications share: policies that hold together, middleware, health, failures."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any
from urllib.parse import urlsplit

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.middleware import Middleware

from policies.loading import load
from server.metrics import endpoints as metrics
from server.metrics.requests import Measured
from server.process import failures, health
from server.process.admission import Admission, Role
from server.process.context import RequestContext
from server.process.fitness import FitToServe
from server.process.hosts import Hosts
from server.process.proxies import Proxies
from shuqiao.settings import Settings, settings
from shuqiao.web.engine import environment
from shuqiao.web.security_headers import SecurityHeaders
from shuqiao.web.static import PREFIX as STATIC
from shuqiao.web.threads import SHARED

PREFIX = "/api/v1"


def base_app(
    role: Role,
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
            Middleware(Measured, prefix=PREFIX, mounted=STATIC),
            Middleware(Proxies, trusted=settings().trusted_proxies),
            Middleware(Hosts, allowed=allowed_hosts(settings())),
            Middleware(RequestContext),
            Middleware(SecurityHeaders),
            Middleware(Admission, role=role),
            *middleware,
            Middleware(FitToServe),
            Middleware(failures.Faults),
        ],
        lifespan=_with_threads(lifespan),
        redirect_slashes=False,
    )
    app.state.role, app.state.is_stopping = role, False
    app.include_router(health.router)
    app.include_router(metrics.router)
    failures.install(app)
    return app


def build(app: FastAPI) -> None:
    """What is made once, before anybody asks: the framework makes the parts of a route at the first
    request that comes past it. For all of them that is a second on the loop, in which nobody is
    answered, and of the time of whoever asked first.
    """
    for _route in iter_route_contexts(app.routes):
        pass
    environment()


def _with_threads(
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Any]] | None,
) -> Callable[[FastAPI], AbstractAsyncContextManager[Any]]:
    """What may take long has so many places, in which its threads stand; as many more threads there
    are, so that the shared ones are left.
    """

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        limits = settings()
        taken = limits.decoder_places + limits.decoder_queue + limits.connector_looks_in_all
        current_default_thread_limiter().total_tokens = SHARED + taken
        async with lifespan(app) if lifespan else nullcontext():
            yield

    return running


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
