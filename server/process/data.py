"""The data role: nothing but granted bytes, in a process of its own, so that a scan never slows a
page.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware

from exchange.deliveries.endpoints import data, files
from exchange.deliveries.service.watcher import Watcher
from server.process.app import PREFIX, base_app
from shuqiao.web.body_limit import BodyLimit


def create_app() -> FastAPI:
    app = base_app("data", middleware=[Middleware(BodyLimit)], lifespan=_watching)
    app.state.watcher = Watcher()
    for room in (data, files):
        app.include_router(room.router, prefix=PREFIX)
    return app


@asynccontextmanager
async def _watching(app: FastAPI) -> AsyncIterator[None]:
    """One watcher a data process asks for all live streams whether they may go on."""
    async with app.state.watcher.running():
        yield
