"""Background work on source conflicts, and on who decides them."""

from catalog.conflicts import service
from catalog.conflicts.service import judging
from catalog.sources.service import judging as claims
from shuqiao.db import unit_of_work
from shuqiao.jobs import every, jobs


@every(3_600, "catalog.conflicts.close_hearings")
def close_hearings() -> int:
    """Bring before the data administration what the other side let its time pass on; gives how
    many.
    """
    with unit_of_work() as session:
        return service.close_hearings(session)


@every(3_600, "catalog.conflicts.find_judges")
@jobs.task(name="catalog.conflicts.find_judges")
def find_judges() -> int:
    """Find anew which data administration decides on source claims and conflicts, when one joined,
    ended or moved to another level or area; gives how many went to another one.
    """
    with unit_of_work() as session:
        return claims.follow(session) + judging.follow(session)
