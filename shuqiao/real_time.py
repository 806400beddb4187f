"""Real time, as the database has it.

All processes of an installation go by the clock of their one database. A process reads it now and
then (``shuqiao.drift``) and counts on from there by a clock that nobody sets; what the operating
system takes for the time is only asked before the first reading. Standard library only: the limited
child that decodes uploads loads this too.
"""

import time

#: Nanoseconds from the count of this process to the time of the database; None: never read.
_ahead: int | None = None


def now_ns() -> int:
    """Nanoseconds since 1970."""
    return system_ns() if _ahead is None else time.monotonic_ns() + _ahead


def system_ns() -> int:
    """What the operating system takes for the time, in nanoseconds since 1970."""
    return time.time_ns()


def follow(database_ns: int, counted_ns: int) -> None:
    """The database said ``database_ns`` when the count of this process stood at ``counted_ns``."""
    global _ahead
    _ahead = database_ns - counted_ns


def is_followed() -> bool:
    """Whether the database has been read."""
    return _ahead is not None
