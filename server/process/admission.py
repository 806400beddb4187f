"""Pure ASGI middleware: how much one address or person may ask for, and what answers say of it."""

from typing import Final, Literal

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.process.failures import answer
from shuqiao.context import client_network
from shuqiao.web import visits
from shuqiao.web.bodies import MULTIPART, media_type, takes_files

#: Whoever looks after the service may always ask; nothing is read or known for them.
_UNCOUNTED: Final = ("/healthz", "/readyz", "/metrics")
Role = Literal["control", "data"]


class Admission:
    """Inside of what knows the caller's address and language, outside of what reads bodies."""

    def __init__(self, app: ASGIApp, role: Role) -> None:
        self.app, self.role = app, role

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNCOUNTED:
            await self.app(scope, receive, send)
            return
        visit = visits.Visit(client_network(), self._running(scope))
        is_program = scope["path"].startswith("/api/")

        async def counting() -> Message:
            message = await receive()
            if body := message.get("body"):
                visit.received(len(body))
            return message

        async def telling(message: Message) -> None:
            if is_program and message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(visit.headers())
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                visit.leave()  # who has the whole answer may ask for the next
            await send(message)

        with visits.begun(visit):
            try:
                visit.arrive()
            except visits.LimitReached as refused:
                wait = {"retry-after": str(refused.retry_after), "connection": "close"}
                await answer(Request(scope), refused, wait)(scope, receive, send)
                return
            await self.app(scope, counting, telling)

    def _running(self, scope: Scope) -> visits.Both | None:
        """Of what the request is one: transfers are all that the data role does."""
        if self.role == "data":
            return visits.counters().transfers
        is_upload = media_type(Headers(scope=scope)) == MULTIPART and takes_files(scope["path"])
        return visits.counters().uploads if is_upload else None
