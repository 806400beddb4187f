"""A department's database is looked at while a person waits: few at once, and none of them in the
way of another department's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from shuqiao import deadline
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.bulkheads import PlacesByKey
from shuqiao.errors import Unavailable
from shuqiao.i18n import _
from shuqiao.settings import settings

#: A look connects up to three times and asks up to six questions, each within the settings.
_CONNECTS: Final = 3
_QUESTIONS: Final = 6


class ConnectionBusy(Unavailable):
    """All places for looking at this database are taken (503)."""

    code = "connection_busy"
    title = _("This database is being looked at by too many at this moment; try again soon")


@contextmanager
def looking(connection: Connection) -> Iterator[None]:
    """One of the places of ``connection``; its time is not that of the request.

    Holds no connection of ours. Raises ``ConnectionBusy``.
    """
    limits = settings()
    longest = (
        limits.connector_look_wait_seconds
        + _CONNECTS * limits.connector_connect_seconds
        + _QUESTIONS * limits.connector_answer_seconds
    )
    wait = limits.connector_look_wait_seconds
    with deadline.apart(longest), _places().place(connection.alias, wait):
        yield


@cache
def _places() -> PlacesByKey:
    """Those of this process."""
    limits = settings()
    at_once = limits.connector_looks_at_once
    return PlacesByKey(limits.connector_looks_in_all, at_once, at_once, ConnectionBusy)
