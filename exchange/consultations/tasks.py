"""Background work on consultations: opened by what strikes a grant, let go when that is over."""

from exchange.consultations import service
from exchange.grants import repository as grants
from exchange.grants.service.granting import CONSULT
from shuqiao.db import unit_of_work
from shuqiao.jobs import jobs


@jobs.task(name=CONSULT)
def follow(grant_no: str) -> None:
    """Open the consultation and the filing that a strike of the grant asks for, and let go those
    that are no longer needed.
    """
    with unit_of_work() as session:
        grant = grants.by_no(session, grant_no, lock=True)
        if grant is not None:
            service.follow(session, grant)
