"""Background work on assignments."""

from catalog.assignments.service import assigning, filling
from shuqiao.db import unit_of_work
from shuqiao.jobs import every


@every(3_600, "catalog.assignments.miss")
def miss() -> int:
    """Name what was not answered in time (应领未领); gives how many."""
    done = 0
    while True:
        with unit_of_work() as session:
            found = assigning.miss(session)
        done += found
        if found < assigning.BATCH:
            return done


@every(3_600, "catalog.assignments.advance")
def advance() -> int:
    """Move on what the catalogue has moved; gives how many."""
    done = 0
    while True:
        with unit_of_work() as session:
            found = filling.advance(session)
        done += found
        if found < filling.BATCH:
            return done
