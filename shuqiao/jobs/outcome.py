"""Writes down how a job ended, through a database that comes and goes.

The queue writes the end of a job once. If that fails while the worker lives on, nobody would ever
touch the job again: it is "doing", and its worker has a heartbeat. So the end is written again
until it is there, and after ``GIVE_UP_SECONDS`` the worker signs off, which leaves the job to the
sweeper.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import psycopg
import structlog
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from shuqiao import installation

log = structlog.get_logger(__name__)

GIVE_UP_SECONDS = 20.0


class PersistentOutcomes(JobManager):
    """A job manager that sets ``lost`` when the end of a job could not be written, and takes no job
    while clock, keys or home are not as they should be.
    """

    def __init__(self, connector: PsycopgConnector, lost: asyncio.Event) -> None:
        super().__init__(connector)
        self.lost = lost

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        if installation.refusal() is not None:
            return None  # asked again after the pause of a worker without work
        return await super().fetch_job(queues, worker_id)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        await self._until_written(job, lambda: JobManager.finish_job(self, job, status, delete_job))

    async def retry_job(self, job: Job, *args: Any, **kwargs: Any) -> None:
        await self._until_written(job, lambda: JobManager.retry_job(self, job, *args, **kwargs))

    async def _until_written(self, job: Job, write: Callable[[], Awaitable[None]]) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                return await write()
            except ConnectorException as failure:
                if not isinstance(
                    failure.__cause__, psycopg.OperationalError | psycopg.InterfaceError
                ):
                    # Already taken back by a sweeper, or written by a try whose answer was lost.
                    log.info("job_end_not_ours", job=job.id)
                    return None
                if time.monotonic() > deadline:
                    self.lost.set()
                    raise
            await asyncio.sleep(0.2)
