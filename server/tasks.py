"""Every module with background tasks, imported so that a worker knows them by name; and what recurs
for the whole house.
"""

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
from server.upkeep import PARTS
from shuqiao.clock import today
from shuqiao.db import unit_of_work
from shuqiao.desk import notices
from shuqiao.jobs import Rest, every
from shuqiao.settings import settings
from shuqiao.upkeep import keep_up

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


@every(3_600, "server.process.upkeep")
def upkeep() -> Rest | None:
    """Remove what is certainly over, of each kind so much as its turn allows."""
    return Rest.LEFT if keep_up(PARTS) else None


@every(3_600, "server.process.remind")
def remind() -> None:
    """Ask for the next year's calendar in time, tell how often somebody was refused, let lapse what
    two offices did not decide in time.
    """
    with unit_of_work() as session:
        notices.warn_of_calendar_end(session, on=today(), days=settings().calendar_warning_days)
        escalation.count_waiting(session)
        seats.expire(session)
    is_more = True
    while is_more:
        with unit_of_work() as session:
            is_more = denials.sweep(session) == denials.BATCH


@every(3_600, "server.process.escalate")
def escalate() -> None:
    """Pass on what is overdue to the next seat, some clocks a transaction. Can be repeated."""
    is_more = True
    while is_more:
        with unit_of_work() as session:
            is_more = escalation.escalate(session) == escalation.BATCH
