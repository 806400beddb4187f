"""Background work: the nightly sweep."""

from catalog.duplicates.repository import sweep as repository
from catalog.duplicates.service import sweeping
from shuqiao.db import reading, unit_of_work
from shuqiao.jobs import every
from shuqiao.subject import Subject


@every(86_400, "catalog.duplicates.sweep")
def sweep() -> int:
    """Compare all unbound items with all elements; gives how many are likely to be one. It can be
    run again at any time: the last one counts.
    """
    with unit_of_work() as session:
        columns = sweeping.missing(session)
    for block in sweeping.blocks(columns):
        profiles = sweeping.looked_at(block)
        with unit_of_work() as session:
            repository.keep(session, profiles)
    with reading() as session:
        order = sweeping.ordered(session)
    found = sweeping.compared(order)
    with unit_of_work() as session:
        sweeping.written(session, Subject.system("worker"), order, found)
    return len(found)
