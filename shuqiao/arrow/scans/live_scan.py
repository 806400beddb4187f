"""Running a plan over a live relation: the source filters and projects,
we mask, in batches of the usual size.

Reading and masking happen on one thread of their own, as fast as the source gives: what the reader
has not taken yet waits in a :mod:`~shuqiao.arrow.scans.spool`. Stopping breaks off what is under
way at the source.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Mapping
from contextlib import closing
from itertools import repeat
from typing import Final

import pyarrow as pa

from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed
from shuqiao.arrow.connectors.live import LiveRelation, Reading
from shuqiao.arrow.scans.engine import query
from shuqiao.arrow.scans.places import LiveTurn, Places
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.spool import Left, ReaderTooSlow, Spool
from shuqiao.arrow.snapshots.canonical import body_size
from shuqiao.arrow.snapshots.recut import Recutter
from shuqiao.arrow.snapshots.writer import batch_rows_for
from shuqiao.settings import settings

#: How long a source may take to let go of a read that was broken off before others go on without
#: its place.
ABANDONED_AFTER_SECONDS: Final = 5.0
Keys = Mapping[str, bytes]


def live_batches(plan: DeliveryPlan, keys: Keys) -> Generator[pa.RecordBatch, None, None]:
    """The plan's batches, for callers without an event loop.

    Closing the iterator leaves the source.
    """
    with closing(_begin(plan)) as reading:
        yield from _shaped(plan, keys, reading)


async def live_run(
    plan: DeliveryPlan,
    keys: Keys,
    places: Places | None,
    begun: Callable[[], None],
    too_slow: Callable[[], None],
) -> AsyncGenerator[pa.RecordBatch, None]:
    """The same batches beside the event loop. ``begun`` is called when the source is asked,
    ``too_slow`` when it has waited long enough: the error comes behind what waits.

    Raises ``NoPlace``, ``ReaderTooSlow``, and ``ConnectorFailed`` also when the first rows do not
    come within ``connector_connect_seconds`` and ``connector_answer_seconds`` together.
    """
    assert isinstance(plan.source, LiveRelation)
    turn = None
    if places is not None:
        async with places.in_turn():
            turn = await places.live_turn(plan.source.connection.owner)
    begun()
    pump = _Pump(plan, keys, turn, too_slow)
    limits = settings()
    try:
        try:
            async with asyncio.timeout(
                limits.connector_connect_seconds + limits.connector_answer_seconds
            ):
                batch = await pump.spool.take()
        except TimeoutError:
            raise ConnectorFailed(Cause.TIMED_OUT) from None
        while batch is not None:
            yield batch
            batch = await pump.spool.take()
    finally:
        pump.leave()


class _Pump:
    """Reads and masks on a thread of its own, as fast as the source gives; made on the loop."""

    def __init__(
        self,
        plan: DeliveryPlan,
        keys: Keys,
        turn: LiveTurn | None,
        too_slow: Callable[[], None],
    ) -> None:
        limits = settings()
        self.spool = Spool(
            plan.schema,
            limit=limits.live_spool_bytes,
            patience=limits.live_wait_seconds,
        )
        self._plan, self._keys, self._turn = plan, keys, turn
        self._too_slow = too_slow
        self._loop = asyncio.get_running_loop()
        self._reading: Reading | None = None
        self._is_over = False
        threading.Thread(target=self._run, name="live", daemon=True).start()

    def leave(self) -> None:
        """What is under way at the source is broken off; if it does not let go soon, it keeps its
        own share of the places and nothing else.
        """
        self.spool.leave()
        if self._is_over:
            return
        if self._reading is not None:
            threading.Thread(target=self._reading.cancel, name="live-cancel", daemon=True).start()
        if self._turn is not None:
            self._loop.call_later(ABANDONED_AFTER_SECONDS, self._abandon)

    def _abandon(self) -> None:
        if not self._is_over and self._turn is not None:
            self._turn.abandon()

    def _over(self) -> None:
        self._is_over = True
        if self._turn is not None:
            self._turn.over()

    def _run(self) -> None:
        try:
            self._read()
        except Left:
            pass
        except BaseException as error:  # told to whoever takes
            if isinstance(error, ReaderTooSlow):
                self._loop.call_soon_threadsafe(self._too_slow)
            with contextlib.suppress(Left, RuntimeError):
                self.spool.end(error)
        finally:
            self.spool.let_go()
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._over)

    def _read(self) -> None:
        with closing(_begin(self._plan)) as self._reading:
            if self.spool.is_left:
                return
            for batch in _shaped(self._plan, self._keys, self._reading):
                self.spool.put(batch)
        self.spool.end()


def _begin(plan: DeliveryPlan) -> Reading:
    assert isinstance(plan.source, LiveRelation)
    sources = {column.source for column in plan.columns}
    names = [name for name in plan.source.schema.names if name in sources]
    return plan.source.read(names, row_filter=plan.row_filter, asked=plan.asked_sources())


def _shaped(
    plan: DeliveryPlan, keys: Keys, reading: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Batches of one size, chosen by the width of the first rows."""
    recutter: Recutter | None = None
    key = keys[plan.mask_key] if plan.needs_key else None
    for stored in reading:
        if recutter is None:
            width = sum(body_size(column) for column in stored.columns) / stored.num_rows
            rows = batch_rows_for(width)
            recutter = Recutter(repeat(rows))
        for batch in query(plan, key, [stored], batch_rows=rows, is_filtered=True):
            yield from recutter.push(batch)
    if recutter is not None:
        yield from recutter.rest()
