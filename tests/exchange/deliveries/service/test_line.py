"""The connection under a stream, over real sockets: what can have arrived, what surely has, and the
pace of whoever reads.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any, Final

import pytest
import uvloop

from exchange.deliveries.service.line import Line, keep_pace
from exchange.deliveries.service.watcher import Watched
from exchange.deliveries.words import EndReason
from shuqiao.ids import uuid7
from shuqiao.settings import settings

#: More than the kernel takes for a connection.
PIECE: Final = bytes(20_000_000)
Reads = Callable[[socket.socket], Coroutine[Any, Any, int]]


class Sent:
    """A stream to one reader; like the server it waits until the connection takes a piece, and then
    writes it without waiting.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.line = Line(writer.transport)

    async def __call__(self, message: Any) -> None:
        await self.writer.drain()
        self.writer.write(message["body"])

    async def piece(self) -> None:
        await self.line.send(self, PIECE)

    async def pieces(self) -> None:
        while not self.writer.transport.is_closing():
            await self.piece()


async def with_reader(use: Callable[[Sent, socket.socket], Coroutine[Any, Any, None]]) -> None:
    """``use`` with a stream and the socket at its other end, whose window is a few KB."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def serve(_reader: Any, writer: asyncio.StreamWriter) -> None:
        try:
            await use(Sent(writer), other)
            done.set_result(None)
        except BaseException as fault:
            done.set_exception(fault)
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    with closing(server), socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        other.setblocking(False)
        await asyncio.get_running_loop().sock_connect(other, server.sockets[0].getsockname())
        await done


async def read(other: socket.socket, count: int) -> int:
    found = 0
    while found < count:
        piece = await asyncio.get_running_loop().sock_recv(other, count - found)
        found += len(piece)
    return found


async def rest(other: socket.socket) -> int:
    found = 0
    try:
        while piece := await asyncio.get_running_loop().sock_recv(other, 1_000_000):
            found += len(piece)
    except ConnectionError:
        return found
    raise AssertionError("it ended as if it were whole")


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_what_was_handed_over_is_more_than_can_have_arrived_and_what_surely_has_is_less(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """The second piece waits until the connection takes it: it is in no buffer yet."""

    async def cut(sent: Sent, other: socket.socket) -> None:
        task = asyncio.create_task(sent.pieces())
        so_far = await read(other, 100_000)
        assert sent.line.handed == 2 * len(PIECE)
        sure = sent.line.at_least()
        assert sure is not None and 50_000 < sure < 400_000, "at any moment, not only at the end"
        task.cancel()
        sent.line.cut()
        await asyncio.sleep(
            0.1
        )  # the loop closes the connection before it reads on at the other end
        arrived = so_far + await rest(other)
        at_most, at_least = sent.line.at_most(), sent.line.at_least()
        assert at_least is not None
        assert 100_000 <= arrived < 300_000, "nothing that the kernel held follows a cut"
        assert sure <= at_least <= arrived <= at_most < sent.line.handed

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(with_reader(cut))


def test_what_a_closing_connection_throws_away_has_not_arrived() -> None:
    async def closed(sent: Sent, other: socket.socket) -> None:
        async def write(message: Any) -> None:
            sent.writer.write(message["body"])

        await sent.line.send(write, bytes(1_000))
        sent.writer.close()
        await sent.line.send(write, bytes(1_000))
        assert (await read(other, 1_000), sent.line.at_least()) == (1_000, 1_000)

    asyncio.run(with_reader(closed))


def test_without_a_transport_nothing_is_known_of_what_arrived() -> None:
    async def alone() -> None:
        async def nowhere(_message: Any) -> None:
            return

        line = Line(None)
        await line.send(nowhere, b"12345")
        assert (line.at_most(), line.at_least(), line.taken()) == (5, None, 5)

    asyncio.run(alone())


class TestPace:
    @pytest.fixture(autouse=True)
    def limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in (
            ("stream_idle_seconds", 5.0),
            ("stream_slow_seconds", 2.0),
            ("stream_least_bytes_a_second", 50_000),
        ):
            monkeypatch.setattr(settings(), name, value)

    @staticmethod
    async def reason(sent: Sent, reads: Coroutine[Any, Any, Any], seconds: float) -> Any:
        """Why it was stopped within so long, None if it was not."""
        watched = Watched(uuid7(), "")
        tasks = [
            asyncio.create_task(each)
            for each in (sent.pieces(), keep_pace(sent.line, watched), reads)
        ]
        await asyncio.wait([asyncio.create_task(watched.stopped.wait())], timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return watched.reason

    def test_who_takes_nothing_is_stalled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings(), "stream_idle_seconds", 1.0)

        async def use(sent: Sent, _other: socket.socket) -> None:
            assert await self.reason(sent, asyncio.sleep(0), 10) is EndReason.STALLED

        asyncio.run(with_reader(use))

    @pytest.mark.parametrize(
        ("bytes_a_look", "reason"), [(3_000, EndReason.TOO_SLOW), (40_000, None)]
    )
    def test_who_takes_too_little_is_too_slow(
        self, bytes_a_look: int, reason: EndReason | None
    ) -> None:
        async def slowly(other: socket.socket) -> None:
            while True:
                await read(other, bytes_a_look)
                await asyncio.sleep(0.2)

        async def use(sent: Sent, other: socket.socket) -> None:
            assert await self.reason(sent, slowly(other), 6) is reason

        asyncio.run(with_reader(use))

    def test_who_waits_for_us_is_not(self) -> None:
        async def use(sent: Sent, other: socket.socket) -> None:
            await asyncio.gather(sent.piece(), read(other, len(PIECE)))
            watched = Watched(uuid7(), "")
            pace = asyncio.create_task(keep_pace(sent.line, watched))
            await asyncio.sleep(3)
            pace.cancel()
            assert watched.reason is None

        asyncio.run(with_reader(use))
