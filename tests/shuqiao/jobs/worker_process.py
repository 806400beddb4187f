"""A worker as its own process, with tasks that a test wants: started by
``start_worker``, stopped by signals.
"""

import asyncio
import os
import signal
import time

from sqlalchemy import text

from shuqiao import db
from shuqiao.jobs import jobs, run_worker
from shuqiao.settings import settings


@jobs.task(name="test.kill_worker")
def kill_worker() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.task(name="test.wait_for_lock")
def wait_for_lock(key: int) -> None:
    """Ends when the test lets go of the advisory lock ``key``."""
    with db.unit_of_work() as session:
        session.connection().execute(text("SET LOCAL lock_timeout = 0"))
        session.connection().execute(text("SET LOCAL statement_timeout = 0"))
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


@jobs.task(name="test.take")
def take(seconds: float) -> None:
    time.sleep(seconds)


async def main() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    url = settings().database_url or ""
    db.configure(url)
    await run_worker(url, stop=stop, concurrency=2, stalled_after_seconds=2.0)


asyncio.run(main())
