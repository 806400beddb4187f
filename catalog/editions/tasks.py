"""Background work on editions: check what has arrived, order the copies that are due."""

from typing import Final
from uuid import UUID

from catalog.attachments.service import rooms
from catalog.attachments.service.storing import ARRIVED
from catalog.editions import repository
from catalog.editions.service import checking, damage, profiling, refreshing
from catalog.editions.service.editions import PROFILE
from shuqiao.clock import now
from shuqiao.db import reading, unit_of_work
from shuqiao.jobs import every, jobs
from shuqiao.subject import Subject

#: Snapshots whose size one run notes, their rows held meanwhile.
MEASURED_AT_ONCE: Final = 1_000


@jobs.task(name=ARRIVED)
def arrive(attachment_id: str) -> None:
    """Make stored data of a published entry its current edition, or hold it.

    Killed anywhere, it can be run again: an edition that is there is gone on with, one that is
    settled is left alone. No database connection is held while rows are read.
    """
    subject, stored = Subject.system("worker"), UUID(attachment_id)
    with unit_of_work() as session:
        order = checking.taken_in(session, subject, stored)
    while order is not None:
        with damage.marking("comparison"):
            report = checking.examined(order)
        with unit_of_work() as session:
            if checking.settled(session, subject, order, report):
                break
            order = checking.taken_in(session, subject, stored)
    with unit_of_work() as session:
        refreshing.noted(session, subject, stored)


@jobs.task(name=PROFILE)
def profile(edition_id: str) -> None:
    """Measure live rows against the declared coverage. Killed anywhere, it can be run again."""
    with reading() as session:
        order = profiling.ordered(session, UUID(edition_id))
    if order is None:
        return
    found = profiling.examined(order)
    with unit_of_work() as session:
        profiling.noted(session, Subject.system("worker"), order.edition_id, found)


@every(60, "catalog.editions.refresh")
def refresh() -> int:
    """Order the copies that are due; gives how many. Each in a transaction of its own."""
    with reading() as session:
        due = repository.due_refreshes(session, now())
    for resource_id in due:
        with unit_of_work() as session:
            refreshing.order(session, Subject.system("worker"), resource_id)
    return len(due)


@every(3_600, "catalog.editions.look_after_rows")
def look_after_rows() -> int:
    """Read anew what is damaged, seal what has no seals yet, and note how large snapshots are that
    were stored before that was noted; gives how many snapshots.
    """
    with unit_of_work() as session:
        measured = rooms.measure(session, MEASURED_AT_ONCE)
    return measured + damage.look_after()
