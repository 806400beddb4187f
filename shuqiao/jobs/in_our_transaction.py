"""Statements on the queue's own tables, which must stand in a transaction of ours.

The library's ``JobManager`` sends each of its statements over a connection of its own: a job would
be parked without the reason that we write, or the reason written without the job. What it does
beside that is not the same either:

- orphans: ``get_stalled_jobs`` finds the same jobs but does not lock them, so two sweepers, or a
  sweeper and a worker that lives after all, would both take one.
- forget: ``delete_old_jobs`` does not say which; our reasons of failures go with them.
- list: ``list_jobs`` gives a whole table, oldest first, without the times of the events.
- try again: ``retry_job_by_id`` counts a try that never ran.

A test refuses a version other than the one they were written for.
"""

from typing import Final

from sqlalchemy import TextClause, text

#: Version of the library whose tables and functions these are.
WRITTEN_FOR: Final = "3.10"

# A worker that stops or is pruned leaves worker_id NULL behind (ON
# DELETE SET NULL): such a job has nobody.
ORPHANS: Final = text(
    "SELECT job.id, job.attempts FROM jobs.procrastinate_jobs job"
    " LEFT JOIN jobs.procrastinate_workers worker ON worker.id = job.worker_id"
    " WHERE job.status = 'doing' AND (worker.id IS NULL"
    "   OR worker.last_heartbeat < clock_timestamp() - make_interval(secs => :seconds))"
    " ORDER BY job.id FOR UPDATE OF job SKIP LOCKED"
)
BACK: Final = text("SELECT procrastinate_retry_job_v2(:id, clock_timestamp(), NULL, NULL, NULL)")
PARK: Final = text("SELECT procrastinate_finish_job_v1(:id, 'failed', false)")
#: Of the first ones by number those whose time is over: never more are looked at.
FORGET: Final = text(
    "DELETE FROM jobs.procrastinate_jobs job WHERE job.id IN ("
    "   SELECT id FROM jobs.procrastinate_jobs WHERE status = 'succeeded' ORDER BY id LIMIT :limit)"
    " AND NOT EXISTS (SELECT 1 FROM jobs.procrastinate_events event"
    "   WHERE event.job_id = job.id AND event.at >= CAST(:before AS timestamptz)) RETURNING job.id"
)
COUNTED: Final = text(
    "SELECT job.task_name, job.status::text, count(*),"
    " extract(epoch FROM clock_timestamp() - min(coalesce(job.scheduled_at, event.at)))::float"
    " FROM jobs.procrastinate_jobs job LEFT JOIN jobs.procrastinate_events event"
    "   ON event.job_id = job.id AND event.type = 'deferred' AND job.status = 'todo'"
    " WHERE job.status NOT IN ('succeeded', 'cancelled') GROUP BY 1, 2"
)
HEARTBEATS: Final = text(
    "SELECT extract(epoch FROM clock_timestamp() - last_heartbeat)::float"
    " FROM jobs.procrastinate_workers"
)
TRY_AGAIN: Final = text(
    "UPDATE jobs.procrastinate_jobs SET status = 'todo', scheduled_at = NULL"
    " WHERE id = :id AND status IN ('failed', 'cancelled', 'aborted') RETURNING id"
)


def _shown(condition: str) -> TextClause:
    return text(
        "SELECT job.id, job.task_name AS task, job.status::text AS state, job.attempts, job.args, "
        "job.lock,"
        " event.created_at, job.scheduled_at, event.started_at, event.finished_at"
        " FROM jobs.procrastinate_jobs job LEFT JOIN LATERAL ("
        "   SELECT min(at) FILTER (WHERE type = 'deferred') AS created_at,"
        "   max(at) FILTER (WHERE type = 'started') AS started_at,"
        "   max(at) FILTER (WHERE type IN ('succeeded', 'failed', 'cancelled', 'aborted')) AS "
        "finished_at"
        "   FROM jobs.procrastinate_events WHERE job_id = job.id) event ON true " + condition
    )


ONE: Final = _shown("WHERE job.id = :id")
LIST: Final = _shown(
    "WHERE job.status::text = ANY(:wanted) AND (CAST(:task AS text) IS NULL OR job.task_name = "
    ":task)"
    " AND (CAST(:before AS bigint) IS NULL OR job.id < :before) ORDER BY job.id DESC LIMIT :limit"
)
#: Whether any worker has a heartbeat of the last so many ``seconds``.
WORKED = text("""
    SELECT EXISTS (SELECT FROM jobs.procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => :seconds))
""")
