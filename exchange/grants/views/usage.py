"""How much was fetched under a grant, asked here by whoever stands beside deliveries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from shuqiao.web.slots import Slot


@dataclass(frozen=True, slots=True)
class Usage:
    """Finished and broken-off transfers together; ``rows`` is what
    left, ``last_at`` the start of the last one.
    """

    transfers: int
    rows: int
    last_at: datetime


Counter = Callable[[Session, Sequence[UUID]], Mapping[UUID, Usage]]
#: Deliveries stand above grants; they count.
USAGE: Slot[Counter] = Slot(lambda _session, _grant_ids: {})


def usage_of(session: Session, grant_ids: Iterable[UUID]) -> Mapping[UUID, Usage]:
    """Use by grant id; grants never used are not in it."""
    wanted = list(grant_ids)
    return USAGE.held(session, wanted) if wanted else {}
