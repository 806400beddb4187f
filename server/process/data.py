"""The data role: nothing but granted bytes, in a process of its own, so that a scan never slows a
page.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from exchange.deliveries.endpoints.data import router
from exchange.deliveries.service.watcher import Watcher
from server.process.app import PREFIX, base_app


def create_app() -> FastAPI:
    app = base_app("data", middleware=[], lifespan=_watching)
    app.state.watcher = Watcher()
    app.include_router(router, prefix=PREFIX)
    return app


@asynccontextmanager
async def _watching(app: FastAPI) -> AsyncIterator[None]:
    """One watcher a data process asks for all live streams whether they may go on."""
    async with app.state.watcher.running():
        yield
