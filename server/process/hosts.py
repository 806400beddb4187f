"""Pure ASGI middleware: which Host headers are answered. A probe (kubelet, load balancer) knows a
process by its address only, and is told how it is, nothing else.
"""

import ipaddress
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

PROBED: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class Hosts:
    """400 to every other name, and to an address unless it asks for ``PROBED``."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._app = app
        self._strict = TrustedHostMiddleware(app, allowed_hosts=allowed, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_probe = scope["type"] == "http" and scope["path"] in PROBED
        is_by_address = is_probe and _is_address(Headers(scope=scope).get("host", ""))
        await (self._app if is_by_address else self._strict)(scope, receive, send)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
    return True
