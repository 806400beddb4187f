"""Who asks, when a proxy stands in between: the address and scheme that trusted proxies tell.

Each proxy appends the address of whoever connected to it to ``X-Forwarded-For``, so the header is
read from its right end, and no further than from the last trusted proxy: what stands to the left
of that was written by the client itself. uvicorn's own middleware is not used because it takes any
word for an address and does not know a trusted proxy's IPv4 address in the form that a socket for
both versions shows it in (``::ffff:192.0.2.1``).
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from itertools import chain
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address
_WORD: Final = re.compile(
    r"\[(?P<bracketed>[^]]+)\](?::[0-9]+)?|(?P<plain>[^:]+):[0-9]+|(?P<bare>.+)"
)


class Proxies:
    """Pure ASGI middleware, outside of everything that asks for the caller's address."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self.app, self.trusted = app, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        peer = (
            _address(scope["client"][0])
            if scope["type"] == "http" and scope.get("client")
            else None
        )
        if peer is not None:
            headers = Headers(scope=scope)
            client = self._client(peer, headers.getlist("x-forwarded-for"))
            scope["client"] = (str(client), scope["client"][1] if client == peer else 0)
            told = headers.get("x-forwarded-proto")
            if self._trusts(peer) and told in ("http", "https"):
                scope["scheme"] = told
        await self.app(scope, receive, send)

    def _client(self, peer: _Address, told: Sequence[str]) -> _Address:
        """The nearest that is no trusted proxy; where words end or are none, the last known."""
        for word in chain.from_iterable(reversed(line.split(",")) for line in reversed(told)):
            found = _address(word.strip()) if self._trusts(peer) else None
            if found is None:
                break
            peer = found
        return peer

    def _trusts(self, address: _Address) -> bool:
        return any(address in network for network in self.trusted)


def _address(word: str) -> _Address | None:
    """Of ``192.0.2.1``, ``192.0.2.1:443``, ``2001:db8::1``, ``[2001:db8::1]:443`` the address."""
    found = _WORD.fullmatch(word)
    try:
        address = ip_address(found[found.lastgroup or 0]) if found else None
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
