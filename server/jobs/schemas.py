"""Background jobs as the API shows them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from audit.schemas import EventReceipt
from server.jobs.words import name_of
from shuqiao.jobs import Failing, JobState, JobView


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


class SweepRead(BaseModel):
    """What recurs by itself and fails: why, since when, when it is tried again."""

    task: str
    task_label: str
    error: str
    reason: str
    tries: int
    since: datetime
    next_at: datetime

    @classmethod
    def of(cls, found: Failing) -> Self:
        words = {"task": found.name, "task_label": str(name_of(found.name))}
        return cls.model_validate({**asdict(found), **words})


class JobList(BaseModel):
    """Jobs, newest first. Each: number, task, state, tries, times, reasons of failed tries.

    Of what recurs only what fails is told, and when what is over was removed last.
    """

    items: list[JobRead]
    failing_sweeps: list[SweepRead]
    upkeep_at: datetime | None


class JobRetried(JobRead, EventReceipt):
    """A job that was put back for one more try, with the receipt of its event."""
