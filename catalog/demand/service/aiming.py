"""What a demand is aimed at, as the negative list looks at it."""

from collections.abc import Sequence

from sqlmodel import Session

from catalog.demand.models import Demand
from catalog.negative.repository import covers_of
from catalog.negative.words import LIVE


def withheld_by(session: Session, demand: Demand) -> Sequence[str]:
    """Numbers of the entries in force that strike the item it is aimed at, the oldest first."""
    if demand.item_id is None:
        return ()
    found = covers_of(session, [demand.item_id]).get(demand.item_id, ())
    return [each.entry_no for each in found if each.status in LIVE]
