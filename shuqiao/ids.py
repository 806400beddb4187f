"""Identities: UUIDv7 (RFC 9562). Standard library only: the limited child that decodes uploads
loads this too.
"""

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    """A time-ordered id.

    Real time, not the business clock, so that order survives a moved clock.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)
