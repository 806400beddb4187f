"""How much was fetched under grants, for ``exchange.grants.views.usage``."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from exchange.deliveries import repository
from exchange.grants.views.usage import Usage


def of_grants(session: Session, grant_ids: Sequence[UUID]) -> Mapping[UUID, Usage]:
    """Transfers, rows and last use by grant; grants never used are not in it."""
    return {
        grant_id: Usage(transfers, int(rows or 0), last_at)
        for grant_id, transfers, rows, last_at in repository.use_by_grant(session, grant_ids)
    }
