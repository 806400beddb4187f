"""Pure ASGI middleware, the outermost: counts requests and the seconds until they are answered, and
traces them.
"""

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shuqiao import meters, tracing

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
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status, seconds, code = _CUT, 0.0, 0

        async def noting(message: Message) -> None:
            nonlocal status, seconds, code
            if message["type"] == "http.response.start":
                code, seconds = message["status"], time.perf_counter() - begun
                status = f"{code // 100}xx"
            await send(message)

        with tracing.span(method, "server") as span:
            try:
                with meters.REQUESTS_RUNNING.track_inprogress():
                    await self.app(scope, receive, noting)
            finally:
                route = self._route(scope, path)
                meters.REQUESTS.labels(method, route, status).inc()
                if status != _CUT:
                    meters.REQUEST_SECONDS.labels(route).observe(seconds)
                span.call(f"{method} {route}")
                span.say(http__request__method=method, http__route=route)
                span.say(http__response__status_code=code)

    def _route(self, scope: Scope, path: str) -> str:
        """The address as the routes tell it, never as it was sent."""
        template = getattr(scope.get("route"), "path", None)
        if template is None:
            is_file = self.mounted is not None and path.startswith(f"{self.mounted}/")
            return f"{self.mounted}/…" if is_file else _NONE
        return f"{self.prefix}{template}" if path.startswith(f"{self.prefix}/") else str(template)
