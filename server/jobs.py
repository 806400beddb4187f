"""HTTP of background jobs: what runs, what waits, what was parked and why."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from auth.guard import Place, may_at
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.jobs import JobState, job, list_jobs
from shuqiao.subject import Subject
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["jobs"], route_class=StrictRoute)

JOBS = Place("Jobs", "jobs")
Reader = Annotated[Subject, may_at(Action.JOB_READ, JOBS)]


class JobList(BaseModel):
    """Jobs, newest first. Each: number, task, state, tries, times, reasons of failed tries."""

    items: list[dict[str, Any]]


@router.get("/jobs", operation_id="jobs_list", summary="Background jobs")
@example(Example(world="active_grant", who="system_admin", success=200, visibility="owner", forbidden="registrar"))
def jobs_list(
    subject: Reader, session: ReadSessionDep, state: JobState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobList:  # fmt: skip
    return JobList(items=[asdict(found) for found in list_jobs(session, state=state, limit=limit)])


@router.get("/jobs/{number}", operation_id="jobs_show", summary="One job")
@example(Example(
    world="active_grant", who="system_admin", success=200, visibility="owner", forbidden="registrar",
    path={"number": lambda world: str(world.job_number)},
))  # fmt: skip
def jobs_show(
    number: Annotated[int, Path(ge=1, le=2**63 - 1)], subject: Reader, session: ReadSessionDep
) -> dict[str, Any]:
    return asdict(job(session, number))
