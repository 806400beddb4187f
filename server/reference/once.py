"""The document, made once for each language: it takes seconds of the processor, and whoever asks
meanwhile waits without a thread, so that a crowd of strangers stops nobody.
"""

import asyncio
from functools import lru_cache
from typing import Annotated, Any, Final
from weakref import WeakKeyDictionary

from fastapi import Depends, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from server.reference.document import document
from shuqiao import context
from shuqiao.context import Locale

_TURNS: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]] = WeakKeyDictionary()


async def made_once(request: Request) -> dict[str, Any]:
    """The OpenAPI document in the reader's language (cookie, ``Accept-Language``, else Chinese)."""
    async with _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        return await run_in_threadpool(document, request.app, context.locale())


DocumentDep = Annotated[dict[str, Any], Depends(made_once)]


@lru_cache(maxsize=4)
def rendered(app: FastAPI, language: Locale) -> bytes:
    """The same as JSON. Call it where the document was made already."""
    return bytes(JSONResponse(document(app, language)).body)
