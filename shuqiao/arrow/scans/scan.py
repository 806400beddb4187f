"""Running a plan: the snapshot's row groups through the engine, a few at a time, emitted in order.

A plan over a live relation runs in :mod:`~shuqiao.arrow.scans.live_scan`; its callers see no
difference.

A row group is one single-partition query over batches in memory of ours (copied from the mapped
file, or decoded from Parquet) that were checked there, built with the engine's expression API in a
thread of its own; three are under way while the oldest is handed on. So both cores work, the rows
come in the same order and the same batches every time, and a run never holds more than those four,
however slowly they are taken. A place is held while a row group is computed, and never while one is
handed on. Nothing of the plan becomes a query text, and no file name ever reaches the engine.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, closing
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import pyarrow as pa

from shuqiao.arrow.scans.engine import ScanFailed, query
from shuqiao.arrow.scans.live_scan import live_batches, live_run
from shuqiao.arrow.scans.places import NoPlace, Places
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.spool import ReaderTooSlow
from shuqiao.arrow.snapshots.recut import Recutter
from shuqiao.arrow.snapshots.seals import Message
from shuqiao.errors import TooLarge
from shuqiao.i18n import _

__all__ = [
    "Keys",
    "LimitExceeded",
    "NoPlace",
    "Read",
    "ReaderTooSlow",
    "ScanFailed",
    "Told",
    "ready",
    "run",
    "scan",
]

WINDOW: Final = 3
#: Decoding Parquet holds pages and dictionaries beside the rows, so fewer row groups are under way.
DECODING_WINDOW: Final = 2


class LimitExceeded(TooLarge):
    """The delivery would exceed the limits of its plan."""

    code = "delivery_limit_exceeded"
    title = _("The delivery is larger than was granted")


Keys = Mapping[str, bytes]
#: Told the number of each stored batch once its columns were read and checked, from any thread.
Read = Callable[[int], None]


def _nobody() -> None:
    """Who runs a plan need not know when it began."""


def _untold(_number: int) -> None:
    """For callers who need not know which batches were read."""


@dataclass(frozen=True, slots=True)
class Told:
    """``begun``: it has its first place; ``too_slow``: a source waited too long for whoever takes
    the batches; ``read``: of each stored batch.
    """

    begun: Callable[[], None] = _nobody
    too_slow: Callable[[], None] = _nobody
    read: Read = _untold


def ready(plan: DeliveryPlan, read: Read) -> Iterator[Message]:
    """The stored batches of a ready plan, each checked, with the bytes by which it is sent.

    Raises ``SnapshotDamaged``, ``LimitExceeded``.
    """
    meter, sources = _Meter(plan), [column.source for column in plan.columns]
    for number in range(len(plan.snapshot.manifest.batch_sizes)):
        message = plan.snapshot.message(number, sources)
        read(number)
        meter.add(message.batch)
        yield message


async def run(
    plan: DeliveryPlan, keys: Keys, places: Places | None = None, told: Told = Told()
) -> AsyncGenerator[pa.RecordBatch, None]:
    """The plan's batches, all of ``plan.schema``, in the plan's order.
    Scans run beside the event loop; batches of a ready plan come
    without any wait, so the caller yields to the loop between them.

    ``keys``: mask keys by name (``plan.mask_key``). ``places``: where it runs, shared with others;
    a row group holds one while it is computed, a live read while its source is read. Close it
    (``aclosing``) to stop early: queued work is dropped at once, a row group under way ends within
    about 0.1 s on its own thread. Anonymous memory: four row groups, however slowly they are taken.
    Raises ``SnapshotDamaged``, ``LimitExceeded``, ``ScanFailed``, ``NoPlace``, ``ReaderTooSlow``,
    ``KeyError`` for a missing key.
    """
    if plan.is_ready and plan.source.is_ready:
        told.begun()
        for message in ready(plan, told.read):
            yield _named(message, plan)
        return
    meter = _Meter(plan)
    if plan.is_live:
        async with aclosing(live_run(plan, keys, places, told.begun, told.too_slow)) as batches:
            async for batch in batches:
                yield meter.add(batch)
        return
    shaper = _shaper(plan)
    async with aclosing(_groups(plan, keys, places, told)) as groups:
        async for group in groups:
            for batch in shaper.push(group):
                yield meter.add(batch)
    for batch in shaper.rest():
        yield meter.add(batch)


def scan(plan: DeliveryPlan, keys: Keys, read: Read | None = None) -> Iterator[pa.RecordBatch]:
    """:func:`run` for callers without an event loop (jobs, files, Flight): the same batches."""
    read = read or _untold
    if plan.is_ready and plan.source.is_ready:
        yield from (_named(message, plan) for message in ready(plan, read))
        return
    shaped = live_batches(plan, keys) if plan.is_live else _shaped(plan, keys, read)
    with closing(shaped) as batches:
        yield from _measured(plan, batches)


def _shaped(plan: DeliveryPlan, keys: Keys, read: Read) -> Generator[pa.RecordBatch, None, None]:
    shaper = _shaper(plan)
    with closing(_waiting_groups(plan, keys, read)) as groups:
        for group in groups:
            yield from shaper.push(group)
    yield from shaper.rest()


def _named(message: Message, plan: DeliveryPlan) -> pa.RecordBatch:
    """Stored columns as they are, under the declared schema; nothing copied."""
    return pa.RecordBatch.from_arrays(message.batch.columns, schema=plan.schema)


def _shaper(plan: DeliveryPlan) -> Recutter:
    """Unfiltered rows leave in the snapshot's batches; filtered ones in
    full batches of the same number of rows.
    """
    manifest = plan.snapshot.manifest
    return Recutter(
        iter(manifest.batch_sizes) if plan.row_filter is None else repeat(manifest.batch_rows)
    )


class _Meter:
    """Counts what leaves and stops at the limits."""

    def __init__(self, plan: DeliveryPlan) -> None:
        self._limits = plan.limits
        self._rows = self._bytes = 0

    def add(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        limits = self._limits
        self._rows += batch.num_rows
        if limits.rows is not None and self._rows > limits.rows:
            raise LimitExceeded(_("More than %(rows)s rows.", rows=limits.rows))
        if limits.bytes is not None:
            self._bytes += batch.nbytes
            if self._bytes > limits.bytes:
                raise LimitExceeded(_("More than %(bytes)s bytes.", bytes=limits.bytes))
        return batch


def _measured(plan: DeliveryPlan, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    meter = _Meter(plan)
    for batch in batches:
        yield meter.add(batch)


async def _groups(
    plan: DeliveryPlan, keys: Keys, places: Places | None, told: Told
) -> AsyncGenerator[pa.RecordBatch, None]:
    with _window(plan, keys, told.read, places.scans if places else None) as window:
        if places is not None:
            async with places.in_turn():
                await window.begin()
        told.begun()
        while (oldest := window.oldest()) is not None:
            batches = await asyncio.wrap_future(oldest)
            batches.reverse()
            while batches:
                yield batches.pop()  # what was handed on is not kept


def _waiting_groups(
    plan: DeliveryPlan, keys: Keys, read: Read
) -> Generator[pa.RecordBatch, None, None]:
    with _window(plan, keys, read) as window:
        while (oldest := window.oldest()) is not None:
            yield from oldest.result()


class _Window:
    """A few row groups under way at once, handed out in order."""

    def __init__(
        self,
        work: Callable[[int], list[pa.RecordBatch]],
        count: int,
        *,
        width: int,
        pool: ThreadPoolExecutor | None,
    ) -> None:
        self._work, self._numbers, self._width = work, iter(range(count)), width
        self._pool = pool or ThreadPoolExecutor(width, thread_name_prefix="scan")
        self._is_own = pool is None
        self._futures: deque[Future[list[pa.RecordBatch]]] = deque()
        self._begun = threading.Event()
        self._tell: Callable[[], object] = self._begun.set

    def __enter__(self) -> "_Window":
        for _place in range(self._width):
            self._start_next()
        return self

    def __exit__(self, *_reason: object) -> None:
        for future in self._futures:
            future.cancel()
        if self._is_own:
            self._pool.shutdown(wait=False)

    async def begin(self) -> None:
        """Wait until the first row group has a place."""
        loop, begun = asyncio.get_running_loop(), asyncio.Event()
        self._tell = lambda: loop.call_soon_threadsafe(begun.set)
        if self._futures and not self._begun.is_set():
            await begun.wait()

    def oldest(self) -> Future[list[pa.RecordBatch]] | None:
        """The next row group in order; its place is filled once the one before it was handed on."""
        if not self._futures:
            return None
        future = self._futures.popleft()
        self._start_next()
        return future

    def _start_next(self) -> None:
        number = next(self._numbers, None)
        if number is not None:
            self._futures.append(self._pool.submit(self._run, number))

    def _run(self, number: int) -> list[pa.RecordBatch]:
        if not self._begun.is_set():
            self._begun.set()
            self._tell()
        return self._work(number)


def _window(
    plan: DeliveryPlan, keys: Keys, read: Read, pool: ThreadPoolExecutor | None = None
) -> _Window:
    key = keys[plan.mask_key] if plan.needs_key else None
    width = WINDOW if plan.source.is_ready else DECODING_WINDOW
    return _Window(
        lambda number: _run_group(plan, key, number, read),
        plan.snapshot.group_count(),
        width=width,
        pool=pool,
    )


def _run_group(
    plan: DeliveryPlan, key: bytes | None, number: int, read: Read
) -> list[pa.RecordBatch]:
    """One row group, filtered, projected and masked, under the declared schema."""
    snapshot = plan.snapshot
    stored = snapshot.group(number, plan.needed_sources())
    first = snapshot.manifest.group_starts[number]
    for batch in range(first, first + len(stored)):
        read(batch)
    if plan.is_ready:
        sources = [column.source for column in plan.columns]
        return [
            pa.RecordBatch.from_arrays(b.select(sources).columns, schema=plan.schema)
            for b in stored
        ]
    return query(plan, key, stored, batch_rows=snapshot.manifest.batch_rows)
