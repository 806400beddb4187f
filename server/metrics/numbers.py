"""Numbers that have to be asked for, and the thread that asks: so that no scrape waits for a
database that is locked or away.

It has one connection of its own with short limits. What could not be asked keeps its last value;
``shuqiao_scrape_failed`` says so, and ``shuqiao_scrape_age_seconds`` how old the values are.
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from catalog.attachments.service import rooms
from shuqiao import drift, jobs, pool
from shuqiao.clock import today
from shuqiao.db import connection_apart, reading
from shuqiao.desk import late, notices
from shuqiao.home import home
from shuqiao.settings import settings

log = structlog.get_logger("metrics")

#: How often is asked; the queue is counted in one pass over its table.
SECONDS: Final = 30.0
_STATEMENT_MS: Final = 2_000
_LOCK_MS: Final = 500


@dataclass(slots=True)
class _Known:
    """What was found last; ``asked_at``: by the monotonic clock, None: never."""

    families: Mapping[str, Metric] = field(default_factory=dict)
    has_failed: bool = True
    asked_at: float | None = None


#: Each asks one thing, and fails alone.
Asked = Callable[[Session], Iterable[Metric]]


def _queue(session: Session) -> Iterator[Metric]:
    standing = Gauge(
        "shuqiao_jobs",
        "Jobs that wait (queued), run or were parked (failed)",
        labels=["task", "state"],
    )
    oldest = 0.0
    for each in jobs.count_jobs(session):
        standing.add_metric([each.task, each.state], each.jobs)
        if each.state is jobs.JobState.QUEUED:
            oldest = max(oldest, each.oldest_seconds or 0.0)
    yield standing
    yield Gauge("shuqiao_jobs_oldest_seconds", "How long a job has been due", oldest)


def _workers(session: Session) -> Iterator[Metric]:
    since = jobs.heartbeats(session)
    yield Gauge("shuqiao_workers", "Workers that the queue knows", len(since))
    if since:
        yield Gauge(
            "shuqiao_worker_heartbeat_seconds",
            "Since the last sign of life of any worker",
            min(since),
        )


def _clocks(session: Session) -> Iterator[Metric]:
    over = Gauge(
        "shuqiao_overdue_clocks",
        "Open limits that are over, by kind and basis",
        labels=["clock", "basis"],
    )
    for kind, basis, number in late.count(session, today()):
        over.add_metric([kind, basis], number)
    yield over
    yield Gauge(
        "shuqiao_calendar_days_left",
        "Days that the loaded working-day calendar still has",
        notices.days_left(session, today()),
    )


def _rooms(session: Session) -> Iterator[Metric]:
    every = rooms.of_all(session)
    yield Gauge(
        "shuqiao_store_used_bytes",
        "Kept by all departments: snapshots, uploads, what is under way",
        sum(held.used for held in every),
    )
    yield Gauge(
        "shuqiao_store_quotas_reached",
        "Departments that keep as much as they may",
        sum(not held.left for held in every),
    )


_ASKED: Final[tuple[Asked, ...]] = (_queue, _workers, _clocks, _rooms)


class Numbers(Collector):
    """``checks``: those of ``/readyz``; ``is_whole``: whether this process tells what is known of
    the whole installation, and not of itself alone.
    """

    def __init__(self, checks: Callable[[], Mapping[str, bool]], *, is_whole: bool) -> None:
        self._checks, self._is_whole = checks, is_whole
        self._known = _Known()
        self._stop = threading.Event()

    def collect(self) -> Iterator[Metric]:
        """What is known; asks nothing and waits for nothing."""
        known = self._known
        yield Gauge(
            "shuqiao_scrape_failed", "1: numbers below could not be asked", known.has_failed
        )
        if known.asked_at is not None:
            age = time.monotonic() - known.asked_at
            yield Gauge("shuqiao_scrape_age_seconds", "Age of the numbers below", age)
        yield from known.families.values()
        yield from _pools()
        gap = drift.gap_seconds()
        if gap is not None:
            yield Gauge("shuqiao_clock_gap_seconds", "Database's clock minus the system's", gap)

    def ask(self, own: Engine) -> None:
        """Ask everything once; what fails keeps what it had."""
        found, has_failed = dict(self._known.families), False
        parts: list[Callable[[], Iterable[Metric]]] = [_disk, lambda: _ready(self._checks())]
        if self._is_whole:
            parts += [partial(_read, own, each) for each in _ASKED]
        for part in parts:
            try:
                found |= {family.name: family for family in part()}
            except (SQLAlchemyError, OSError) as failure:
                has_failed = True
                log.info("numbers_not_read", error=type(failure).__name__)
        asked_at = self._known.asked_at if has_failed else time.monotonic()
        self._known = _Known(found, has_failed, asked_at)

    def watch(self) -> Callable[[], None]:
        """Ask from now on, in a thread of its own. Gives what ends it."""
        REGISTRY.register(self)
        thread = threading.Thread(target=self._go_on, name="metrics", daemon=True)
        thread.start()

        def end() -> None:
            self._stop.set()
            REGISTRY.unregister(self)
            thread.join()

        return end

    def _go_on(self) -> None:
        own = connection_apart("shuqiao-metrics", statement_ms=_STATEMENT_MS, lock_ms=_LOCK_MS)
        while True:
            try:
                self.ask(own)
            except Exception as fault:  # a thread that dies of it would tell old numbers for ever
                self._known = _Known(self._known.families, True, self._known.asked_at)
                log.exception("numbers_not_read", error=type(fault).__name__, exc_info=fault)
            if self._stop.wait(SECONDS):
                own.dispose()
                return


def _read(own: Engine, asked: Asked) -> list[Metric]:
    with reading(own) as session:
        return list(asked(session))


def _ready(checks: Mapping[str, bool]) -> Iterator[Metric]:
    ready = Gauge("shuqiao_ready", "Checks of /readyz: 1 holds", labels=["check"])
    for name, holds in checks.items():
        ready.add_metric([name], holds)
    yield ready


def _disk() -> Iterator[Metric]:
    found = shutil.disk_usage(home())
    yield Gauge("shuqiao_home_free_bytes", "Free on the disk of SHUQIAO_HOME", found.free)
    yield Gauge("shuqiao_home_size_bytes", "Size of the disk of SHUQIAO_HOME", found.total)
    headroom = settings().disk_headroom_bytes
    yield Gauge(
        "shuqiao_disk_headroom_bytes", "What has to stay free for files to be taken", headroom
    )


def _pools() -> Iterator[Metric]:
    sizes, in_use = pool.standing()
    most = Gauge("shuqiao_pool_size", "Most connections to the database", labels=["pool"])
    used = Gauge("shuqiao_pool_in_use", "Of these in use", labels=["pool"])
    for name, size in sizes.items():
        most.add_metric([name], size)
        used.add_metric([name], in_use[name])
    yield most
    yield used
