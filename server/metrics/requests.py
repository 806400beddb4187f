"""Pure ASGI middleware, the outermost: counts requests and the seconds until they are answered."""

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuqiao import meters

#: What is no word of this list is ``other``: a caller does not make up labels.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NONE: Final = "none"
_CUT: Final = "cut"


class Measured:
    """``prefix``: under which the routes of programs stand; ``mounted``: what is no route of ours
    but a folder of files.
    """

    def __init__(self, app: ASGIApp, prefix: str, mounted: str | None = None) -> None:
        self.app, self.prefix, self.mounted = app, prefix, mounted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, begun = scope["path"], time.perf_counter()
        status, seconds = _CUT, 0.0

        async def noting(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = f"{message['status'] // 100}xx", time.perf_counter() - begun
            await send(message)

        try:
            with meters.REQUESTS_RUNNING.track_inprogress():
                await self.app(scope, receive, noting)
        finally:
            route = self._route(scope, path)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            meters.REQUESTS.labels(method, route, status).inc()
            if status != _CUT:
                meters.REQUEST_SECONDS.labels(route).observe(seconds)

    def _route(self, scope: Scope, path: str) -> str:
        """The address as the routes tell it, never as it was sent."""
        template = getattr(scope.get("route"), "path", None)
        if template is None:
            is_file = self.mounted is not None and path.startswith(f"{self.mounted}/")
            return f"{self.mounted}/…" if is_file else _NONE
        return f"{self.prefix}{template}" if path.startswith(f"{self.prefix}/") else str(template)
