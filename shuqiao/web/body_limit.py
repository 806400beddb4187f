"""No larger body than allowed is read: 413 before the first byte when
its length is told, else while it streams.
"""

import asyncio
import contextlib
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuqiao.context import ask_of_caller
from shuqiao.errors import TooLarge
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.bodies import MULTIPART, media_type, takes_files
from shuqiao.web.problem import problem_response

#: How long it is looked whether the caller has closed the connection.
_MOMENT_SECONDS: Final = 0.005


class BodyLimit:
    """Pure ASGI middleware: ``settings().body_limit_bytes``, and ``upload_limit_bytes`` where files
    are taken.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope)
        told = Headers(scope=scope).get("content-length", "")
        if told.isascii() and told.isdigit() and (len(told) > 18 or int(told) > limit):
            await problem_response(_too_large(limit), {"Connection": "close"})(scope, receive, send)
            return
        await _Counted(limit, receive, send).run(self.app, scope)

    def _limit(self, scope: Scope) -> int:
        if media_type(Headers(scope=scope)) == MULTIPART and takes_files(scope["path"]):
            return settings().upload_limit_bytes
        return settings().body_limit_bytes


class _Counted:
    """One request whose body is counted as it arrives; the
    application's own answer to a cut body is replaced.
    """

    def __init__(self, limit: int, receive: Receive, send: Send) -> None:
        self.limit, self.receive, self.send = limit, receive, send
        self.seen = 0
        self.over = False
        self.started = False
        self.is_whole = self.is_gone = False
        self.loop = asyncio.get_running_loop()

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        ask_of_caller(self._has_left)
        try:
            await app(scope, self._receive, self._send)
        except TooLarge:
            if not self.over:
                raise
        if self.over and not self.started:
            await problem_response(_too_large(self.limit), {"Connection": "close"})(
                scope, self.receive, self.send
            )

    async def _receive(self) -> Message:
        if self.over:
            raise _too_large(self.limit)
        message = await self.receive()
        self.is_whole = self.is_whole or not message.get("more_body", False)
        self.is_gone = self.is_gone or message["type"] == "http.disconnect"
        self.seen += len(message.get("body", b""))
        if self.seen > self.limit:
            self.over = True
            raise _too_large(self.limit)
        return message

    def _has_left(self) -> bool:
        """Asked from a thread of the application. Before the body was read to its end nothing is
        looked for: what came would be a part of it.
        """
        if self.is_whole and not self.is_gone and asyncio._get_running_loop() is None:
            asyncio.run_coroutine_threadsafe(self._look(), self.loop).result()
        return self.is_gone

    async def _look(self) -> None:
        """What has arrived by now, without waiting for more."""
        coming = asyncio.ensure_future(self.receive())
        done, _pending = await asyncio.wait({coming}, timeout=_MOMENT_SECONDS)
        if done:
            self.is_gone = coming.result()["type"] == "http.disconnect"
            return
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await coming

    async def _send(self, message: Message) -> None:
        if self.over and not self.started:
            return
        self.started = True
        await self.send(message)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("The body may have at most %(limit)s bytes.", limit=limit))
