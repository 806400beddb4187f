"""Access to a connection's transport, for an answer that has to be cut off: nothing handed over after a stop."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

#: Where in the scope the transport is found; None under a server that has none.
TRANSPORT: Final = "shuqiao.transport"


class TransportAccess:
    """Keeps the connection's transport, which only the server's own ``send`` knows.

    It must be the very outermost layer, outside of the framework's own error handling, which wraps ``send``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[TRANSPORT] = getattr(getattr(send, "__self__", None), "transport", None)
        await self.app(scope, receive, send)
