"""Background work on source conflicts."""

from catalog.conflicts import service
from shuqiao.db import unit_of_work
from shuqiao.jobs import every, jobs


@jobs.task(name="catalog.conflicts.close_hearings")
def close_hearings() -> int:
    """Bring before the data administration what the other side let its time pass on; gives how
    many.
    """
    with unit_of_work() as session:
        return service.close_hearings(session)


every(3_600, "catalog.conflicts.close_hearings")
