"""Every SQL statement about failed sign-ins; the rules stand in ``auth.sessions.service.throttle``.

An account is named by a keyed hash, an address by its text; either is empty for all of them. All
time is the database's.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlmodel import Session, col, select

from auth.sessions.models import SignInThrottle

_ROW: Final = "account = :account AND address = :address"
_KNOWN: Final = "coalesce({row}succeeded_at > now() - make_interval(days => :days), false)"
#: One more failure; long after the last one a new count begins. A locked row is left alone.
_COUNT: Final = text(f"""
    INSERT INTO sign_in_throttle AS counted (account, address, failures, last_at)
    VALUES (:account, :address, 1, now())
    ON CONFLICT (account, address) DO UPDATE SET last_at = now(), locked_until = NULL, failures =
        CASE WHEN counted.last_at <= now() - make_interval(secs => :seconds) THEN 1
        ELSE counted.failures + 1 END
    WHERE counted.locked_until IS NULL OR counted.locked_until <= now()
    RETURNING failures, {_KNOWN.format(row="")}
""")
_LOCK: Final = text(f"""
    UPDATE sign_in_throttle SET locked_until = now() + make_interval(secs => :seconds) WHERE {_ROW}
""")
_LEFT: Final = text(f"""
    SELECT coalesce(ceil(extract(epoch FROM max(locked_until) - now())), 0) FROM sign_in_throttle
    WHERE account = :account AND locked_until > now() AND (address = :address OR address = ''
        AND NOT EXISTS (SELECT FROM sign_in_throttle WHERE {_ROW} AND {_KNOWN.format(row="")}))
""")
_SUCCEED: Final = text(f"""
    UPDATE sign_in_throttle SET failures = 0, locked_until = NULL, succeeded_at = now() WHERE {_ROW}
    RETURNING old.failures, {_KNOWN.format(row="old.")}
""")
#: Less of them; a lock that they had brought about is undone.
_GIVE_BACK: Final = text(f"""
    UPDATE sign_in_throttle SET failures = greatest(failures - :failures, 0), locked_until =
        CASE WHEN failures - :failures >= :allowed THEN locked_until END WHERE {_ROW}
""")
_UNLOCK: Final = text("""
    UPDATE sign_in_throttle SET failures = 0, locked_until = NULL
    WHERE account = :account AND locked_until > now()
""")
_SWEEP: Final = text("""
    DELETE FROM sign_in_throttle WHERE (account, address) IN (
        SELECT account, address
        FROM sign_in_throttle, (SELECT CAST(:sure AS timestamptz) AS sure) AS certainly
        WHERE last_at <= sure - make_interval(secs => :seconds)
        AND coalesce(locked_until <= sure, true)
        AND coalesce(succeeded_at <= sure - make_interval(days => :days), true)
        LIMIT :limit FOR UPDATE OF sign_in_throttle SKIP LOCKED)
""")


class Counted(NamedTuple):
    """What stands against an account at an address."""

    failures: int
    #: Somebody has signed in to this account from this address.
    is_known: bool


def count(
    session: Session, account: bytes, address: str, *, seconds: int, days: int
) -> Counted | None:
    """One more failure; None: locked, nothing counted.

    ``seconds`` after the last failure a new count begins; for ``days`` an address is known.
    """
    given = {"account": account, "address": address, "seconds": seconds, "days": days}
    row = session.connection().execute(_COUNT, given).first()
    return None if row is None else Counted(*row)


def lock(session: Session, account: bytes, address: str, *, seconds: int) -> None:
    """Refuse this account at this address for so long."""
    session.connection().execute(
        _LOCK, {"account": account, "address": address, "seconds": seconds}
    )


def seconds_left(session: Session, account: bytes, address: str, *, days: int) -> int:
    """Seconds until the lock that holds at this address ends, rounded up; 0: there is none."""
    given = {"account": account, "address": address, "days": days}
    return int(session.connection().execute(_LEFT, given).scalar_one())


def succeed(session: Session, account: bytes, address: str, *, days: int) -> Counted | None:
    """Forget the failures here and know the address; gives what stood before, None: nothing."""
    given = {"account": account, "address": address, "days": days}
    row = session.connection().execute(_SUCCEED, given).first()
    return None if row is None else Counted(*row)


def give_back(
    session: Session, account: bytes, address: str, failures: int, *, allowed: int
) -> None:
    """So many failures less; a lock that goes back to ``allowed`` or more of them stays."""
    given = {"account": account, "address": address, "failures": failures, "allowed": allowed}
    session.connection().execute(_GIVE_BACK, given)


def locked(session: Session, accounts: Collection[bytes]) -> Collection[bytes]:
    """Those of ``accounts`` that are refused at the moment, from wherever."""
    query = select(SignInThrottle.account).where(
        col(SignInThrottle.account).in_(accounts),
        col(SignInThrottle.locked_until) > text("now()"),
    )
    return session.exec(query).all()


def unlock(session: Session, account: bytes) -> int:
    """Take the locks of an account away; gives how many there were."""
    return session.connection().execute(_UNLOCK, {"account": account}).rowcount


def sweep(session: Session, sure: datetime, *, seconds: int, days: int, limit: int) -> int:
    """Delete up to ``limit`` failures that at ``sure`` were older than ``seconds``, and addresses
    known no longer; gives how many rows.
    """
    given = {"sure": sure, "seconds": seconds, "days": days, "limit": limit}
    return session.connection().execute(_SWEEP, given).rowcount
