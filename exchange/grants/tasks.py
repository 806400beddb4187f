"""Background work on grants: ends those whose term is over."""

from exchange.grants import service
from shuqiao.db import unit_of_work
from shuqiao.jobs import every, jobs


@jobs.task(name="exchange.grants.expire")
def expire() -> int:
    """Expire grants past their last day; gives how many. Running streams do not wait for this."""
    with unit_of_work() as session:
        return service.expire_past_term(session)


every(60, "exchange.grants.expire")
