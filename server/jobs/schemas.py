"""Background jobs as the API shows them."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel

from audit.schemas import EventReceipt
from server.jobs.words import name_of
from shuqiao.jobs import JobState, JobView


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
