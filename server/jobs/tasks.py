"""Housekeeping of no stage: the calendar's end, keys and failed sign-ins past their time."""

from datetime import timedelta

from auth.sessions.service import throttle
from shuqiao.clock import now, today
from shuqiao.db import unit_of_work
from shuqiao.desk import notices
from shuqiao.idempotency import forget_old
from shuqiao.jobs import every, jobs
from shuqiao.settings import settings


@jobs.task(name="server.process.upkeep")
def upkeep() -> None:
    """Ask for the next year's calendar in time, forget what is past its time. Can be repeated."""
    limits = settings()
    with unit_of_work() as session:
        notices.warn_of_calendar_end(session, on=today(), days=limits.calendar_warning_days)
        forget_old(session, before=now() - timedelta(hours=limits.idempotency_hours))
        throttle.sweep(session)


every(3_600, "server.process.upkeep")
