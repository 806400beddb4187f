"""Identities: UUIDv7 (RFC 9562). Standard library only: the limited child that decodes uploads
loads this too.
"""

import secrets
from threading import Lock
from uuid import UUID

from shuqiao import real_time

_one_after_another = Lock()
_last = 0
_HOUR = 3_600_000 << 12


def uuid7() -> UUID:
    """A time-ordered id; those of one process stand in the order in which they were made.

    Real time, not the business clock, so that order survives a moved clock; yet nothing is decided
    by it, since the clocks of two processes differ. In steps of a quarter of a microsecond (section
    6.2, method 3), each at least one step after the one before, but for a clock that was set right.
    """
    global _last
    milliseconds, nanoseconds = divmod(real_time.now_ns(), 1_000_000)
    steps = milliseconds << 12 | nanoseconds * 4_096 // 1_000_000
    with _one_after_another:
        if steps > _last - _HOUR:
            steps = max(steps, _last + 1)
        _last = steps
    time_and_version = (steps >> 12) << 16 | 0x7 << 12 | steps & 0xFFF
    return UUID(int=time_and_version << 64 | 0b10 << 62 | secrets.randbits(62))
