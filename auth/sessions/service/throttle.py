"""How often a password may be tried (登录限制): counted first, taken back by success, or when
there was no answer.

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
from datetime import datetime
from typing import Final

from sqlmodel import Session

from auth.sessions.errors import SignInLocked
from auth.sessions.repository import throttle as repository
from auth.sessions.repository.throttle import Counted
from shuqiao.context import client_network
from shuqiao.keys import key
from shuqiao.settings import settings

STRANGERS: Final = 2
CROWD: Final = 10
SLOW_SECONDS: Final = 5
#: An address is known for an account this long after the last sign-in from it.
KNOWN_DAYS: Final = 90
_ANYBODY: Final = b""
_ANYWHERE: Final = ""


def admit(session: Session, account: str) -> bool:
    """Count a try, as failed, or raise ``SignInLocked``. Commit it before looking at the password.
    Gives whether the account is known at this address.

    The rows are counted up under their locks, so that of many tries at the same moment no more
    than the allowed pass.
    """
    if seconds := seconds_left(session, account):
        raise SignInLocked(seconds)
    name, place, allowed = _name(account), client_network(), settings().sign_in_failures
    here = _count(session, name, place)
    if here is None or (not here.is_known and _strangers_are_locked(session, name)):
        raise SignInLocked(
            max(seconds_left(session, account), 1)
        )  # another try at this moment was the last
    crowd = _count(session, _ANYBODY, place)
    if here.failures >= allowed:
        repository.lock(session, name, place, seconds=_lock_seconds())
    elif crowd is not None and crowd.failures > allowed * CROWD:
        repository.lock(session, name, place, seconds=SLOW_SECONDS)
    return here.is_known


def take_back(session: Session, account: str, *, is_known: bool) -> None:
    """An admitted try had no answer: it counts nowhere, nor does a lock that it brought about.
    ``is_known``: what :func:`admit` gave.
    """
    name, place, allowed = _name(account), client_network(), settings().sign_in_failures
    repository.give_back(session, name, place, 1, allowed=allowed)
    if not is_known:
        _give_back(session, name, _ANYWHERE, 1)
    _give_back(session, _ANYBODY, place, 1)


def forgive(session: Session, account: str) -> None:
    """The password was right: forget what failed from here; this address is one of the account's.

    What others failed elsewhere stays counted: a sign-in must not give an attacker his tries back.
    """
    name, place = _name(account), client_network()
    done = repository.succeed(session, name, place, days=KNOWN_DAYS)
    if done is None:
        return
    if not done.is_known:
        _give_back(session, name, _ANYWHERE, done.failures)
    _give_back(session, _ANYBODY, place, done.failures)


def seconds_left(session: Session, account: str) -> int:
    """Seconds until the next try for ``account`` from here is admitted, rounded up; 0: now."""
    return repository.seconds_left(session, _name(account), client_network(), days=KNOWN_DAYS)


def tries_of_nobody(session: Session) -> int:
    """One more try for an account that does not exist; gives how many there were, from anywhere."""
    counted = _count(session, _ANYBODY, _ANYWHERE)
    return counted.failures if counted else 0


def locked(session: Session, accounts: Collection[str]) -> frozenset[str]:
    """Those of ``accounts`` that are refused at the moment, from wherever."""
    names = {_name(account): account for account in accounts}
    return frozenset(names[name] for name in repository.locked(session, names))


def unlock(session: Session, account: str) -> int:
    """Take the locks of ``account`` away; gives how many there were."""
    return repository.unlock(session, _name(account))


def forget_old(session: Session, sure: datetime, limit: int) -> int:
    """Delete up to ``limit`` failures of long ago and addresses certainly known no longer; gives
    how many rows.
    """
    return repository.sweep(session, sure, seconds=_lock_seconds(), days=KNOWN_DAYS, limit=limit)


def _name(account: str) -> bytes:
    """Under which an account is counted. What is typed, a password perhaps, cannot be read back."""
    return hmac.digest(key("sign-in"), account.encode("utf-8", "replace"), "sha256")


def _lock_seconds() -> int:
    return settings().sign_in_lock_minutes * 60


def _strangers_are_locked(session: Session, name: bytes) -> bool:
    counted = _count(session, name, _ANYWHERE)
    if counted is not None and counted.failures >= settings().sign_in_failures * STRANGERS:
        repository.lock(session, name, _ANYWHERE, seconds=_lock_seconds())
    return counted is None


def _count(session: Session, account: bytes, address: str) -> Counted | None:
    """None: locked, nothing counted."""
    return repository.count(session, account, address, seconds=_lock_seconds(), days=KNOWN_DAYS)


def _give_back(session: Session, account: bytes, address: str, failures: int) -> None:
    allowed = settings().sign_in_failures * STRANGERS
    repository.give_back(session, account, address, failures, allowed=allowed)
