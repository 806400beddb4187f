"""The job page's view of the queue, and the operator's one command on it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from shuqiao.errors import Conflict, NotFound
from shuqiao.i18n import _
from shuqiao.jobs.in_our_transaction import COUNTED, HEARTBEATS, LIST, ONE, TRY_AGAIN, WORKED
from shuqiao.jobs.models import JobError
from shuqiao.jobs.sweeper import STALLED_AFTER_SECONDS


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


_STATES = {"todo": JobState.QUEUED, "doing": JobState.RUNNING, "succeeded": JobState.SUCCEEDED}


@dataclass(frozen=True, slots=True)
class JobFailure:
    """One failed try: class of the error and a one-line reason without secrets."""

    attempt: int
    error: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JobView:
    """One job as people see it.

    ``attempts`` counts finished tries; ``errors`` has the newest first.
    """

    id: int
    task: str
    state: JobState
    attempts: int
    args: dict[str, Any]
    lock: str | None
    created_at: datetime | None
    scheduled_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    errors: tuple[JobFailure, ...] = ()


def list_jobs(
    session: Session,
    *,
    state: JobState | None = None,
    task: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[JobView]:
    """Jobs, newest first; ``before`` is the number of the last one seen (keyset paging)."""
    wanted = [name for name in _ALL if state is None or _STATES.get(name, JobState.FAILED) == state]
    rows = session.connection().execute(
        LIST, {"wanted": wanted, "task": task, "before": before, "limit": max(1, min(limit, 500))}
    )
    views = [_view(dict(row)) for row in rows.mappings()]
    errors = _errors(session, [view.id for view in views])
    return [_with(view, errors.get(view.id, ())) for view in views]


def job(session: Session, number: int) -> JobView:
    """One job with its failed tries. Raises ``NotFound``."""
    row = session.connection().execute(ONE, {"id": number}).mappings().one_or_none()
    if row is None:
        raise NotFound(_("There is no job %(number)s", number=number))
    return _with(_view(dict(row)), _errors(session, [number]).get(number, ()))


def requeue(session: Session, number: int) -> None:
    """Give a parked job one more try.

    Raises ``NotFound`` or, when it has not failed, ``Conflict``.
    """
    if job(session, number).state is not JobState.FAILED:
        raise Conflict(_("Only a failed job can be tried again"))
    changed = session.connection().execute(TRY_AGAIN, {"id": number}).scalar()
    if changed is None:
        raise Conflict(_("Only a failed job can be tried again"))


@dataclass(frozen=True, slots=True)
class QueueCount:
    """``oldest_seconds``: how long the job that waits longest could have begun; of those that wait
    for their time alone it is not above 0, and None for other states.
    """

    task: str
    state: JobState
    jobs: int
    oldest_seconds: float | None


def count_jobs(session: Session) -> list[QueueCount]:
    """What waits, runs and was parked, by task; what succeeded is not counted."""
    return [
        QueueCount(task, _STATES.get(state, JobState.FAILED), number, oldest)
        for task, state, number, oldest in session.connection().execute(COUNTED)
    ]


def heartbeats(session: Session) -> list[float]:
    """Seconds since each worker of the queue gave its last sign of life."""
    return list(session.connection().execute(HEARTBEATS).scalars())


def _view(row: dict[str, Any]) -> JobView:
    return JobView(**{**row, "state": _STATES.get(row["state"], JobState.FAILED)})


def _with(view: JobView, errors: tuple[JobFailure, ...]) -> JobView:
    return replace(view, errors=errors)


def _errors(session: Session, numbers: list[int]) -> dict[int, tuple[JobFailure, ...]]:
    query = (
        select(JobError)
        .where(col(JobError.job_id).in_(numbers))
        .order_by(col(JobError.created_at).desc(), col(JobError.id).desc())
    )
    found: dict[int, tuple[JobFailure, ...]] = {}
    for error in session.exec(query):
        failure = JobFailure(error.attempt, error.error, error.reason, error.created_at)
        found[error.job_id] = (*found.get(error.job_id, ()), failure)
    return found


_ALL = ("todo", "doing", "succeeded", "failed", "cancelled", "aborted")


def is_worked(session: Session) -> bool:
    """Whether any worker has given a sign of life lately."""
    asked = {"seconds": STALLED_AFTER_SECONDS}
    return bool(session.connection().execute(WORKED, asked).scalar())
