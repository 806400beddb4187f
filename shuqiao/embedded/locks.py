"""Advisory file locks (flock): one starter at a time, and a count of
the users that a kill -9 keeps right.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shuqiao.embedded.places import EmbeddedPostgresError

_held: set[int] = set()


def hold(path: Path, *, shared: bool, timeout_seconds: float) -> int:
    """Lock ``path`` and return its descriptor; the kernel lets go when
    the process ends, however it ends.

    Raises ``EmbeddedPostgresError`` when others keep it longer than ``timeout_seconds``.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    _held.add(descriptor)
    wanted = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    deadline = time.monotonic() + timeout_seconds
    while not _take(descriptor, wanted):
        if time.monotonic() > deadline:
            release(descriptor)
            raise EmbeddedPostgresError(
                f"another process has held {path} for more than {timeout_seconds:.0f} s"
            )
        time.sleep(0.02)
    return descriptor


def release(descriptor: int) -> None:
    """Give the lock back; a second call does nothing."""
    if descriptor in _held:
        _held.discard(descriptor)
        os.close(descriptor)


def is_last(descriptor: int) -> bool:
    """Whether nobody else holds this shared lock. Either answer ends our own share in it.

    The kernel drops the share before it tries the exclusive lock, so of two who leave together one
    gets it.
    """
    return _take(descriptor, fcntl.LOCK_EX)


@contextmanager
def alone(path: Path, *, timeout_seconds: float) -> Iterator[None]:
    """Hold ``path`` exclusively for a block."""
    descriptor = hold(path, shared=False, timeout_seconds=timeout_seconds)
    try:
        yield
    finally:
        release(descriptor)


def _take(descriptor: int, wanted: int) -> bool:
    try:
        fcntl.flock(descriptor, wanted | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _forget_in_child() -> None:
    """A forked child shares the open file, and with it the lock: it
    would count as a user after its parent left.
    """
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)
