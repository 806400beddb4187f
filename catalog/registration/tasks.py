"""Background work on registration: the data of a draft beside what was delivered."""

from uuid import UUID

from catalog.attachments.service.storing import COMPARE
from catalog.registration import repository
from catalog.registration.service import overlap
from catalog.resources import repository as resources
from shuqiao.db import reading, unit_of_work
from shuqiao.jobs import jobs


@jobs.task(name=COMPARE)
def compare_received(resource_id: str) -> None:
    """Compare a draft with what its department received. Killed anywhere, it can be run again:
    there is one result.
    """
    with reading() as session:
        row = resources.found_by_id(session, UUID(resource_id))
        found = overlap.due(session, row) if row is not None else None
    if found is None:
        return
    overlaps, told_of = overlap.compared(found)
    left_out = found.left_out + len(found.delivered) - told_of
    kept = [each.kept() for each in overlaps]
    with unit_of_work() as session:
        repository.keep_comparison(
            session, found.resource_id, found.fingerprint, told_of, left_out, kept
        )
