"""Pages of background jobs: what runs, what waits, what was parked and why."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from server.jobs import Reader
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import Message, _
from shuqiao.jobs import JobState, JobView, job, list_jobs
from shuqiao.texts import INT8_MAX
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example

router = APIRouter()

PAGE: Final = 50
STATES: Final[dict[JobState, Message]] = {
    JobState.QUEUED: _("Waiting"),
    JobState.RUNNING: _("Under way"),
    JobState.SUCCEEDED: _("Done"),
    JobState.FAILED: _("Failed, parked"),
}
TONES: Final[dict[JobState, str]] = {
    JobState.QUEUED: "neutral", JobState.RUNNING: "info", JobState.SUCCEEDED: "success", JobState.FAILED: "danger",
}  # fmt: skip

Number = Annotated[int, Path(ge=1, le=INT8_MAX)]


@router.get("/jobs")
@example(Example(world="active_grant", who="system_admin", success=200, visibility="owner", forbidden="registrar"))
def jobs_page(
    request: Request, subject: Reader, session: ReadSessionDep, state: JobState | None = None,
    before: Annotated[int | None, Query(ge=1, le=INT8_MAX, description="Number of the last job seen")] = None,
) -> Response:  # fmt: skip
    """Jobs, newest first, of one state or of all."""
    found = list_jobs(session, state=state, before=before, limit=PAGE + 1)
    values = {
        "jobs": found[:PAGE], "state": state, "is_first": before is None,
        "last": found[PAGE - 1].id if len(found) > PAGE else None, "states": STATES, "tones": TONES,
    }  # fmt: skip
    return page(request, "jobs/list.html", values)


@router.get("/jobs/{number}")
@example(Example(
    world="active_grant", who="system_admin", success=200, visibility="owner", forbidden="registrar",
    path={"number": lambda world: str(world.job_number)},
))  # fmt: skip
def job_page(request: Request, number: Number, subject: Reader, session: ReadSessionDep) -> Response:
    """One job: its state, times and failed tries. While it waits or runs, the page asks again every two seconds."""
    found = job(session, number)
    values = {"job": found, "is_open": is_open(found), "states": STATES, "tones": TONES}
    return page(request, "jobs/show.html", values, block="state")


def is_open(found: JobView) -> bool:
    """Whether the job will still change by itself."""
    return found.state in (JobState.QUEUED, JobState.RUNNING)
