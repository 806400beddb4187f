"""Background work on deliveries: prove new grants, close deliveries whose process died."""

from exchange.deliveries.service import proving, recording
from exchange.grants.service import PROVE
from shuqiao.jobs import every, jobs


@jobs.task(name=PROVE)
def prove(grant_no: str) -> None:
    """Trial-run a pending grant's plan and activate it."""
    proving.prove(grant_no)


@jobs.task(name="exchange.deliveries.close_lost")
def close_lost() -> int:
    """Close running deliveries nobody serves any more."""
    return recording.close_lost()


every(5, "exchange.deliveries.close_lost")
