"""Pure ASGI middleware: while the clocks are apart, or a key or the home is not the installation's,
nothing is answered but how the process is.
"""

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.process.failures import answer
from shuqiao import installation
from shuqiao.web.static import PREFIX as STATIC

#: What neither decides about: health, and the style of the page that says why.
_ALWAYS: Final = ("/healthz", "/readyz", "/metrics", f"{STATIC}/")


class FitToServe:
    """503 in words from ``shuqiao.installation`` to everything else; over by itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = installation.refusal() if scope["type"] == "http" else None
        if refusal is None or scope["path"].startswith(_ALWAYS):
            await self.app(scope, receive, send)
            return
        refused = answer(Request(scope), refusal, {"retry-after": str(refusal.retry_after)})
        await refused(scope, receive, send)
