"""One watcher a data process: asks the database about *all* live streams at once and stops those that may not go on.

It fails closed: when no check has succeeded for ``stream_stale_ms``, every stream stops. A query per batch would cost
40 % of the throughput and hold pool connections; this costs four queries a second whatever the streams.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from exchange.deliveries import repository
from exchange.deliveries.lifecycle import EndReason
from shuqiao.arrow.plan import DeliveryPlan
from shuqiao.clock import today
from shuqiao.db import unit_of_work
from shuqiao.settings import settings

log = structlog.get_logger("watcher")

#: How often a running delivery says in the database that its process lives and how far it is; the sweeper waits longer.
SIGN_OF_LIFE_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Watched:
    """One live stream: ``stopped`` is set, with ``reason``, when it may not go on. ``handed``: (rows, bytes) so far."""

    delivery_id: UUID
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    reason: EndReason | None = None
    handed: tuple[int, int] = (0, 0)

    def stop(self, reason: EndReason) -> None:
        """Called on the event loop only; the first reason stays."""
        if self.reason is None:
            self.reason = reason
            self.stopped.set()


class Watcher:
    """Checks from a thread of its own, so that a slow database never holds up the event loop."""

    def __init__(self) -> None:
        self._live: dict[UUID, Watched] = {}
        self._lock = threading.Lock()
        self._quit = threading.Event()
        self._checked_at = time.monotonic()
        self._signed_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        # These bind to the loop at their first use. A slow source must not keep stored data waiting, so it has its own.
        self.scans = asyncio.Semaphore(settings().scans_at_once)
        self.live_reads = asyncio.Semaphore(settings().live_reads_at_once)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch for as long as the block runs; whatever still streams at its end is stopped."""
        self._loop = asyncio.get_running_loop()
        thread = threading.Thread(target=self._check_until_quit, name="watcher", daemon=True)
        thread.start()
        closing = asyncio.create_task(self._stop_when_stale())
        try:
            yield
        finally:
            closing.cancel()
            self._quit.set()
            self._stop_all(EndReason.SHUTTING_DOWN)
            await asyncio.to_thread(thread.join, 5.0)

    def watch(self, delivery_id: UUID) -> Watched:
        """Begin to watch; the caller has just read the grant, so the first check may come one interval later."""
        watched = Watched(delivery_id)
        with self._lock:
            if not self._live:
                self._checked_at = time.monotonic()
            self._live[delivery_id] = watched
        return watched

    def slots(self, plan: DeliveryPlan) -> asyncio.Semaphore | None:
        """What a run of ``plan`` has to wait for; ready streams wait for nothing."""
        if plan.is_live:
            return self.live_reads
        return None if plan.is_ready else self.scans

    def forget(self, watched: Watched) -> None:
        with self._lock:
            self._live.pop(watched.delivery_id, None)

    def live(self) -> int:
        """How many streams run."""
        return len(self._live)

    def drain(self, seconds: float) -> None:
        """Give running streams ``seconds`` to finish, then stop them truthfully. Safe to call from a signal handler."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(loop.call_later, seconds, self._stop_all, EndReason.SHUTTING_DOWN)

    async def _stop_when_stale(self) -> None:
        limit = settings().stream_stale_ms / 1000
        while True:
            await asyncio.sleep(limit / 10)
            if self._live and time.monotonic() - self._checked_at > limit:
                self._stop_all(EndReason.UNCHECKED)

    def _stop_all(self, reason: EndReason) -> None:
        with self._lock:
            live = list(self._live.values())
        for watched in live:
            watched.stop(reason)

    def _check_until_quit(self) -> None:
        interval = settings().stream_check_ms / 1000
        while not self._quit.wait(interval):
            with self._lock:
                live = list(self._live.values())
            if not live:
                continue
            asked_at = time.monotonic()
            try:
                verdicts = self._ask(live, asked_at)
            except SQLAlchemyError as error:
                log.warning("streams_unchecked", error=type(error).__name__, streams=len(live))
                continue
            self._checked_at = asked_at
            self._tell(verdicts)

    def _ask(self, live: list[Watched], asked_at: float) -> Mapping[UUID, EndReason]:
        is_due = asked_at - self._signed_at > SIGN_OF_LIFE_SECONDS
        with unit_of_work() as session:
            verdicts = repository.ended(session, [watched.delivery_id for watched in live], today())
            if is_due:
                repository.sign_of_life(session, {watched.delivery_id: watched.handed for watched in live})
                self._signed_at = asked_at
        return verdicts

    def _tell(self, verdicts: Mapping[UUID, EndReason]) -> None:
        loop = self._loop
        for delivery_id, reason in verdicts.items():
            watched = self._live.get(delivery_id)
            if watched is not None and loop is not None:
                loop.call_soon_threadsafe(watched.stop, reason)
