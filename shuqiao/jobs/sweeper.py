"""Takes back the jobs of dead workers. The queue itself leaves them "doing" for ever."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from shuqiao import clock
from shuqiao.db import unit_of_work
from shuqiao.jobs.models import JobError
from shuqiao.jobs.queue import every, jobs
from shuqiao.settings import settings

#: A worker whose last sign of life is older is taken for dead. Its jobs
#: may still run: tasks are no-ops when done.
STALLED_AFTER_SECONDS = 10.0
HEARTBEAT_SECONDS = 2.0
#: Jobs that succeeded are forgotten after this time; failed ones stay until somebody has looked.
KEEP_SUCCEEDED_DAYS = 30

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
    for number, attempts in connection.execute(_ORPHANS, {"seconds": stalled_after_seconds}).all():
        if attempts + 1 >= settings().job_attempts:
            connection.execute(
                text("SELECT procrastinate_finish_job_v1(:id, 'failed', false)"), {"id": number}
            )
            parked.append(number)
        else:
            connection.execute(_REQUEUE, {"id": number})
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


@jobs.task(name="jobs.forget_succeeded")
def forget_succeeded() -> int:
    """Delete jobs that succeeded more than ``KEEP_SUCCEEDED_DAYS`` ago,
    with their histories; gives their number.
    """
    with unit_of_work() as session:
        gone = session.connection().execute(_FORGET, {"days": KEEP_SUCCEEDED_DAYS}).scalars().all()
        session.connection().execute(
            text("DELETE FROM job_error WHERE job_id = ANY(:gone)"), {"gone": list(gone)}
        )
        return len(gone)


every(86_400, "jobs.forget_succeeded")

# A worker that stops or is pruned leaves worker_id NULL behind (ON
# DELETE SET NULL): such a job has nobody.
_ORPHANS = text(
    "SELECT job.id, job.attempts FROM jobs.procrastinate_jobs job"
    " LEFT JOIN jobs.procrastinate_workers worker ON worker.id = job.worker_id"
    " WHERE job.status = 'doing' AND (worker.id IS NULL"
    "   OR worker.last_heartbeat < clock_timestamp() - make_interval(secs => :seconds))"
    " ORDER BY job.id FOR UPDATE OF job SKIP LOCKED"
)
_REQUEUE = text("SELECT procrastinate_retry_job_v2(:id, clock_timestamp(), NULL, NULL, NULL)")
_FORGET = text(
    "DELETE FROM jobs.procrastinate_jobs job WHERE job.status = 'succeeded' AND NOT EXISTS ("
    "   SELECT 1 FROM jobs.procrastinate_events event WHERE event.job_id = job.id"
    "   AND event.at > clock_timestamp() - make_interval(days => :days)) RETURNING job.id"
)
