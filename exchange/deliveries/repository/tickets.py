"""Every SQL statement about download tickets. Their time is the database's own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import Session

from exchange.deliveries.models import DownloadTicket
from shuqiao.db import column
from shuqiao.upkeep import delete_some

_TAKE: Final = text(
    "DELETE FROM download_ticket WHERE secret_hash = :hash"
    " RETURNING user_id, session_id, grant_id, face, expires_at > now() AS holds"
)


def take(session: Session, secret_hash: bytes) -> Mapping[str, Any] | None:
    """Take the ticket of this hash away, and give what it says, ``holds`` among it; of two who ask
    at once only one is given it.
    """
    row = session.connection().execute(_TAKE, {"hash": secret_hash}).mappings().first()
    return None if row is None else dict(row)


def forget_old(session: Session, before: datetime, limit: int) -> int:
    """Delete up to ``limit`` tickets that ran out before ``before`` unused; gives how many."""
    return delete_some(
        session, DownloadTicket, column(DownloadTicket.expires_at) < before, limit=limit
    )
