"""How much was fetched, for ``exchange.grants.views.usage`` and ``catalog.lists``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from catalog.lists.service.frequent import Use
from exchange.deliveries.repository import use
from exchange.grants.views.usage import Usage


def of_grants(session: Session, grant_ids: Sequence[UUID]) -> Mapping[UUID, Usage]:
    """Transfers, rows and last use by grant; grants never used are not in it."""
    return {
        grant_id: Usage(transfers, int(rows or 0), last_at)
        for grant_id, transfers, rows, last_at in use.use_by_grant(session, grant_ids)
    }


def of_entries(session: Session, begins: datetime, ends: datetime) -> Mapping[UUID, Use]:
    """What was asked for, granted and delivered in a span of time, by entry."""
    return {
        resource_id: Use(requests, departments, grants, deliveries)
        for resource_id, requests, departments, grants, deliveries in use.used_between(
            session, begins, ends
        )
    }
