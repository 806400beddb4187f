"""Background work on grants: ends those whose term is over, and tells those who hold one what
became of the entry it is on. The catalogue asks for the latter by name.
"""

from uuid import UUID

from exchange.grants import repository
from exchange.grants.service import granting, settling
from exchange.requests import service as asking
from shuqiao.db import unit_of_work
from shuqiao.jobs import every, jobs


@every(60, "exchange.grants.expire")
def expire() -> int:
    """Expire grants past their last day; gives how many. Running streams do not wait for this."""
    with unit_of_work() as session:
        return granting.expire_past_term(session)


@jobs.task(name="exchange.grants.publication_changed")
def publication_changed(resource_id: str) -> int:
    """A version of the entry was published, or an entry of the negative list came into force:
    suspend the granted items that may leave no more; gives how many. Nothing of them has left since
    then.
    """
    with unit_of_work() as session:
        asking.tell_of_strike(session, UUID(resource_id))
        holding = repository.holding(session, UUID(resource_id), lock=True)
        return sum(settling.suspend_items(session, grant) for grant in holding)


@jobs.task(name="exchange.grants.edition_arrived")
def edition_arrived(resource_id: str, number: int) -> None:
    """The entry has new rows: whoever holds a grant that follows them is told."""
    with unit_of_work() as session:
        for grant in repository.holding(session, UUID(resource_id)):
            if grant.follows_editions and granting.is_live(grant):
                granting.tell_of_edition(session, grant, number)


@jobs.task(name="exchange.grants.taken_down")
def taken_down(resource_id: str) -> None:
    """The entry has left the catalogue: whoever holds a grant on it, or asks for one, is told."""
    with unit_of_work() as session:
        for grant in repository.holding(session, UUID(resource_id)):
            granting.tell_of_take_down(session, grant)
        asking.tell_of_take_down(session, UUID(resource_id))
