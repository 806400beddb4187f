"""A worker as its own process, with all tasks; with ``SLOW`` set it stands still in the midst of a
check of conformity, after it has told how far it is.
"""

import asyncio
import os
import signal
import time
from typing import Any

from catalog.conformity import repository
from catalog.conformity.service import reading
from server import tasks
from shuqiao import db
from shuqiao.jobs import run_worker
from shuqiao.settings import settings

assert tasks, "they are known to the queue once they are imported"
_note = repository.note


def _stand_still(*told: Any) -> None:
    _note(*told)
    told[0].commit()
    time.sleep(600)


if os.environ.get("SLOW"):
    reading._NOTE_SECONDS = 0.0  # type: ignore[misc]
    repository.note = _stand_still


async def main() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    url = settings().database_url or ""
    db.configure(url)
    await run_worker(url, stop=stop, concurrency=1, stalled_after_seconds=2.0)


asyncio.run(main())
