"""Where plans run: a place is held while something is computed or a source is read, and never while
a reader takes what was made.

One for each process that serves readers. A slow, locked or silent database of one department takes
no more than its own share of the places of live reads.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Final, ParamSpec, TypeVar

from shuqiao import meters
from shuqiao.errors import Unavailable
from shuqiao.i18n import _

#: How many requests may ask one department's database at the same time whether it still is what was
#: granted, and all of them together: each holds a thread that answers requests.
ASKING_ONE: Final = 8
ASKING_ALL: Final = 20


class NoPlace(Unavailable):
    """Too many wait for a place, or the wait was too long."""

    code = "transfers_busy"
    title = _("Too many transfers are being prepared at the moment")

    def __init__(self) -> None:
        super().__init__(_("Nothing was handed over. Fetch again in a few seconds."))


P = ParamSpec("P")
T = TypeVar("T")


class _Counted(ThreadPoolExecutor):
    """Threads of which it can be seen how many compute."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return super().submit(_computed, partial(fn, *args, **kwargs))


def _computed(work: Callable[[], T]) -> T:
    with meters.PLACES_TAKEN.labels("scan").track_inprogress():
        return work()


class Places:
    """Threads for row groups, and turns for live reads; who waits is served in the order of asking.

    ``waiting``: how many runs may wait for their first place, ``seconds``: for how long each.
    """

    def __init__(
        self, *, scans: int, live: int, live_each: int, waiting: int, seconds: float
    ) -> None:
        self.scans = _Counted(scans, thread_name_prefix="scan")
        meters.PLACES.labels("scan").set(scans)
        meters.PLACES.labels("live").set(live)
        self._live = asyncio.Semaphore(live)
        self._live_each, self._shares = live_each, dict[str, asyncio.Semaphore]()
        self._most_waiting, self._seconds = waiting, seconds
        self._waiting = 0
        self._asking: Counter[str] = Counter()
        self._lock = threading.Lock()

    def check_room(self) -> None:
        """Raises ``NoPlace`` while as many wait as may."""
        if self._waiting >= self._most_waiting:
            raise NoPlace

    @asynccontextmanager
    async def in_turn(self) -> AsyncIterator[None]:
        """Wait in the block for the first place of a run, for a while only.

        Raises ``NoPlace``.
        """
        self.check_room()
        self._waiting += 1
        try:
            with meters.PLACES_WAITING.labels("transfer").track_inprogress():
                async with asyncio.timeout(self._seconds):
                    yield
        except TimeoutError:
            raise NoPlace from None
        finally:
            self._waiting -= 1

    async def live_turn(self, source: str) -> "LiveTurn":
        """A turn to read ``source``, once it has less than its share and there is a free one."""
        share = self._shares.setdefault(source, asyncio.Semaphore(self._live_each))
        with meters.PLACES_WAITING.labels("live").track_inprogress():
            await share.acquire()
            try:
                await self._live.acquire()
            except BaseException:
                share.release()
                raise
        meters.PLACES_TAKEN.labels("live").inc()
        return LiveTurn(self._live, share)

    @contextmanager
    def asking(self, source: str) -> Iterator[None]:
        """Ask a source in the block, from the thread of a request.

        Raises ``NoPlace`` at once where too many do.
        """
        with self._lock:
            if self._asking[source] >= ASKING_ONE or self._asking.total() >= ASKING_ALL:
                raise NoPlace
            self._asking[source] += 1
        try:
            yield
        finally:
            with self._lock:
                self._asking[source] -= 1

    def close(self) -> None:
        """Nothing new is begun."""
        self.scans.shutdown(wait=False, cancel_futures=True)


class LiveTurn:
    """One live read's turn. On the event loop only."""

    def __init__(self, free: asyncio.Semaphore, share: asyncio.Semaphore) -> None:
        self._free, self._share = free, share
        self._is_shared = True

    def over(self) -> None:
        """The source was left: others may read it."""
        self.abandon()
        self._share.release()

    def abandon(self) -> None:
        """The source does not let go: its own share stays taken, no other one's does."""
        if self._is_shared:
            self._is_shared = False
            meters.PLACES_TAKEN.labels("live").dec()
            self._free.release()
