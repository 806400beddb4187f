"""A full or failing disk: asked before bytes are taken, and told in one place when it shows later.

Whatever the system or the database says – ENOSPC, EDQUOT, EFBIG, EIO, EROFS, "disk full" – becomes
one of two refusals that waiting can mend; nothing is done by halves, so the same may be sent again.
"""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from shuqiao.errors import Unavailable
from shuqiao.i18n import _
from shuqiao.settings import settings

log = structlog.get_logger("disk")

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FAILING: Final = frozenset({errno.EIO, errno.EROFS})
#: What PostgreSQL says of its own disk (Class 53 and 58).
_DATABASE_FULL: Final = "53100"
_DATABASE_FAILING: Final = "58030"


class StorageFull(Unavailable):
    """There is no room for what was sent or asked for (507)."""

    status, code = 507, "storage_full"
    title = _("The service has no room left on its disk, so nothing was done")
    advice = _("Nothing was stored. Tell the system administrator, and try again in a few minutes.")
    retry_after: int | None = 60


class StorageFailing(Unavailable):
    """The disk reads or writes with errors (503)."""

    code = "storage_failing"
    title = _("The disk of the service has an error, so nothing was done")
    advice = _("Nothing was stored. Tell the system administrator, and try again in a few minutes.")
    retry_after = 60


def refusal_of(error: BaseException | None) -> Unavailable | None:
    """The refusal that ``error``, or what it was raised from, is about the disk; None for others.

    Libraries wrap what the system says: the chain of causes is followed.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, StorageFull | StorageFailing):
            return error
        code = getattr(error, "errno", None) if isinstance(error, OSError) else None
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        if code in _FULL or state == _DATABASE_FULL:
            return StorageFull()
        if code in _FAILING or state == _DATABASE_FAILING:
            return StorageFailing()
        error = error.__cause__ or error.__context__
    return None


class Promises:
    """Bytes that running uploads may still write, by disk: what is free is not given away twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[int, int] = {}

    def made(self, folder: Path, size: int) -> "Promise":
        """Room for ``size`` bytes below ``folder`` (bytes told by the sender; 0 when none were).

        Raises ``StorageFull`` when they would not leave ``SHUQIAO_DISK_HEADROOM_BYTES`` free.
        """
        disk = os.stat(folder).st_dev
        with self._lock:
            promised = self._open.get(disk, 0)
            if free_bytes(folder) - promised - settings().disk_headroom_bytes < size:
                log.error("disk_full", folder=folder.name, wanted=size, promised=promised)
                raise StorageFull
            self._open[disk] = promised + size
        return Promise(self, folder, disk, size)

    def give_back(self, disk: int, size: int) -> None:
        with self._lock:
            self._open[disk] = self._open.get(disk, 0) - size


class Promise:
    """The room of one upload. ``spend`` before each write, ``close`` at its end."""

    def __init__(self, of: Promises, folder: Path, disk: int, left: int) -> None:
        self._of, self._folder, self._disk, self._left = of, folder, disk, left

    def spend(self, size: int) -> None:
        """Raises ``StorageFull`` when what was not promised finds no room."""
        kept = min(size, self._left)
        if size > kept:  # more than was told: asked anew
            self._of.made(self._folder, size - kept).close()
        self._left -= kept
        self._of.give_back(self._disk, kept)

    def close(self) -> None:
        self._of.give_back(self._disk, self._left)
        self._left = 0


#: Of this process.
PROMISES: Final = Promises()


def free_bytes(folder: Path) -> int:
    """Bytes that may still be written below ``folder``."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def expect_room(folder: Path, size: int = 0) -> None:
    """Ask before long work that writes. Raises ``StorageFull``."""
    PROMISES.made(folder, size).close()


@contextmanager
def told() -> Iterator[None]:
    """What the block says of a full or failing disk is raised as the refusal it is."""
    try:
        yield
    except Exception as error:
        if isinstance(error, StorageFull | StorageFailing):
            raise
        found = refusal_of(error)
        if found is None:
            raise
        raise found from error
