"""What is read of a body: no more than allowed, little of whoever is unknown, and at a pace.

413 before the first byte when the length is told, else while it streams; 401 where more than
``UNKNOWN_BYTES`` come from nobody known; 408 for one that drips. What is left unread is left: the
server closes the connection behind the answer.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuqiao.context import ask_of_caller
from shuqiao.errors import ShuqiaoError, TooLarge, Unauthenticated
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.bodies import MULTIPART, media_type, takes_files
from shuqiao.web.problem import problem_response
from shuqiao.web.slots import Slot

#: What is read before it is known who sends it: enough for any form of a stranger.
UNKNOWN_BYTES: Final = 65_536


async def _anybody(_scope: Scope) -> bool:
    return True


#: Whether a live session or token sent the request; asked once, for a large body that no route has
#: asked about.
KNOWN: Final[Slot[Callable[[Scope], Awaitable[bool]]]] = Slot(_anybody)


class BodyTooSlow(ShuqiaoError):
    """The rest of a body does not come (408)."""

    status, code = 408, "body_too_slow"
    title = _("The rest of what you sent did not arrive in time, so nothing was done")
    advice = _("Check the connection and send it again. A large file can be sent in parts.")


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
        await _Counted(scope, limit, receive, send).run(self.app)

    def _limit(self, scope: Scope) -> int:
        if media_type(Headers(scope=scope)) == MULTIPART and takes_files(scope["path"]):
            return settings().upload_limit_bytes
        return settings().body_limit_bytes


class _Counted:
    """One request whose body is counted as it arrives; the
    application's own answer to a cut body is replaced.
    """

    def __init__(self, scope: Scope, limit: int, receive: Receive, send: Send) -> None:
        self.scope, self.limit, self.receive, self.send = scope, limit, receive, send
        self.pace = _Pace()
        self.seen = 0
        self.is_known = self.is_whole = self.is_gone = False
        self.over = False
        self.started = False
        self.loop = asyncio.get_running_loop()

    async def run(self, app: ASGIApp) -> None:
        ask_of_caller(self._has_left)
        try:
            await app(self.scope, self._receive, self._send)
        except TooLarge:
            if not self.over:
                raise
        if self.over and not self.started:
            await problem_response(_too_large(self.limit), {"Connection": "close"})(
                self.scope, self.receive, self.send
            )

    async def _receive(self) -> Message:
        if self.over:
            raise _too_large(self.limit)
        if self.is_whole:  # what comes now is that the caller leaves
            message = await self.receive()
            self.is_gone = self.is_gone or message["type"] == "http.disconnect"
            return message
        message = await self.pace.next(self.receive)
        self.is_whole = not message.get("more_body", False)
        self.is_gone = self.is_gone or message["type"] == "http.disconnect"
        self.seen += len(message.get("body", b""))
        if self.seen > self.limit:
            self.over = True
            raise _too_large(self.limit)
        if self.seen > UNKNOWN_BYTES and not self.is_known:
            self.is_known = _is_somebody(self.scope) or await KNOWN.held(self.scope)
            if not self.is_known:
                raise Unauthenticated
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


class _Pace:
    """How long is waited for the sender, and not for ourselves.

    A wait uses up credit, what comes earns some: a second for each
    ``SHUQIAO_BODY_BYTES_PER_SECOND``, up to ``SHUQIAO_BODY_GRACE_SECONDS``; what came fast earlier
    pays for no dripping later. All waits together end after ``SHUQIAO_BODY_SECONDS``.
    """

    def __init__(self) -> None:
        limits = settings()
        self._grace, self._left = limits.body_grace_seconds, limits.body_seconds
        self._rate = limits.body_bytes_per_second
        self._credit = self._grace

    async def next(self, receive: Receive) -> Message:
        """The next piece. Raises ``BodyTooSlow``."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            async with asyncio.timeout(max(0.0, min(self._credit, self._left))):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow from None
        waited = clock() - begun
        self._left -= waited
        earned = len(message.get("body", b"")) / self._rate
        self._credit = min(self._grace, self._credit - waited + earned)
        return message


def _is_somebody(scope: Scope) -> bool:
    """Whether a guard has found out already who it is."""
    subject: Subject | None = scope.get("state", {}).get("subject")
    return subject is not None and subject.auth != "anonymous"


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("The body may have at most %(limit)s bytes.", limit=limit))
