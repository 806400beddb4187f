"""Background work: hold tables to the standards of their columns."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.conformity import repository
from catalog.conformity.service import checking
from catalog.conformity.service.checking import CONFORM, CONFORM_DRAFT, Order
from catalog.editions.service import damage
from shuqiao.db import unit_of_work
from shuqiao.jobs import enqueue, every, jobs
from shuqiao.subject import Subject

#: Editions that are ordered at once of those that nobody has checked.
_AT_ONCE: Final = 100


@jobs.task(name=CONFORM)
def check_edition(edition_id: str) -> None:
    """Check an edition. Killed anywhere, it can be run again: there is one report."""
    _check(lambda session: checking.ordered(session, UUID(edition_id)))


@jobs.task(name=CONFORM_DRAFT)
def check_draft(resource_id: str) -> None:
    """Check the data that a draft or a working copy would be published with."""
    _check(lambda session: checking.ordered_of_draft(session, UUID(resource_id)))


@every(3_600, "catalog.conformity.catch_up")
def catch_up() -> int:
    """Order the check of current editions that have none; gives how many."""
    with unit_of_work() as session:
        found = repository.unchecked(session, _AT_ONCE)
        for edition_id in found:
            lock = f"conformity:{edition_id}"
            enqueue(session, CONFORM, lock=lock, queueing_lock=lock, edition_id=str(edition_id))
    return len(found)


def _check(find: Callable[[Session], Order | None]) -> None:
    with unit_of_work() as session:
        order = find(session)
    if order is None:
        return

    def note(rows: int) -> None:
        with unit_of_work() as session:
            repository.note(session, order.about, rows)

    with damage.marking("conformity"):
        found = checking.examined(order, note)
    with unit_of_work() as session:
        checking.noted(session, Subject.system("worker"), order, found)
