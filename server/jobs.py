"""HTTP of background jobs: what runs, what waits, what was parked and
why; and one more try for what was parked.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from audit.receipts import receipt
from audit.schemas import EventReceipt
from auth.guard import Place, may_at
from auth.once import OnceDep
from policies.actions import Action
from server.job_words import name_of
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.jobs import JobState, JobView, job, list_jobs, requeue
from shuqiao.subject import Subject
from shuqiao.texts import INT8_MAX
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["jobs"], route_class=StrictRoute)

JOBS = Place("Jobs", "jobs")
Reader = Annotated[Subject, may_at(Action.JOB_READ, JOBS)]
Retrier = Annotated[Subject, may_at(Action.JOB_RETRY, JOBS)]
Number = Annotated[int, Path(ge=1, le=INT8_MAX)]


class JobFailureRead(BaseModel):
    """One failed try: class of the error and a one-line reason without secrets."""

    attempt: int
    error: str
    reason: str
    at: datetime


class JobRead(BaseModel):
    """One job.

    ``task`` is its code name, ``task_label`` the same in words;
    ``errors`` has the newest try first.
    """

    id: int
    task: str
    task_label: str
    state: JobState
    attempts: int
    args: dict[str, Any]
    lock: str | None
    created_at: datetime | None
    scheduled_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    errors: list[JobFailureRead]

    @classmethod
    def of(cls, view: JobView) -> Self:
        return cls.model_validate({**asdict(view), "task_label": str(name_of(view.task))})


class JobList(BaseModel):
    """Jobs, newest first. Each: number, task, state, tries, times, reasons of failed tries."""

    items: list[JobRead]


class JobRetried(JobRead, EventReceipt):
    """A job that was put back for one more try, with the receipt of its event."""


@router.get("/jobs", operation_id="jobs_list", summary="Background jobs")
@example(
    Example(
        world="active_grant",
        who="system_admin",
        success=200,
        visibility="owner",
        forbidden="registrar",
    )
)
def jobs_list(
    subject: Reader,
    session: ReadSessionDep,
    state: JobState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobList:
    return JobList(
        items=[JobRead.of(found) for found in list_jobs(session, state=state, limit=limit)]
    )


@router.get("/jobs/{number}", operation_id="jobs_show", summary="One job")
@example(
    Example(
        world="active_grant",
        who="system_admin",
        success=200,
        visibility="owner",
        forbidden="registrar",
        path={"number": lambda world: str(world.job_number)},
    )
)
def jobs_show(number: Number, subject: Reader, session: ReadSessionDep) -> JobRead:
    return JobRead.of(job(session, number))


@router.post(
    "/jobs/{number}/retries",
    status_code=201,
    operation_id="jobs_retry",
    summary="Try a parked job again",
)
@example(
    Example(
        world="parked_job",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="data_admin",
        path={"number": lambda world: str(world.job_number)},
        event="server:job:retried",
    )
)
def jobs_retry(number: Number, subject: Retrier, session: SessionDep, once: OnceDep) -> JobRetried:
    found = retry(session, subject, number)
    return once.keep(JobRetried(**JobRead.of(found).model_dump(), **receipt(session)))


def retry(session: Session, subject: Subject, number: int) -> JobView:
    """Give a parked job one more try.

    Raises ``NotFound``, or ``Conflict`` when it has not failed.
    """
    requeue(session, number)
    found = job(session, number)
    append(
        session,
        subject,
        Event.JOB_RETRIED,
        stream=f"job:{number}",
        obj=ObjectRef("Job", str(number)),
        why={"task": found.task, "tries": found.attempts},
        change=(JobState.FAILED, found.state),
    )
    return found
