"""Takes back the jobs of dead workers. The queue itself leaves them "doing" for ever."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from shuqiao import clock
from shuqiao.jobs.in_our_transaction import BACK, FORGET, ORPHANS, PARK
from shuqiao.jobs.models import JobError
from shuqiao.settings import settings

#: A worker whose last sign of life is older is taken for dead. Its jobs
#: may still run: tasks are no-ops when done.
STALLED_AFTER_SECONDS = 10.0
HEARTBEAT_SECONDS = 2.0

WORKER_DIED = "WorkerDied"


@dataclass(frozen=True, slots=True)
class Swept:
    """Numbers of the jobs put back into the queue and of those parked as failed."""

    requeued: tuple[int, ...]
    parked: tuple[int, ...]


def sweep(session: Session, *, stalled_after_seconds: float = STALLED_AFTER_SECONDS) -> Swept:
    """Put the jobs of dead workers back, or park them when their tries are used up.

    Safe to run anywhere, any time.
    """
    connection = session.connection()
    requeued, parked = [], []
    for number, attempts in connection.execute(ORPHANS, {"seconds": stalled_after_seconds}).all():
        if attempts + 1 >= settings().job_attempts:
            connection.execute(PARK, {"id": number})
            parked.append(number)
        else:
            connection.execute(BACK, {"id": number})
            requeued.append(number)
        reason = (
            f"the worker died while running it (try {attempts + 1} of {settings().job_attempts})"
        )
        session.add(
            JobError(
                job_id=number,
                attempt=attempts + 1,
                error=WORKER_DIED,
                reason=reason,
                created_at=clock.now(),
            )
        )
    session.flush()
    return Swept(tuple(requeued), tuple(parked))


def forget_old(session: Session, before: datetime, limit: int) -> int:
    """Delete up to ``limit`` jobs that succeeded before ``before``, with their histories and failed
    tries; gives how many. Failed ones stay until somebody has looked.
    """
    gone = session.connection().execute(FORGET, {"before": before, "limit": limit}).scalars().all()
    session.connection().execute(
        text("DELETE FROM job_error WHERE job_id = ANY(:gone)"), {"gone": list(gone)}
    )
    return len(gone)
