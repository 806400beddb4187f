"""How often a password may be tried (登录限制): counted first, taken back by success.

Three counters, in a row of a table each; why these is told in ``docs/security.md``:

- an account at one address: after N failures it is refused *there* for the time of the lock;
- an account from all addresses that it has never signed in from, together: after ``STRANGERS``
  times N it is refused at such addresses. Nobody elsewhere can lock a person out of the address
  they usually come from;
- an address over all accounts: after ``CROWD`` times N a failure there must be waited out for
  ``SLOW_SECONDS`` before the same account is tried again. Never refused is an account that had no
  failure.

N is ``SHUQIAO_SIGN_IN_FAILURES``; failures long ago are not counted on. All time is the database's.
"""

import hmac
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final, NamedTuple

from sqlalchemy import text
from sqlmodel import Session, col, select

from auth.sessions.errors import SignInLocked
from auth.sessions.models import SignInThrottle
from shuqiao.context import client_ip
from shuqiao.keys import key
from shuqiao.settings import settings

STRANGERS: Final = 2
CROWD: Final = 10
SLOW_SECONDS: Final = 5
#: An address is known for an account this long after the last sign-in from it.
KNOWN_DAYS: Final = 90
_ANYBODY: Final = b""
_ANYWHERE: Final = ""


class _Counted(NamedTuple):
    failures: int
    #: Somebody has signed in to this account from this address.
    is_known: bool


def admit(session: Session, account: str) -> None:
    """Count a try, as failed, or raise ``SignInLocked``. Commit it before looking at the password.

    The rows are counted up under their locks, so that of many tries at the same moment no more
    than the allowed pass.
    """
    if seconds := seconds_left(session, account):
        raise SignInLocked(seconds)
    name, place, allowed = _name(account), _place(), settings().sign_in_failures
    here = _count(session, name, place)
    if here is None or (not here.is_known and _strangers_are_locked(session, name)):
        raise SignInLocked(
            max(seconds_left(session, account), 1)
        )  # another try at this moment was the last
    crowd = _count(session, _ANYBODY, place)
    if here.failures >= allowed:
        _lock(session, name, place, _lock_seconds())
    elif crowd is not None and crowd.failures > allowed * CROWD:
        _lock(session, name, place, SLOW_SECONDS)


def forgive(session: Session, account: str) -> None:
    """The password was right: forget what failed from here; this address is one of the account's.

    What others failed elsewhere stays counted: a sign-in must not give an attacker his tries back.
    """
    name, place = _name(account), _place()
    done = (
        session.connection()
        .execute(_SUCCEED, {"account": name, "address": place, "days": KNOWN_DAYS})
        .first()
    )
    if done is None:
        return
    failures, was_known = done
    if not was_known:
        _give_back(session, name, _ANYWHERE, failures)
    _give_back(session, _ANYBODY, place, failures)


def seconds_left(session: Session, account: str) -> int:
    """Seconds until the next try for ``account`` from here is admitted, rounded up; 0: now."""
    given = {"account": _name(account), "address": _place(), "days": KNOWN_DAYS}
    return int(session.connection().execute(_LEFT, given).scalar_one())


def tries_of_nobody(session: Session) -> int:
    """One more try for an account that does not exist; gives how many there were, from anywhere."""
    counted = _count(session, _ANYBODY, _ANYWHERE)
    return counted.failures if counted else 0


def locked(session: Session, accounts: Collection[str]) -> frozenset[str]:
    """Those of ``accounts`` that are refused at the moment, from wherever."""
    names = {_name(account): account for account in accounts}
    query = select(SignInThrottle.account).where(
        col(SignInThrottle.account).in_(names), col(SignInThrottle.locked_until) > text("now()")
    )
    return frozenset(names[name] for name in session.exec(query))


def unlock(session: Session, account: str) -> int:
    """Take the locks of ``account`` away; gives how many there were."""
    return session.connection().execute(_UNLOCK, {"account": _name(account)}).rowcount


def sweep(session: Session) -> int:
    """Delete failures of long ago and addresses known no longer; gives how many rows."""
    return (
        session.connection()
        .execute(_SWEEP, {"seconds": _lock_seconds(), "days": KNOWN_DAYS})
        .rowcount
    )


def _name(account: str) -> bytes:
    """Under which an account is counted. What is typed, a password perhaps, cannot be read back."""
    return hmac.digest(key("sign-in"), account.encode("utf-8", "replace"), "sha256")


def _place() -> str:
    """The caller's address; of IPv6 the network, in which a single customer has 2^64 of them."""
    given = client_ip() or "nowhere"
    try:
        address = ip_address(given)
    except ValueError:
        return given[:45]
    return str(
        ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address
    )


def _lock_seconds() -> int:
    return settings().sign_in_lock_minutes * 60


def _strangers_are_locked(session: Session, name: bytes) -> bool:
    counted = _count(session, name, _ANYWHERE)
    if counted is not None and counted.failures >= settings().sign_in_failures * STRANGERS:
        _lock(session, name, _ANYWHERE, _lock_seconds())
    return counted is None


def _count(session: Session, account: bytes, address: str) -> _Counted | None:
    """None: locked, nothing counted."""
    given = {"account": account, "address": address, "seconds": _lock_seconds(), "days": KNOWN_DAYS}
    row = session.connection().execute(_COUNT, given).first()
    return None if row is None else _Counted(*row)


def _lock(session: Session, account: bytes, address: str, seconds: int) -> None:
    session.connection().execute(
        _LOCK, {"account": account, "address": address, "seconds": seconds}
    )


def _give_back(session: Session, account: bytes, address: str, failures: int) -> None:
    allowed = settings().sign_in_failures * STRANGERS
    given: dict[str, Any] = {
        "account": account,
        "address": address,
        "failures": failures,
        "allowed": allowed,
    }
    session.connection().execute(_GIVE_BACK, given)


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
    DELETE FROM sign_in_throttle WHERE last_at <= now() - make_interval(secs => :seconds)
    AND coalesce(locked_until <= now(), true)
    AND coalesce(succeeded_at <= now() - make_interval(days => :days), true)
""")
