"""Runs jobs until told to stop: an asynchronous loop for the queue, threads for the tasks."""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import procrastinate
import psycopg
import psycopg_pool
import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker
from sqlalchemy.exc import SQLAlchemyError

from shuqiao import clock, installation, meters, observed, tracing
from shuqiao.context import working_on
from shuqiao.db import unit_of_work
from shuqiao.ids import uuid7
from shuqiao.jobs.failures import Backoff, describe
from shuqiao.jobs.outcome import PersistentOutcomes
from shuqiao.jobs.queue import jobs
from shuqiao.jobs.sweeper import HEARTBEAT_SECONDS, STALLED_AFTER_SECONDS, sweep
from shuqiao.jobs.sweeping import Sweeper
from shuqiao.settings import settings

log = structlog.get_logger(__name__)

#: Only a fallback: new jobs are announced by the database.
POLL_SECONDS = 1.0
RECONNECT_SECONDS = (0.2, 0.5, 1.0, 2.0)

_LOST_DATABASE = (
    ConnectorException,
    psycopg.Error,
    psycopg_pool.PoolTimeout,
    SQLAlchemyError,
    OSError,
)


async def run_worker(
    url: str,
    *,
    stop: asyncio.Event,
    concurrency: int | None = None,
    stalled_after_seconds: float = STALLED_AFTER_SECONDS,
) -> None:
    """Work until ``stop`` is set, then let running jobs finish (``SHUQIAO_DRAIN_SECONDS``).

    Survives a lost database.

    ``url`` is the application role's, in either spelling. Tasks open their own sessions, so
    ``shuqiao.db.configure`` must have been called, and the modules with tasks must have been
    imported.
    """
    threads = concurrency or settings().worker_concurrency
    asyncio.get_running_loop().set_default_executor(
        ThreadPoolExecutor(threads + 2, thread_name_prefix="job")
    )
    logging.getLogger("procrastinate.worker").addFilter(_without_values)
    logging.getLogger("procrastinate.worker.worker").addFilter(_without_values)
    for task in jobs.tasks.values():
        task.retry_strategy = task.retry_strategy or Backoff()
    sweeper = Sweeper(min(settings().sweep_seconds, stalled_after_seconds))
    sweeper.start()
    told = asyncio.create_task(stop.wait())
    told.add_done_callback(lambda _: sweeper.begin_no_more())
    try:
        await _work_until(stop, url, threads, stalled_after_seconds)
    finally:
        told.cancel()
        await asyncio.to_thread(sweeper.stop, settings().drain_seconds)


async def _work_until(
    stop: asyncio.Event, url: str, threads: int, stalled_after_seconds: float
) -> None:
    failures = 0
    while not stop.is_set():
        try:
            await _work(url, stop, threads, stalled_after_seconds)
            failures = 0
        except _LOST_DATABASE as lost:
            log.warning("worker_lost_database", error=describe(lost)[1])
        pause = RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)]
        failures += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _work(url: str, stop: asyncio.Event, threads: int, stalled_after_seconds: float) -> None:
    """One connected life of the worker: ends when told to stop or when one of its parts ends."""
    connector = procrastinate.PsycopgConnector(
        conninfo=_libpq(url),
        kwargs={
            "options": "-c search_path=public,jobs -c timezone=UTC",
            "application_name": "shuqiao-worker",
        },
        min_size=1,
        max_size=threads + 3,
        timeout=5.0,
    )
    # An application of its own: with the registry's connector replaced,
    # tasks could no longer enqueue from threads.
    app = procrastinate.App(connector=connector)
    app.tasks = jobs.tasks
    lost = asyncio.Event()
    app.job_manager = PersistentOutcomes(connector, lost)
    async with app.open_async():
        parts = {
            asyncio.create_task(
                app.run_worker_async(
                    concurrency=threads,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=POLL_SECONDS,
                    shutdown_graceful_timeout=settings().drain_seconds,
                    update_heartbeat_interval=min(HEARTBEAT_SECONDS, stalled_after_seconds / 3),
                    stalled_worker_timeout=stalled_after_seconds,
                    worker_middleware=[_in_context(connector)],
                )
            ),
            asyncio.create_task(_sweep_until_cancelled(stalled_after_seconds)),
            asyncio.create_task(stop.wait()),
            asyncio.create_task(lost.wait()),
        }
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in parts - done:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        for part in done:
            part.result()


async def _sweep_until_cancelled(stalled_after_seconds: float) -> None:
    while True:
        if installation.refusal() is None:
            swept = await asyncio.to_thread(_sweep_once, stalled_after_seconds)
            if swept:
                log.warning("jobs_of_dead_workers", numbers=swept)
        await asyncio.sleep(min(settings().sweep_seconds, stalled_after_seconds))


def _sweep_once(stalled_after_seconds: float) -> tuple[int, ...]:
    with unit_of_work() as session:
        swept = sweep(session, stalled_after_seconds=stalled_after_seconds)
        observed.note(session)
    return swept.requeued + swept.parked


def _in_context(
    connector: procrastinate.PsycopgConnector,
) -> Callable[[Callable[[], Awaitable[Any]], JobContext, Worker], Awaitable[Any]]:
    """A wrapper of every job: gives it a request id and writes down why a try failed."""

    async def run(call_next: Callable[[], Awaitable[Any]], context: JobContext, _: Worker) -> Any:
        task = context.job.task_name
        with working_on(request_id=f"job-{context.job.id}"), tracing.span(task, "consumer"):
            try:
                answer = await call_next()
            except Exception as failure:
                meters.JOB_TRIES.labels(task, "failed").inc()
                error, reason = describe(failure)
                frames = "".join(traceback.format_tb(failure.__traceback__)[-6:])
                log.warning(
                    "job_try_failed",
                    task=task,
                    error=error,
                    reason=reason,
                    frames=frames,
                )
                await _record(connector, context, error, reason)
                raise
            meters.JOB_TRIES.labels(task, "succeeded").inc()
            return answer

    return run


async def _record(
    connector: procrastinate.PsycopgConnector, context: JobContext, error: str, reason: str
) -> None:
    """Best effort: the queue's own state must follow even when the reason cannot be written."""
    try:
        await connector.execute_query_async(
            "INSERT INTO job_error (id, job_id, attempt, error, reason, created_at)"
            " VALUES (%(id)s, %(job_id)s, %(attempt)s, %(error)s, %(reason)s, %(at)s)",
            id=uuid7(),
            job_id=context.job.id,
            attempt=context.job.attempts + 1,
            error=error,
            reason=reason,
            at=clock.now(),
        )
    except ConnectorException as lost:
        log.warning(
            "job_error_not_recorded", job=context.job.id, error=error, lost=describe(lost)[1]
        )


def _without_values(record: logging.LogRecord) -> bool:
    """The queue logs whole exceptions, and those quote values; ours are
    logged by ``_in_context`` without them.
    """
    record.exc_info = record.exc_text = None
    return True


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
