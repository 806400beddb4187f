"""One watcher a data process: asks the database about *all* live
streams at once and stops those that may not go on.

It fails closed: a stream about which no check has succeeded for ``stream_stale_ms`` stops. A query
per batch would cost 40 % of the throughput and hold pool connections; this asks four times a second
whatever the streams. It asks on a connection of its own: who fills the pool with requests must not
stop what is running.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from auth.sessions.service import sessions
from exchange.deliveries import repository
from exchange.deliveries.service.standing import Standing, Verdicts
from exchange.deliveries.words import EndReason
from shuqiao import installation, meters
from shuqiao.arrow.scans.places import Places
from shuqiao.db import connection_apart, reading, unit_of_work
from shuqiao.settings import settings

log = structlog.get_logger("watcher")

#: How often a running delivery says in the database that its process
#: lives and how far it is; the sweeper waits longer.
SIGN_OF_LIFE_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Watched:
    """One live stream: ``stopped`` is set, with ``reason``, when it may not go on. ``handed``:
    (rows, bytes) so far.
    """

    delivery_id: UUID
    #: What proved the plan when it began (``Compiled.proof``).
    proof: str
    #: Whether the source of live rows may still be read.
    source_stands: Callable[[], bool] = lambda: True
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    reason: EndReason | None = None
    handed: tuple[int, int] = (0, 0)
    #: When the question was last asked about it (``time.monotonic``) and answered.
    checked_at: float = field(default_factory=time.monotonic)

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
        self._signed_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        limits = settings()
        self.places = Places(
            scans=limits.scans_at_once,
            live=limits.live_reads_at_once,
            live_each=limits.live_reads_of_one,
            waiting=limits.places_waiting,
            seconds=limits.place_wait_seconds,
        )

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
            self.places.close()
            await asyncio.to_thread(thread.join, 5.0)

    def watch(self, watched: Watched) -> Watched:
        """Begin to watch; the caller has just read the grant, so the
        first check may come one interval later.
        """
        with self._lock:
            self._live[watched.delivery_id] = watched
            meters.STREAMS_RUNNING.inc()
        return watched

    def forget(self, watched: Watched) -> None:
        with self._lock:
            if self._live.pop(watched.delivery_id, None) is not None:
                meters.STREAMS_RUNNING.dec()

    def live(self) -> int:
        """How many streams run."""
        return len(self._live)

    def drain(self, seconds: float) -> None:
        """Give running streams ``seconds`` to finish, then stop them truthfully.

        Safe to call from a signal handler.
        """
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(
                loop.call_later, seconds, self._stop_all, EndReason.SHUTTING_DOWN
            )

    async def _stop_when_stale(self) -> None:
        """Each by its own last check: what has just begun is not as stale as what ran before."""
        limit = settings().stream_stale_ms / 1000
        while True:
            now = time.monotonic()
            running = [each for each in self._watched() if each.reason is None]
            for watched in running:
                if watched.checked_at + limit <= now:
                    watched.stop(EndReason.UNCHECKED)
            left = (each.checked_at + limit - now for each in running if each.reason is None)
            await asyncio.sleep(min(left, default=limit))

    def _stop_all(self, reason: EndReason) -> None:
        for watched in self._watched():
            watched.stop(reason)

    def _watched(self) -> list[Watched]:
        with self._lock:
            return list(self._live.values())

    def _check_until_quit(self) -> None:
        limits, standing = settings(), Standing()
        own = connection_apart(
            "shuqiao-watcher", statement_ms=limits.stream_stale_ms, lock_ms=limits.stream_check_ms
        )
        self._look(own, standing, [])  # connects now, while there is still room
        while not self._quit.wait(limits.stream_check_ms / 1000):
            if live := self._watched():
                self._look(own, standing, live)
        own.dispose()

    def _look(self, own: Engine, standing: Standing, live: list[Watched]) -> None:
        asked_at = time.monotonic()
        try:
            if installation.refusal() is not None:
                return  # who is not let in now is not served on either: unchecked, it ends
            with reading(own) as session:
                verdicts = standing.ask(session, {each.delivery_id: each.proof for each in live})
            away = [each.delivery_id for each in live if not each.source_stands()]
            for each in live:
                each.checked_at = asked_at
            self._tell({**dict.fromkeys(away, EndReason.SOURCE_AWAY), **verdicts.ended})
            self._note(own, verdicts, live, asked_at)
        except SQLAlchemyError as error:
            log.warning("streams_unchecked", error=type(error).__name__, streams=len(live))
        except Exception as fault:  # a thread that dies of it would stop every stream from now on
            failed = type(fault).__name__
            log.exception("streams_unchecked", error=failed, streams=len(live), exc_info=fault)

    def _note(self, own: Engine, verdicts: Verdicts, live: list[Watched], asked_at: float) -> None:
        """Signs of life, apart from the check: a row that somebody holds must not spoil it."""
        if asked_at - self._signed_at <= SIGN_OF_LIFE_SECONDS:
            return
        handed = {watched.delivery_id: watched.handed for watched in live}
        with unit_of_work(own) as session:
            repository.sign_of_life(session, handed)
        self._signed_at = asked_at
        if verdicts.unnoted:
            with unit_of_work(own) as session:
                sessions.touch(session, *verdicts.unnoted)

    def _tell(self, ended: Mapping[UUID, EndReason]) -> None:
        loop = self._loop
        for delivery_id, reason in ended.items():
            watched = self._live.get(delivery_id)
            if watched is not None and loop is not None:
                loop.call_soon_threadsafe(watched.stop, reason)
