"""Running a plan over a live relation: the source filters and projects,
we mask, in batches of the usual size.

Reading and masking happen on one thread of their own, one batch ahead of what is handed on.
Stopping breaks off what is under way at the source.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import repeat
from typing import Final

import pyarrow as pa

from shuqiao.arrow.connectors.live import LiveRelation, Reading
from shuqiao.arrow.scans.engine import query
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.snapshots.canonical import body_size
from shuqiao.arrow.snapshots.recut import Recutter
from shuqiao.arrow.snapshots.writer import batch_rows_for

_AHEAD: Final = 2
Keys = Mapping[str, bytes]


def live_batches(plan: DeliveryPlan, keys: Keys) -> Generator[pa.RecordBatch, None, None]:
    """The plan's batches, for callers without an event loop.

    Closing the iterator leaves the source.
    """
    with closing(_begin(plan)) as reading:
        yield from _shaped(plan, keys, reading)


async def live_run(plan: DeliveryPlan, keys: Keys) -> AsyncGenerator[pa.RecordBatch, None]:
    """The same batches beside the event loop."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="live")
    begun = pool.submit(_begin, plan)
    waiting: deque[Future[pa.RecordBatch | None]] = deque()
    try:
        reading = await asyncio.wrap_future(begun)
        batches = _shaped(plan, keys, reading)
        waiting.extend(pool.submit(next, batches, None) for _place in range(_AHEAD))
        while (batch := await asyncio.wrap_future(waiting[0])) is not None:
            waiting.popleft()
            waiting.append(pool.submit(next, batches, None))
            yield batch
    finally:
        for future in waiting:
            future.cancel()
        if begun.done() and not all(future.done() for future in waiting):
            threading.Thread(target=begun.result().cancel, name="live-cancel", daemon=True).start()
        pool.submit(_leave, begun)  # on the thread that reads, after what is under way
        pool.shutdown(wait=False)


def _leave(begun: "Future[Reading]") -> None:
    if not begun.cancelled() and begun.exception() is None:
        begun.result().close()


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
