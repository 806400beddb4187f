"""Pages of background jobs: what runs, what waits, what was parked and
why; and one more try for what was parked.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import is_allowed
from auth.once import OnceDep
from exchange.grants import repository as grants
from policies.actions import Action
from server.jobs.access import JOBS, Number, Reader, Retrier
from server.jobs.service import retry
from server.jobs.words import STATES, TONES, arguments, name_of, what_of
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.i18n import Message, _
from shuqiao.jobs import JobState, JobView, job, list_jobs
from shuqiao.subject import Subject
from shuqiao.texts import INT8_MAX
from shuqiao.web.engine import page

router = APIRouter()

PAGE: Final = 50


@router.get("/jobs")
def jobs_page(
    request: Request,
    subject: Reader,
    session: ReadSessionDep,
    state: JobState | None = None,
    before: Annotated[
        int | None, Query(ge=1, le=INT8_MAX, description="Number of the last job seen")
    ] = None,
) -> Response:
    """Jobs, newest first, of one state or of all."""
    found = list_jobs(session, state=state, before=before, limit=PAGE + 1)
    values = {
        "jobs": found[:PAGE],
        "state": state,
        "is_first": before is None,
        "name_of": name_of,
        "last": found[PAGE - 1].id if len(found) > PAGE else None,
        "states": STATES,
        "tones": TONES,
    }
    return page(request, "jobs/list.html", values)


@router.get("/jobs/{number}")
def job_page(
    request: Request,
    number: Number,
    subject: Reader,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """One job: its steps, times and failed tries. While it waits or runs, the page asks again every
    two seconds.
    """
    found = job(session, number)
    may_retry = found.state is JobState.FAILED and is_allowed(subject, Action.JOB_RETRY, JOBS)
    values = {
        "job": found,
        "name": name_of(found.task),
        "what": what_of(found.task),
        "steps": list(steps(found)),
        "arguments": arguments(found, _hrefs(session, subject, found)),
        "is_open": is_open(found),
        "states": STATES,
        "tones": TONES,
        "may_retry": may_retry,
        "is_retried": done == "retried",
    }
    return page(request, "jobs/show.html", values, block="state")


@router.post("/jobs/{number}/retries", status_code=303)
def retry_job(number: Number, subject: Retrier, session: SessionDep, once: OnceDep) -> Response:
    """Give a parked job one more try."""
    retry(session, subject, number)
    return RedirectResponse(once.keep_redirect(f"/jobs/{number}?done=retried"), 303)


def _hrefs(session: Session, subject: Subject, found: JobView) -> dict[str, str]:
    """Pages of what the job works on, by argument, as far as the reader may open them."""
    grant = grants.by_no(session, str(found.args.get("grant_no", "")))
    if grant is None or not is_allowed(subject, Action.GRANT_READ, grant):
        return {}
    return {"grant_no": f"/grants/{grant.grant_no}"}


def is_open(found: JobView) -> bool:
    """Whether the job will still change by itself."""
    return found.state in (JobState.QUEUED, JobState.RUNNING)


def steps(found: JobView) -> Iterator[dict[str, Any]]:
    """The way of a job as a timeline: asked for, begun, ended, and in words what it waits for."""
    yield _step(_("Put into the queue"), found.created_at, "neutral")
    if found.state is JobState.QUEUED:
        again = found.attempts > 0
        waits = (
            _("Waits for another try, not before the time shown")
            if again
            else _("Waits for a worker")
        )
        yield _step(waits, found.scheduled_at, TONES[found.state])
        return
    yield _step(
        _(
            "Begun, try %(number)s",
            number=max(1, found.attempts + (found.state is JobState.RUNNING)),
        ),
        found.started_at,
        "info",
    )
    if found.state is not JobState.RUNNING:
        yield _step(STATES[found.state], found.finished_at, TONES[found.state])


def _step(title: Message, at: datetime | None, tone: str) -> dict[str, Any]:
    return {"title": title, "at": at, "tone": tone}
