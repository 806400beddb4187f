"""Which of three things a failure of the database is: away, a lock that was not given, or too much
to do. Each is a 503 with its own code: nothing was recorded, so nothing was done.
"""

from typing import Final

from sqlalchemy.exc import TimeoutError as PoolTimeout

from shuqiao.errors import Unavailable
from shuqiao.i18n import _
from shuqiao.reasons import database_error


class AuditUnavailable(Unavailable):
    """The database is away, or has lost us."""

    code = "audit_unavailable"


class LockNotGiven(Unavailable):
    """Somebody else holds what the request had to change, or each waited for the other."""

    code = "lock_not_given"
    title = _("Somebody else is changing the same thing at this moment, so nothing was done")
    retry_after = 1


class DatabaseBusy(Unavailable):
    """No connection was free in time, or the database took too long."""

    code = "database_busy"
    title = _("The database has too much to do at this moment, so nothing was done")


#: lock_not_available, deadlock_detected, serialization_failure.
_LOCKS: Final = frozenset({"55P03", "40P01", "40001"})
#: query_canceled (its time was over), and the class insufficient_resources.
_CANCELLED: Final = "57014"
_RESOURCES: Final = "53"


def sqlstate_of(error: BaseException) -> str | None:
    """None: the database did not say why, as one that cannot be reached."""
    known = database_error(error)
    return None if known is None else known.sqlstate


def outage_of(error: Exception) -> Unavailable:
    """What is answered in place of ``error``."""
    state = sqlstate_of(error)
    if state in _LOCKS:
        return LockNotGiven()
    if isinstance(error, PoolTimeout) or state == _CANCELLED or (state or "")[:2] == _RESOURCES:
        return DatabaseBusy()
    return AuditUnavailable()
