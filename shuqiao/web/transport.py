"""What a request may do to its connection: cut it within an answer, else leave it alone."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Where in the scope the transport is found; None under a server that has none.
TRANSPORT: Final = "shuqiao.transport"


class TransportAccess:
    """Keeps the connection's transport, which only the server's own ``send`` knows.

    It must be the very outermost layer, outside of the framework's own error handling, which wraps
    ``send``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope[TRANSPORT] = getattr(getattr(send, "__self__", None), "transport", None)
        await self.app(scope, receive, send)


class KeptConnection:
    """A fault that was answered to the end stays here.

    Raised on, it makes the server close a connection of which the answer said that it stays open,
    and the caller's next request is reset. A fault in the middle of an answer is raised on: only a
    closed connection tells the caller that the answer is not whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_answered = False

        async def noting(message: Message) -> None:
            nonlocal is_answered
            await send(message)
            is_body = message["type"] == "http.response.body"
            is_answered = is_body and not message.get("more_body", False)

        try:
            await self.app(scope, receive, noting)
        except Exception:  # logged where it was answered
            if not is_answered:
                raise
