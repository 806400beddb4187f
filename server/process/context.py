"""Pure ASGI middleware: request id, caller's address, language and deadline for everything below;
one log line a request.
"""

import re
import time
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuqiao import deadline
from shuqiao.context import working_on
from shuqiao.ids import uuid7
from shuqiao.settings import settings
from shuqiao.web.preferences import preferences_of

log = structlog.get_logger("http")
_REQUEST_ID: Final = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class RequestContext:
    """Sets :mod:`shuqiao.context` and :mod:`shuqiao.deadline`.

    A caller's own ``X-Request-Id`` is taken when it is harmless.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        sent = request.headers.get("x-request-id", "")
        identity = sent if _REQUEST_ID.match(sent) else uuid7().hex
        status, started = 0, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = identity
            await send(message)

        async def receive_in_time() -> Message:
            message = await receive()
            limit.restart()  # the peer's own time
            return message

        ip = request.client.host if request.client else None
        with (
            working_on(request_id=identity, client_ip=ip, locale=preferences_of(scope).locale),
            deadline.begun(settings().request_seconds) as limit,
        ):
            try:
                await self.app(scope, receive_in_time, send_with_id)
            finally:
                facts = {
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                }
                log.info("request", seconds=round(time.perf_counter() - started, 4), **facts)
