"""What a provider already knows of a department that asks: its earlier
requests, its grants, how they are used.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from exchange.approvals import repository
from exchange.grants.models import ShareGrant
from exchange.grants.views.usage import Usage, usage_of
from exchange.requests import repository as requests
from exchange.requests.models import ShareRequest
from exchange.requests.words import TONES, RequestStatus


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier request of the department to this provider."""

    request: ShareRequest
    title: str
    tone: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A grant of the department, and its use; None: never used."""

    grant: ShareGrant
    is_live: bool
    usage: Usage | None


@dataclass(frozen=True, slots=True)
class History:
    """``refused`` and ``same`` (the earlier ones for this resource, the
    latest first) are out of ``past``.
    """

    past: Sequence[Past]
    counts: Mapping[RequestStatus, int]
    refused: Sequence[ShareRequest]
    same: Sequence[ShareRequest]
    grants: Sequence[Held]
    #: Item id → numbers of live grants that hold the item.
    holdings: Mapping[UUID, Sequence[str]]


def history(session: Session, request: ShareRequest) -> History:
    """Everything between the two departments before ``request``, the latest first."""
    earlier = repository.between(session, request)
    titles = requests.titles(session, {row.resource_id for row in earlier})
    grants = repository.grants_between(session, request)
    usage = usage_of(session, [grant.id for grant in grants])
    live = {grant.id: grant.grant_no for grant in grants if not grant.standing.is_over}
    holdings: dict[UUID, list[str]] = {}
    for grant_id, item_id in repository.granted_items(session, live):
        holdings.setdefault(item_id, []).append(live[grant_id])
    same = [row for row in earlier if row.resource_id == request.resource_id]
    return History(
        past=[
            Past(
                row, titles[row.resource_id], TONES[row.status], row.decided_at or row.submitted_at
            )
            for row in earlier
        ],
        counts=Counter(row.status for row in earlier),
        refused=[row for row in same if row.status is RequestStatus.REFUSED],
        same=same,
        grants=[Held(grant, grant.id in live, usage.get(grant.id)) for grant in grants],
        holdings=holdings,
    )
