"""What a request may do to its connection: cut it within an answer, else leave it alone."""

import asyncio
import fcntl
import socket
import struct
import sys
import termios
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Where in the scope the transport is found; None under a server that has none.
TRANSPORT: Final = "shuqiao.transport"
#: On, and for no time: what the kernel still holds is thrown away with the connection.
_LINGER_ZERO: Final = struct.pack("ii", 1, 0)
_IS_LITTLE: Final = sys.byteorder == "little"


@dataclass(frozen=True, slots=True)
class Untaken:
    """Bytes that were written to a connection and have not come to its other end.

    ``buffered``: not even given to the kernel. ``unacknowledged``: given to the kernel, and no word
    from the other end's kernel yet; None where this system does not tell.
    """

    buffered: int
    unacknowledged: int | None


def untaken(transport: asyncio.WriteTransport) -> Untaken:
    """What of all that was written has not arrived at this moment."""
    buffered = transport.get_write_buffer_size()
    unacknowledged = None
    opened: Any = transport.get_extra_info("socket")
    with suppress(OSError, ValueError, AttributeError):
        asked = fcntl.ioctl(opened.fileno(), termios.TIOCOUTQ, bytes(4))
        unacknowledged = int.from_bytes(asked, "little" if _IS_LITTLE else "big")
    return Untaken(buffered, unacknowledged)


def cut(transport: asyncio.WriteTransport) -> Untaken:
    """End the connection at once: neither our buffer nor the kernel's goes on sending, the other
    end reads an error behind what its own kernel holds. Gives what thereby never arrived.
    """
    left = untaken(transport)
    opened: Any = transport.get_extra_info("socket")
    with suppress(OSError, ValueError, AttributeError):
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    transport.abort()
    return left


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
