"""How much was fetched under a grant: asked here by whoever stands
beside deliveries, counted by the stage above.

Deliveries stand above grants: they tell (``read_from``, connected in ``server.pages``), the others
ask (``usage_of``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Usage:
    """Finished and broken-off transfers together; ``rows`` is what
    left, ``last_at`` the start of the last one.
    """

    transfers: int
    rows: int
    last_at: datetime


Counter = Callable[[Session, Sequence[UUID]], Mapping[UUID, Usage]]
_counter: list[Counter] = []


def read_from(counter: Counter) -> None:
    """Ask ``counter`` from now on; telling it again replaces it."""
    _counter[:] = [counter]


def usage_of(session: Session, grant_ids: Iterable[UUID]) -> Mapping[UUID, Usage]:
    """Use by grant id; grants never used are not in it."""
    wanted = list(grant_ids)
    return _counter[0](session, wanted) if _counter and wanted else {}
