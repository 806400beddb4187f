"""What the worker answers over HTTP, where ``SHUQIAO_WORKER_PORT`` is set: how it is, nothing else.

On the loop of its jobs, so that a worker that hangs does not say that it is alive.
"""

from fastapi import FastAPI
from starlette.middleware import Middleware

from server.metrics import endpoints as metrics
from server.metrics.requests import Measured
from server.process import failures, health
from server.process.context import RequestContext
from server.process.proxies import Proxies
from shuqiao.settings import settings


def create_app() -> FastAPI:
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(Measured, prefix=""),
            Middleware(Proxies, trusted=settings().trusted_proxies),
            Middleware(RequestContext),
            Middleware(failures.Faults),
        ],
    )
    app.state.role, app.state.is_stopping = "worker", False
    app.include_router(health.router)
    app.include_router(metrics.router)
    failures.install(app)
    return app
