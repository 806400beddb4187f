"""Background work on demands."""

from catalog.demand.service import replying
from shuqiao.db import unit_of_work
from shuqiao.jobs import every


@every(3_600, "catalog.demand.fall_due")
def fall_due() -> int:
    """Bring back to its department what was to be collected by now; gives how many."""
    with unit_of_work() as session:
        return replying.fall_due(session)
