"""Every SQL statement about the tally of refusals. All time is the database's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

_OVER: Final = "{row}.since <= now() - make_interval(secs => :seconds)"
#: One more; a span that is over is given back as it was, and another begins.
_COUNT: Final = text(f"""
    INSERT INTO denial_tally AS t (user_id, address, is_strange, since, last_at, tries)
    VALUES (:user, :address, :strange, now(), now(), 1)
    ON CONFLICT (user_id, address, is_strange) DO UPDATE SET last_at = now(),
        since = CASE WHEN {_OVER.format(row="t")} THEN now() ELSE t.since END,
        tries = CASE WHEN {_OVER.format(row="t")} THEN 1 ELSE t.tries + 1 END
    RETURNING new.tries, coalesce({_OVER.format(row="old")}, false),
        coalesce(old.tries, 0), old.since, old.last_at
""")
#: Rows that another transaction is just counting on are left to it.
_SWEEP: Final = text(f"""
    DELETE FROM denial_tally AS d USING app_user AS u WHERE u.id = d.user_id
    AND (d.user_id, d.address, d.is_strange) IN (
        SELECT user_id, address, is_strange FROM denial_tally AS t
        WHERE {_OVER.format(row="t")} ORDER BY last_at LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING u.id, u.account, d.address, d.is_strange, d.tries, d.since, d.last_at
""")


class Counted(NamedTuple):
    """``tries`` of the span that runs; the rest of the one before, if that ``has_ended`` now."""

    tries: int
    has_ended: bool
    tries_before: int
    since: datetime | None
    last_at: datetime | None


class Swept(NamedTuple):
    """A span that is over."""

    user_id: UUID
    account: str
    address: str
    is_strange: bool
    tries: int
    since: datetime
    last_at: datetime


def count(
    session: Session, user_id: UUID, address: str, *, is_strange: bool, seconds: int
) -> Counted:
    """One more refusal; a span is ``seconds`` long."""
    given = {"user": user_id, "address": address, "strange": is_strange, "seconds": seconds}
    return Counted(*session.connection().execute(_COUNT, given).one())


def sweep(session: Session, *, seconds: int, limit: int) -> Sequence[Swept]:
    """Delete spans that are over, at most ``limit``; gives what they were."""
    found = session.connection().execute(_SWEEP, {"seconds": seconds, "limit": limit})
    return [Swept(*row) for row in found]
