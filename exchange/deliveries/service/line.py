"""The connection under one stream: what was handed to it, what of that can have arrived and what
surely has, and whether its reader keeps a pace.
"""

import asyncio
from collections import deque
from typing import Any, Final

import structlog
from starlette.types import Send

from exchange.deliveries.service.watcher import Watched
from exchange.deliveries.words import EndReason
from shuqiao.settings import settings
from shuqiao.web.transport import Untaken, cut, untaken

log = structlog.get_logger("stream")
#: Most bytes that HTTP puts around one piece (length of the chunk, line ends).
_FRAME: Final = 32
#: How often the pace is looked at, of the shorter of its two limits.
_LOOKS: Final = 8


class Line:
    """Counts bytes of the stream itself, not those that HTTP puts around them.

    ``transport``: None under a server that has none; then nothing is known of what arrived.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._pieces = 0
        self._cut: Untaken | None = None
        #: What was known of arrivals while the connection was open.
        self._arrived: int | None = None
        #: Bytes given to ``send`` so far, a piece as soon as it is begun: while a full connection
        #: keeps it waiting, no buffer counts it yet.
        self.handed = 0
        #: Those of them that the connection was given; each lies in a buffer, or has arrived.
        self._written = 0
        self.is_waiting = False

    async def send(self, send: Send, body: bytes | memoryview, *, is_last: bool = False) -> None:
        """Hand one piece on and wait until the connection takes another."""
        self.handed, self._pieces = self.handed + len(body), self._pieces + 1
        self.is_waiting = True
        try:
            await send({"type": "http.response.body", "body": body, "more_body": not is_last})
            # What a connection is given that is about to close is thrown away uncounted.
            if self._transport is not None and not self._transport.is_closing():
                self._written = self.handed
        finally:
            self.is_waiting = False
            self.at_least()

    def at_most(self) -> int:
        """Bytes that can have arrived: all that the kernel was given, and a piece that waits."""
        return min(self.handed, max(0, self.handed - self._untaken.buffered + self._frames))

    def at_least(self) -> int | None:
        """Bytes whose arrival the other end's kernel has acknowledged; None where that is not
        known.
        """
        left = self._untaken
        if self._transport is not None and left.unacknowledged is not None:
            found = self._written - left.buffered - left.unacknowledged
            self._arrived = max(0, found, self._arrived or 0)
        return self._arrived

    def taken(self) -> int:
        """The nearest that is known to what the reader has taken."""
        found = self.at_least()
        return self.at_most() if found is None else found

    def cut(self) -> None:
        if self._transport is None:
            log.error("no_transport", why="buffered bytes may still leave after a stop")
        elif self._cut is None:
            self._cut = cut(self._transport)

    @property
    def _frames(self) -> int:
        return _FRAME * self._pieces

    @property
    def _untaken(self) -> Untaken:
        if self._cut is not None:
            return self._cut
        return Untaken(0, None) if self._transport is None else untaken(self._transport)


async def keep_pace(line: Line, watched: Watched) -> None:
    """Stop who takes nothing for ``stream_idle_seconds``, or less than the least rate for
    ``stream_slow_seconds``, while something waits for them all that time.
    """
    limits, loop = settings(), asyncio.get_running_loop()
    idle, slow = limits.stream_idle_seconds, limits.stream_slow_seconds
    looks: deque[tuple[float, int]] = deque()
    moved_at = loop.time()
    while True:
        await asyncio.sleep(min(1.0, min(idle, slow) / _LOOKS))
        if not line.is_waiting:
            looks.clear()
            continue
        at, taken = loop.time(), line.taken()
        if not looks or taken > looks[-1][1]:
            moved_at = at
        looks.append((at, taken))
        while len(looks) > 1 and looks[1][0] <= at - slow:
            looks.popleft()
        (since, before) = looks[0]
        if at - moved_at >= idle:
            watched.stop(EndReason.STALLED)
        elif at - since >= slow and taken - before < limits.stream_least_bytes_a_second * (
            at - since
        ):
            watched.stop(EndReason.TOO_SLOW)
