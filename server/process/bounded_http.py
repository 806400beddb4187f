"""The HTTP protocol of both serving roles: all of a request that is not its body is bounded, and
a connection ends with the answer that was given before the body had come.

The parser hands bodies on as they come, but collects request line, headers, trailers and chunk
lines itself, without an end and in quadratic time, on the one thread that serves everybody. So
bytes are counted before it sees them, and a head must be complete in time.
"""

import asyncio
from typing import Any, Final

import httptools
import structlog
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

#: Bytes that may come without a byte of a body or the end of a message. Behind a body or an earlier
#: request the count begins somewhere in a piece, so that there it is reached at most one piece
#: later.
LIMIT: Final = 65_536
#: Every lookup of a header passes over all of them, so many short ones are costly too.
MOST_HEADERS: Final = 200
#: Time from the connection, or from the first byte of a further request, to the end of the head.
HEAD_SECONDS: Final = 10.0
#: What is still read, and dropped, of a body that was answered before it had come: a caller that
#: writes on is not reset before it has read the answer.
LINGER_BYTES: Final = 262_144
LINGER_SECONDS: Final = 2.0
#: A caller must take some 48 KB of an answer within this time.
ANSWER_SECONDS: Final = 30.0
_WORDS: Final = {
    400: "The request could not be read as HTTP.",
    408: f"The request line and headers did not come within {HEAD_SECONDS:g} seconds.",
    431: (
        f"At most {LIMIT} bytes of request line and headers, {MOST_HEADERS} of them;"
        " of trailers and chunk lines too."
    ),
}
log = structlog.get_logger("http")


class BoundedHttp(HttpToolsProtocol):
    """Refuses before the application is asked.

    431 too much, 408 too slow, 400 not HTTP or more than one ``Host``.
    """

    _quiet = 0
    _is_in_head = True
    _is_left = False
    _may_stay = True
    _dropped = 0
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_left:
            self._dropped += len(data)
            if self._dropped > LINGER_BYTES:
                self.transport.close()
            return
        if self._is_in_head and self._deadline is None:
            self._expect_head()
        at = 0
        while at < len(data) and not self.transport.is_closing():
            piece = data[at : at + LIMIT + 1 - self._quiet]
            at, self._quiet = at + len(piece), self._quiet + len(piece)
            super().data_received(piece)
            if self._quiet > LIMIT:
                self._refuse(431)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Trailers are read over: among the headers they would pass for a proxy's words."""
        if self._is_in_head:
            if len(self.headers) == MOST_HEADERS:
                self._refuse(431)
                raise httptools.HttpParserError("too many headers")
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self._is_in_head = False
        if sum(name == b"host" for name, _value in self.headers) > 1:  # RFC 9112, 3.2
            raise httptools.HttpParserError("more than one Host")
        super().on_headers_complete()
        self.cycle.transport = _Kindly(self, self.cycle)  # type: ignore[assignment]
        self._may_stay, self.cycle.keep_alive = self.cycle.keep_alive, False

    def on_body(self, body: bytes) -> None:
        self._quiet = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._quiet = 0
        self._is_in_head = True
        if not self.cycle.response_started:  # else it was said already that the connection ends
            self.cycle.keep_alive = self._may_stay
        super().on_message_complete()

    def leave(self) -> None:
        """End the connection of an answer that did not wait for its request."""
        if self._is_left or self.transport.is_closing():
            return
        self._is_left = True
        self._stop_waiting()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._deadline = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self._refuse(400)

    @property
    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._end_waiting)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end_waiting(self) -> None:
        """Nobody is waited for any longer; but a stray line end never cuts the answer that runs."""
        self._deadline = None
        if self._quiet == 0:
            self.transport.close()
        elif not self._is_answering:
            self._refuse(408)

    def _refuse(self, status: int) -> None:
        """Answer and hang up; only hang up where the words would fall into an answer that runs."""
        if self.transport.is_closing():
            return
        log.warning("request_refused", status=status, ip=self.client[0] if self.client else None)
        if self._is_answering:
            self.transport.abort()
        else:
            self.transport.write(_answer(status))
            self.transport.close()


class PacedHttp(BoundedHttp):
    """Of the control role: who takes an answer too slowly is not waited for. The data role knows
    its readers better (``SHUQIAO_STREAM_IDLE_SECONDS``).
    """

    _stuck: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(ANSWER_SECONDS, self._cut)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._free()

    def connection_lost(self, exc: Exception | None) -> None:
        self._free()
        super().connection_lost(exc)

    def _free(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _cut(self) -> None:
        self._stuck = None
        log.warning("reader_too_slow", ip=self.client[0] if self.client else None)
        self.transport.abort()


class _Kindly:
    """The transport as the answer of one request sees it: closed before the request has come, the
    connection first lets the caller read the answer.
    """

    def __init__(self, of: BoundedHttp, cycle: RequestResponseCycle) -> None:
        self._of, self._cycle = of, cycle

    def close(self) -> None:
        if self._cycle.more_body:
            self._of.leave()
        else:
            self._of.transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of.transport, name)


def _answer(status: int) -> bytes:
    words = _WORDS[status].encode()
    head = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(words)}\r\n"
    return STATUS_LINE[status] + head.encode() + b"connection: close\r\n\r\n" + words
