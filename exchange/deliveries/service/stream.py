"""The governed Arrow stream as an ASGI response of our own.

Starlette's streaming response records "finished" for readers who left, and a check between batches
never runs while a send blocks. Here: a task listens for the disconnect; every batch yields to the
event loop; a guard races the one blocked send with stop and idle time; the end event is committed
*before* the last chunk; on a stop the socket is aborted, so that nothing more is handed over. What
the kernel already holds (about 4 MB) cannot be recalled.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from exchange.deliveries.schemas import MEDIA_TYPE
from exchange.deliveries.service.watcher import Watched, Watcher
from exchange.deliveries.words import DeliveryStatus, EndReason
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.settings import settings
from shuqiao.web.transport import TRANSPORT

log = structlog.get_logger("stream")


#: What ends a delivery through no act of anybody.
_OURS = frozenset({EndReason.FAULT, EndReason.DATA_DAMAGED})


class Chunks(Protocol):
    """What is sent: bytes a piece with their row counts, and a last piece that exists only when all
    rows have left.
    """

    def pieces(self) -> AsyncGenerator[tuple[memoryview, int], None]:
        """(bytes, rows) of the schema and of every batch, in order."""

    def last(self) -> tuple[bytes, dict[str, Any]]:
        """The closing bytes with the receipt in them, and the receipt."""


#: Records the end in a short transaction: status, reason, rows, bytes, receipt. Runs in a thread.
RecordEnd = Callable[[DeliveryStatus, EndReason | None, int, int, dict[str, Any] | None], None]


@dataclass(slots=True)
class _Progress:
    rows: int = 0
    bytes: int = 0
    cut: EndReason | None = None
    sending_since: float | None = None


class GovernedStream(Response):
    """Hands over ``chunks`` while ``watched`` may go on, and records how it truly ended."""

    def __init__(
        self,
        chunks: Chunks,
        watcher: Watcher,
        watched: Watched,
        record_end: RecordEnd,
        *,
        headers: dict[str, str],
        slots: asyncio.Semaphore | None,
    ) -> None:
        self.status_code = 200
        self.background = None
        self.body = b""
        self.init_headers({**headers, "content-type": MEDIA_TYPE, "cache-control": "no-store"})
        del self.headers["content-length"]
        self._chunks, self._watcher, self._watched = chunks, watcher, watched
        self._record_end, self._slots = record_end, slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        progress, current = _Progress(), asyncio.current_task()
        assert current is not None
        helpers = [
            asyncio.create_task(self._listen(receive)),
            asyncio.create_task(self._guard(progress, current)),
        ]
        try:
            async with self._slot():
                await send(
                    {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                )
                last = await self._hand_over(send, progress)
            if last is not None:
                await self._send(send, last, progress, is_last=True)
                return
        except SnapshotDamaged as error:
            log.error("rows_damaged", delivery=str(self._watched.delivery_id), **error.facts)
            progress.cut = progress.cut or EndReason.DATA_DAMAGED
        # Whatever broke, the trail says so and the reader sees a cut stream, not an end.
        except Exception as error:
            log.exception("stream_broken", delivery=str(self._watched.delivery_id), exc_info=error)
            progress.cut = progress.cut or EndReason.FAULT
        finally:
            self._watcher.forget(self._watched)
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)
        await self._cut_off(scope, progress)

    async def _hand_over(self, send: Send, progress: _Progress) -> bytes | None:
        """Send every piece; gives the last one when everything has left
        and the end is recorded, else None.
        """
        pieces = self._chunks.pieces()
        try:
            async for piece, rows in pieces:
                if not await self._send(send, piece, progress):
                    return None
                progress.rows += rows
                self._watched.handed = (progress.rows, progress.bytes)
                await asyncio.sleep(
                    0
                )  # a ready stream never suspends by itself: let the listener and others run
        finally:
            with contextlib.suppress(RuntimeError):
                await pieces.aclose()
        if self._is_cut(progress):
            return None
        last, receipt = self._chunks.last()
        total = progress.bytes + len(last)
        await asyncio.to_thread(
            self._record_end, DeliveryStatus.FINISHED, None, progress.rows, total, receipt
        )
        return last

    async def _send(
        self, send: Send, body: bytes | memoryview, progress: _Progress, *, is_last: bool = False
    ) -> bool:
        """Hand one piece to the connection unless the stream was
        stopped; the guard may interrupt a blocked send.
        """
        if not is_last and self._is_cut(progress):
            return False
        progress.sending_since = asyncio.get_running_loop().time()
        try:
            await send({"type": "http.response.body", "body": body, "more_body": not is_last})
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if progress.cut is None or task is None:
                raise
            task.uncancel()
            return False
        finally:
            progress.sending_since = None
        progress.bytes += len(body)
        return True

    def _is_cut(self, progress: _Progress) -> bool:
        if progress.cut is None and self._watched.stopped.is_set():
            progress.cut = self._watched.reason
        return progress.cut is not None

    async def _listen(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._watched.stop(EndReason.DISCONNECTED)

    async def _guard(self, progress: _Progress, current: "asyncio.Task[Any]") -> None:
        """Interrupt a blocked send: at once when the stream is stopped,
        at the idle limit when the reader stalls.
        """
        idle, loop = settings().stream_idle_seconds, asyncio.get_running_loop()
        while not self._watched.stopped.is_set():
            since = progress.sending_since
            left = idle if since is None else since + idle - loop.time()
            if left <= 0:
                self._watched.stop(EndReason.STALLED)
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(
                    self._watched.stopped.wait(), min(left, 1.0) if since is None else left
                )
        progress.cut = progress.cut or self._watched.reason
        if progress.sending_since is not None:
            current.cancel()

    async def _cut_off(self, scope: Scope, progress: _Progress) -> None:
        """Abort the socket first, then say how much had left: nothing follows a stop."""
        transport = scope.get(TRANSPORT)
        if transport is None:
            log.error("no_transport", why="buffered bytes may still leave after a stop")
        else:
            transport.abort()
        reason = progress.cut or EndReason.FAULT
        status = DeliveryStatus.FAILED if reason in _OURS else DeliveryStatus.STOPPED
        await asyncio.to_thread(
            self._record_end, status, reason, progress.rows, progress.bytes, None
        )

    def _slot(self) -> contextlib.AbstractAsyncContextManager[Any]:
        """Scans take both cores, live reads a connection; no more of
        them at once than configured.
        """
        return self._slots or contextlib.nullcontext()
