"""Every module with background tasks, imported so that a worker knows them by name; and the hourly
upkeep, in which each looks after its own.
"""

from datetime import timedelta

import catalog.assignments.tasks
import catalog.attachments.tasks
import catalog.conflicts.tasks
import catalog.conformity.tasks
import catalog.copies.tasks
import catalog.demand.tasks
import catalog.duplicates.tasks
import catalog.editions.tasks
import catalog.negative.tasks
import catalog.publication.tasks
import catalog.registration.tasks
import exchange.consultations.tasks
import exchange.deliveries.tasks
import exchange.grants.tasks
import shuqiao.desk.outbox
from auth import escalation
from auth.denials import service as denials
from auth.seats import service as seats
from auth.sessions.service import throttle
from shuqiao import observed, uploads
from shuqiao.clock import today
from shuqiao.db import unit_of_work
from shuqiao.desk import notices
from shuqiao.desk.drafts import DRAFT_DAYS
from shuqiao.desk.drafts import forget_old as forget_old_drafts
from shuqiao.idempotency import forget_old
from shuqiao.jobs import every, jobs
from shuqiao.settings import settings

#: Importing a module is what registers its tasks.
MODULES = (
    shuqiao.desk.outbox,
    catalog.attachments.tasks,
    catalog.copies.tasks,
    catalog.editions.tasks,
    catalog.publication.tasks,
    catalog.registration.tasks,
    catalog.duplicates.tasks,
    catalog.conformity.tasks,
    catalog.conflicts.tasks,
    catalog.demand.tasks,
    catalog.assignments.tasks,
    catalog.negative.tasks,
    exchange.grants.tasks,
    exchange.consultations.tasks,
    exchange.deliveries.tasks,
)


@jobs.task(name="server.process.upkeep")
def upkeep() -> None:
    """Ask for the next year's calendar in time, forget keys, failed sign-ins and drafts that are
    certainly past their time, remove what killed uploads left. Can be repeated.
    """
    limits = settings()
    with unit_of_work() as session:
        notices.warn_of_calendar_end(session, on=today(), days=limits.calendar_warning_days)
        escalation.count_waiting(session)
        sure = observed.sure_moment(session)
        if sure is not None:
            forget_old(session, before=sure - timedelta(hours=limits.idempotency_hours))
            forget_old_drafts(session, sure - timedelta(days=DRAFT_DAYS))
        throttle.sweep(session)
        denials.sweep(session)
        seats.expire(session)
    uploads.remove_unfinished()


@jobs.task(name="server.process.escalate")
def escalate() -> None:
    """Pass on what is overdue to the next seat, some clocks a transaction. Can be repeated."""
    is_more = True
    while is_more:
        with unit_of_work() as session:
            is_more = escalation.escalate(session) == escalation.BATCH


every(3_600, "server.process.upkeep")
every(3_600, "server.process.escalate")
