"""Pages of background jobs: what runs, what waits, what was parked and
why; and one more try for what was parked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import is_allowed
from auth.once import OnceDep
from exchange.grants import repository as grants
from policies.actions import Action
from server.jobs.access import JOBS, Number, Reader, Retrier
from server.jobs.service import retry
from server.jobs.words import STATES, TONES, UPKEEP, arguments, name_of, what_of
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.i18n import Message, _
from shuqiao.jobs import Failing, JobState, JobView, failing, job, last_ended, list_jobs
from shuqiao.subject import Subject
from shuqiao.texts import INT8_MAX
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter

router = PageRouter()

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class JobsPage(Page):
    """``last``: number of the last job shown, when there are more. ``failing``: of what recurs;
    ``upkeep_at``: when what is over was removed last.
    """

    template = "jobs/list.html"
    jobs: Sequence[JobView]
    failing: Sequence[Failing]
    upkeep_at: datetime | None
    state: JobState | None
    is_first: bool
    last: int | None
    name_of: Callable[[str], Message | str]
    states: Mapping[JobState, Message]
    tones: Mapping[JobState, str]


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of a job's way."""

    title: Message
    at: datetime | None
    tone: str


@dataclass(frozen=True, slots=True)
class JobPage(Page):
    """``what``: its work in a sentence, ``arguments`` what it works on: name, value, address."""

    template = "jobs/show.html"
    block = "state"
    job: JobView
    name: Message | str
    what: Message | str
    steps: Sequence[StepShown]
    arguments: Sequence[tuple[Message | str, object, str]]
    is_open: bool
    states: Mapping[JobState, Message]
    tones: Mapping[JobState, str]
    may_retry: bool
    is_retried: bool


@router.page("/jobs")
def index(
    subject: Reader,
    session: ReadSessionDep,
    state: JobState | None = None,
    before: Annotated[
        int | None, Query(ge=1, le=INT8_MAX, description="Number of the last job seen")
    ] = None,
) -> JobsPage:
    """Jobs, newest first, of one state or of all."""
    found = list_jobs(session, state=state, before=before, limit=PAGE + 1)
    return JobsPage(
        jobs=found[:PAGE],
        failing=failing(session),
        upkeep_at=last_ended(session, UPKEEP),
        state=state,
        is_first=before is None,
        last=found[PAGE - 1].id if len(found) > PAGE else None,
        name_of=name_of,
        states=STATES,
        tones=TONES,
    )


@router.page("/jobs/{number}")
def one(
    number: Number,
    subject: Reader,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> JobPage:
    """One job: its steps, times and failed tries. While it waits or runs, the page asks again every
    two seconds.
    """
    found = job(session, number)
    return JobPage(
        job=found,
        name=name_of(found.task),
        what=what_of(found.task),
        steps=list(steps(found)),
        arguments=arguments(found, _hrefs(session, subject, found)),
        is_open=is_open(found),
        states=STATES,
        tones=TONES,
        may_retry=found.state is JobState.FAILED and is_allowed(subject, Action.JOB_RETRY, JOBS),
        is_retried=done == "retried",
    )


@router.form("/jobs/{number}/retries")
def retry_job(number: Number, subject: Retrier, session: SessionDep, once: OnceDep) -> Response:
    """Give a parked job one more try."""
    retry(session, subject, number)
    return once.go_to(f"/jobs/{number}?done=retried")


def _hrefs(session: Session, subject: Subject, found: JobView) -> dict[str, str]:
    """Pages of what the job works on, by argument, as far as the reader may open them."""
    grant = grants.by_no(session, str(found.args.get("grant_no", "")))
    if grant is None or not is_allowed(subject, Action.GRANT_READ, grant):
        return {}
    return {"grant_no": f"/grants/{grant.grant_no}"}


def is_open(found: JobView) -> bool:
    """Whether the job will still change by itself."""
    return found.state in (JobState.QUEUED, JobState.RUNNING)


def steps(found: JobView) -> Iterator[StepShown]:
    """The way of a job as a timeline: asked for, begun, ended, and in words what it waits for."""
    yield StepShown(_("Put into the queue"), found.created_at, "neutral")
    if found.state is JobState.QUEUED:
        again = found.attempts > 0
        waits = (
            _("Waits for another try, not before the time shown")
            if again
            else _("Waits for a worker")
        )
        yield StepShown(waits, found.scheduled_at, TONES[found.state])
        return
    yield StepShown(
        _(
            "Begun, try %(number)s",
            number=max(1, found.attempts + (found.state is JobState.RUNNING)),
        ),
        found.started_at,
        "info",
    )
    if found.state is not JobState.RUNNING:
        yield StepShown(STATES[found.state], found.finished_at, TONES[found.state])
