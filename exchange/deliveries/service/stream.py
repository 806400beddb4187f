"""The governed stream as an ASGI response of our own.

Starlette's streaming response records "finished" for readers who left, and a check between batches
never runs while a send blocks. Here: one task hands over, and whatever stops the stream – watcher,
reader, pace – ends it at any moment, waiting for a place, for rows or for the reader. The end event
is committed *before* the last chunk; on a stop the socket is cut first, so that what the kernel
holds does not leave either, then it is recorded how much can have arrived and how much surely has.
What the reader's own kernel has taken cannot be recalled.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from exchange.deliveries.errors import (
    PlanDrifted,
    SourceAway,
    TransferCut,
    TransferStopped,
    WorksheetFull,
)
from exchange.deliveries.schemas import MEDIA_TYPE
from exchange.deliveries.service.line import Line, keep_pace
from exchange.deliveries.service.recording import Ended, Left
from exchange.deliveries.service.watcher import Watched, Watcher
from exchange.deliveries.words import DeliveryStatus, EndReason
from shuqiao import deadline, meters
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.connectors.live import RelationChanged
from shuqiao.arrow.scans.places import NoPlace
from shuqiao.arrow.scans.spool import ReaderTooSlow
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.errors import ShuqiaoError
from shuqiao.web.threads import Threads
from shuqiao.web.transport import TRANSPORT

log = structlog.get_logger("stream")
#: Ends are written apart from the digests of what still runs: they may wait for the database.
_RECORDING: Final = Threads("recording", 8)
#: What breaks a run without being a fault of ours.
_BROKEN: Mapping[type[Exception], EndReason] = {
    ConnectorFailed: EndReason.SOURCE_AWAY,
    RelationChanged: EndReason.DRIFTED,
    NoPlace: EndReason.NO_PLACE,
    ReaderTooSlow: EndReason.TOO_SLOW,
    SnapshotDamaged: EndReason.DATA_DAMAGED,
    WorksheetFull: EndReason.WORKSHEET_FULL,
}


#: What ends a delivery through no act of anybody.
_OURS = frozenset({EndReason.FAULT, EndReason.DATA_DAMAGED, EndReason.SOURCE_AWAY})


class Chunks(Protocol):
    """What is sent: bytes a piece with their row counts, and a last piece that exists only when all
    rows have left. In which form, the chunks say.
    """

    def pieces(self) -> AsyncGenerator[tuple[memoryview, int], None]:
        """(bytes, rows) of the schema and of every batch, in order; the first when there are rows
        to follow, or none are left.
        """

    def last(self) -> tuple[bytes, dict[str, Any]]:
        """The closing bytes with the receipt in them, and the receipt."""


#: Records the end in a short transaction. Runs in a thread.
RecordEnd = Callable[[Ended], None]


class _Stopped(Exception):
    """The stream may not go on."""


@dataclass(slots=True)
class _Progress:
    line: Line
    rows: int = 0
    has_begun: bool = False
    #: All rows have left: the end is being recorded, or is.
    recording: "asyncio.Task[None] | None" = None
    facts: dict[str, Any] = field(default_factory=dict)
    error: ShuqiaoError | None = None

    def left(self) -> Left:
        return Left(self.rows, self.line.at_most(), self.line.at_least())


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
        media_type: str = MEDIA_TYPE,
    ) -> None:
        self.status_code = 200
        self.background = None
        self.body = b""
        self.init_headers({**headers, "content-type": media_type, "cache-control": "no-store"})
        del self.headers["content-length"]
        self._chunks, self._watcher, self._watched = chunks, watcher, watched
        self._record_end = record_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what a program reads in place of a stream that had not begun."""
        with deadline.lifted():
            await self._run(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        progress = _Progress(Line(scope.get(TRANSPORT)))
        work = asyncio.create_task(self._hand_over(send, progress))
        stopped = asyncio.create_task(self._watched.stopped.wait())
        helpers = [
            stopped,
            asyncio.create_task(self._listen(receive)),
            asyncio.create_task(keep_pace(progress.line, self._watched)),
        ]
        try:
            await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done() or work.exception() is not None:
                await self._end_early(progress, work)
        finally:
            self._watcher.forget(self._watched)
            for task in (work, *helpers):
                task.cancel()
            await asyncio.gather(work, *helpers, return_exceptions=True)

    async def _hand_over(self, send: Send, progress: _Progress) -> None:
        """Send every piece, have the end recorded, send the last one."""
        async with aclosing(self._chunks.pieces()) as pieces:
            async for piece, rows in pieces:
                self._go_on_or_stop()
                if not progress.has_begun:
                    progress.has_begun = True
                    await send(
                        {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                    )
                progress.rows += rows
                await progress.line.send(send, piece)
                self._watched.handed = (progress.rows, progress.line.handed)
                meters.ROWS.inc(rows)
                meters.BYTES.inc(len(piece))
                # A ready stream never suspends by itself: let the listener and others run.
                await asyncio.sleep(0)
        self._go_on_or_stop()
        last, receipt = self._chunks.last()
        left = Left(progress.rows, progress.line.handed + len(last), progress.line.at_least())
        finished = Ended(DeliveryStatus.FINISHED, None, left, receipt)
        progress.recording = asyncio.create_task(_RECORDING.run(self._record_end, finished))
        await asyncio.shield(progress.recording)
        await progress.line.send(send, last, is_last=True)
        meters.BYTES.inc(len(last))

    def _go_on_or_stop(self) -> None:
        if self._watched.stopped.is_set():
            raise _Stopped

    async def _listen(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._watched.stop(EndReason.DISCONNECTED)

    async def _end_early(self, progress: _Progress, work: "asyncio.Task[None]") -> None:
        """Cut the socket first, then say how much had left: nothing follows a stop."""
        if progress.recording is not None:  # every row had left: what is committed stays
            await asyncio.wait({progress.recording})
            if progress.recording.exception() is None:
                progress.line.cut()
                return
        broken = work.exception() if work.done() else None
        reason = self._watched.reason if isinstance(broken, _Stopped | None) else None
        if reason is None:
            reason = self._reason_of(broken, progress)
        if progress.has_begun:
            progress.line.cut()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        status = DeliveryStatus.FAILED if reason in _OURS else DeliveryStatus.STOPPED
        ended = Ended(status, reason, progress.left(), None, progress.facts)
        await _RECORDING.run(self._record_end, ended)
        if not progress.has_begun and reason is not EndReason.DISCONNECTED:
            raise progress.error or _refusal(reason)

    def _reason_of(self, broken: BaseException | None, progress: _Progress) -> EndReason:
        """Whatever broke, the trail says so and the reader sees a cut stream, not an end."""
        for kind, reason in _BROKEN.items():
            if isinstance(broken, kind):
                assert isinstance(broken, ShuqiaoError)
                progress.facts = dict(broken.facts)
                progress.error = _answer_to(broken)
                return reason
        log.exception("stream_broken", delivery=str(self._watched.delivery_id), exc_info=broken)
        progress.error = broken if isinstance(broken, ShuqiaoError) else ShuqiaoError()
        return EndReason.FAULT


def _refusal(reason: EndReason) -> ShuqiaoError:
    is_for_a_while = reason in (EndReason.UNCHECKED, EndReason.SHUTTING_DOWN)
    return TransferCut(reason) if is_for_a_while else TransferStopped(reason)


def _answer_to(broken: Exception) -> ShuqiaoError | None:
    """What the consumer is told; why a source is away is the provider's business."""
    if isinstance(broken, ConnectorFailed):
        return SourceAway(**broken.facts)
    if isinstance(broken, RelationChanged):
        return PlanDrifted()
    return broken if isinstance(broken, NoPlace | SnapshotDamaged | WorksheetFull) else None
