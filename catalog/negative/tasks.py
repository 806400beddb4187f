"""Background work on the negative list: what the calendar brings about."""

from catalog.negative import service
from shuqiao import observed
from shuqiao.db import unit_of_work
from shuqiao.jobs import every


@every(3_600, "catalog.negative.look_again")
def look_again() -> int:
    """Note what is due for review, what rests on a basis that is over, and what was not answered in
    time; nothing is freed by it. Gives how many.
    """
    with unit_of_work() as session:
        on = observed.sure_day(session)
        if on is None:
            return 0
        ended = service.expire(session, on)
    with unit_of_work() as session:
        silent = service.close_answering(session, on)
        return ended + silent + service.fall_due(session, on)
