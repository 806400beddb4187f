"""How much was fetched under grants, for ``exchange.grants.views.usage``."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from exchange.deliveries.models import Delivery
from exchange.grants.views.usage import Usage


def of_grants(session: Session, grant_ids: Sequence[UUID]) -> Mapping[UUID, Usage]:
    """Transfers, rows and last use by grant; grants never used are not in it."""
    query = (
        select(
            Delivery.grant_id,
            func.count(),
            func.coalesce(func.sum(Delivery.rows), 0),
            func.max(Delivery.started_at),
        )
        .where(col(Delivery.grant_id).in_(grant_ids))
        .group_by(col(Delivery.grant_id))
    )
    return {
        grant_id: Usage(transfers, int(rows or 0), last_at)
        for grant_id, transfers, rows, last_at in session.connection().execute(query)
    }
