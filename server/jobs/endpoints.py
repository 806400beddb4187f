"""HTTP of background jobs: what runs, what waits, what was parked and
why; and one more try for what was parked.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from audit.receipts import receipt
from auth.once import OnceDep
from server.jobs.access import Number, Reader, Retrier
from server.jobs.schemas import JobList, JobRead, JobRetried, SweepRead
from server.jobs.service import retry
from server.jobs.words import UPKEEP
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.jobs import JobState, failing, job, last_ended, list_jobs
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["jobs"], route_class=StrictRoute)


@router.get("/jobs", operation_id="jobs_list", summary="Background jobs")
def jobs_list(
    subject: Reader,
    session: ReadSessionDep,
    state: JobState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobList:
    return JobList(
        items=[JobRead.of(found) for found in list_jobs(session, state=state, limit=limit)],
        failing_sweeps=[SweepRead.of(found) for found in failing(session)],
        upkeep_at=last_ended(session, UPKEEP),
    )


@router.get("/jobs/{number}", operation_id="jobs_show", summary="One job")
def jobs_show(number: Number, subject: Reader, session: ReadSessionDep) -> JobRead:
    return JobRead.of(job(session, number))


@router.post(
    "/jobs/{number}/retries",
    status_code=201,
    operation_id="jobs_retry",
    summary="Try a parked job again",
)
def jobs_retry(number: Number, subject: Retrier, session: SessionDep, once: OnceDep) -> JobRetried:
    found = retry(session, subject, number)
    return once.keep(JobRetried(**JobRead.of(found).model_dump(), **receipt(session)))
