"""Background work on PostgreSQL: a job is a row, written in the
transaction of the business step that needs it.

A step and its job are committed together or not at all. A job runs *at least* once, so every task
must be a no-op when its work is already done. A task that fails is tried again with growing pauses
and then parked as failed with its reasons; a task whose worker died is taken back by the sweeper
and counted as a try, so that a job which kills its worker is parked too.

What recurs is no job but a sweep (``sweeps``).

Read ``queue`` (what a stage uses), then ``worker``, ``sweeper`` and ``reading`` (the job page).
"""

from shuqiao.jobs.queue import enqueue, jobs
from shuqiao.jobs.reading import (
    JobFailure,
    JobState,
    JobView,
    QueueCount,
    count_jobs,
    heartbeats,
    is_worked,
    job,
    list_jobs,
    requeue,
)
from shuqiao.jobs.schema import install, migration_sql, remove
from shuqiao.jobs.sweeper import Swept, forget_old, sweep
from shuqiao.jobs.sweeps import Failing, Rest, every, failing, last_ended
from shuqiao.jobs.worker import run_worker

__all__ = [
    "Failing",
    "JobFailure",
    "JobState",
    "JobView",
    "QueueCount",
    "Rest",
    "Swept",
    "count_jobs",
    "enqueue",
    "every",
    "failing",
    "forget_old",
    "heartbeats",
    "install",
    "is_worked",
    "job",
    "jobs",
    "last_ended",
    "list_jobs",
    "migration_sql",
    "remove",
    "requeue",
    "run_worker",
    "sweep",
]
