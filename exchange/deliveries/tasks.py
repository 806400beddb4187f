"""Background work on deliveries: prove new grants, close deliveries whose process died, remove
rows that nobody may fetch any more.
"""

from catalog.conformity import repository as conformity
from catalog.demand.service import meeting
from catalog.editions.service import clearing
from exchange.deliveries import repository
from exchange.deliveries.service import proving, recording
from exchange.deliveries.words import DeliveryStatus
from exchange.grants.service.granting import PROVE
from shuqiao.db import reading, unit_of_work
from shuqiao.jobs import every, jobs
from shuqiao.subject import Subject


@jobs.task(name=PROVE)
def prove(grant_no: str) -> None:
    """Trial-run a pending grant's plan and activate it."""
    proving.prove(grant_no)


@jobs.task(name=recording.MEET)
def meet_demand(delivery_no: str) -> None:
    """Note that a finished delivery has met the demand that its request cites."""
    with unit_of_work() as session:
        found = repository.by_no(session, delivery_no)
        if found is None or found.status is not DeliveryStatus.FINISHED:
            return
        demand_no = repository.demand_of(session, found)
        if demand_no is not None:
            meeting.delivered(session, demand_no, found.consumer_id, delivery_no)


@every(5, "exchange.deliveries.close_lost")
def close_lost() -> int:
    """Close running deliveries nobody serves any more."""
    return recording.close_lost()


@every(3_600, "exchange.deliveries.clear_editions")
def clear_editions() -> int:
    """Remove the rows of editions that are over for as long as the rules of retention say, but for
    those a live grant is pinned to or a running transfer reads; gives how many editions.

    An entry's editions go in a transaction of their own, with one event; then the bytes.
    """
    subject, count = Subject.system("worker"), 0
    with reading() as session:
        due = clearing.due(session)
    for resource_id in due:
        is_more = True
        while is_more:
            with unit_of_work() as session:
                done = clearing.clear(session, subject, resource_id, repository.needed)
                conformity.forget_cells(session, resource_id)
            count, is_more = count + done.editions, done.is_more
    with reading() as session:
        waiting = clearing.to_erase(session)
    for snapshot_id in waiting:
        with unit_of_work() as session:
            clearing.erase(session, snapshot_id, repository.needed)
    return count
