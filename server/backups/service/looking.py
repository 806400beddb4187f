"""Looking at a home: whether it holds what the database names, as it was written, and no more."""

import fcntl
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from server.backups import repository
from server.backups.service.copying import digest_of
from server.backups.service.naming import Named, named_files, of_snapshot
from server.process.database import connected
from shuqiao import real_time
from shuqiao.home import home, restoring
from shuqiao.i18n import Message, _
from shuqiao.web.formats import size

#: What is younger may be on its way into the database.
_FRESH_NS: Final = 3600 * 10**9
_BATCH: Final = 500
#: How our files are called there.
_NAMES: Final = {
    "uploads": re.compile(r"[0-9a-f]{32}"),
    "snapshots": re.compile(r"[0-9a-f]{64}"),
}


#: Findings in one JSON answer; lines for people have no end.
MOST_TOLD: Final = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: which file, a stable code, a sentence."""

    path: str
    code: str
    sentence: Message


@dataclass(slots=True)
class Look:
    """One look at a home; counts what it has seen of files that the database names."""

    home: Path
    is_thorough: bool = False
    #: Paths that need not be there.
    lacking: Collection[str] = ()
    files: int = 0
    bytes: int = 0

    @property
    def summary(self) -> Message:
        return _("%(files)s files, %(bytes)s bytes looked at.", files=self.files, bytes=self.bytes)

    def findings(self, connection: Connection) -> Iterator[Finding]:
        """Each as it is found, in constant memory."""
        yield from self.markers_and_keys()
        for named in named_files(connection, self.home):
            found = self._seen(named)
            if found is not None and named.path not in self.lacking:
                yield found
        yield from self.strays(connection)

    def _seen(self, named: Named) -> Finding | None:
        path = self.home / named.path
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return None if named.is_optional else _missing(named.path)
        self.files, self.bytes = self.files + 1, self.bytes + size
        if named.size not in (None, size):
            return _size(named, size)
        is_read = self.is_thorough or named.size is None  # a manifest: its name is its digest
        if is_read and digest_of(path) != named.sha256:
            return _damaged(named.path)
        return None

    def markers_and_keys(self) -> Iterator[Finding]:
        marker = self.home / restoring().name
        if marker.exists():
            sentence = _("A restore was broken off here: remove the home and restore again.")
            yield Finding(marker.name, "restoring", sentence)
        keys = self.home / "keys"
        for path in (keys, *sorted(keys.rglob("*"))) if keys.exists() else ():
            status = path.lstat()
            if status.st_mode & 0o077 or status.st_uid != os.geteuid():
                yield _open(str(path.relative_to(self.home)))

    def strays(self, connection: Connection) -> Iterator[Finding]:
        """What nothing in the database names, each as it is found."""
        for kind in _NAMES:
            folder = self.home / kind
            entries = (each.name for each in os.scandir(folder)) if folder.is_dir() else iter(())
            while some := sorted(islice(entries, _BATCH)):
                names = [name for name in some if _NAMES[kind].fullmatch(name)]
                known = repository.known(connection, kind, names)
                for name in some:
                    if name not in known and _is_left(folder / name):
                        yield _stray(f"{kind}/{name}")
                    elif name in known and kind == "snapshots":
                        yield from self._strays_of(name)

    def _strays_of(self, snapshot_id: str) -> Iterator[Finding]:
        named = {each.path for each in of_snapshot(self.home, snapshot_id, has_rows=True)}
        for path in sorted((self.home / "snapshots" / snapshot_id).iterdir()):
            shown = str(path.relative_to(self.home))
            if shown not in named and not path.name.startswith("seals.") and _is_left(path):
                yield _stray(shown)


@dataclass(frozen=True, slots=True)
class Strays:
    """Files and folders that nothing in the database names, and how large they are together."""

    files: int
    bytes: int

    @property
    def sentence(self) -> Message:
        if not self.files:
            return _("Every file of the home is named by a row.")
        return _(
            "%(files)s files (%(size)s) are named by nothing in the database: shuqiao check-home "
            "names them.",
            files=self.files,
            size=size(self.bytes),
        )


def strays() -> Strays:
    """What in the home no row names; the command is connected."""
    look, count, total = Look(home()), 0, 0
    with repository.one_moment() as connection:
        for found in look.strays(connection):
            path = look.home / found.path
            count, total = count + 1, total + _bytes_of(path)
    return Strays(count, total)


def _bytes_of(path: Path) -> int:
    every = path.rglob("*") if path.is_dir() else iter((path,))
    return sum(each.lstat().st_size for each in every if each.is_file())


def look_at_home(*, is_thorough: bool) -> tuple[Look, Iterator[Finding]]:
    """A look at the home of this installation, and what it finds while it goes on."""
    look = Look(home(), is_thorough)
    return look, _looked(look)


def _looked(look: Look) -> Iterator[Finding]:
    if restoring().exists():  # there may be no database yet
        yield from look.markers_and_keys()
        return
    with connected(), repository.one_moment() as connection:
        yield from look.findings(connection)


def _is_left(path: Path) -> bool:
    """Whether it is older than any work on it, and nobody holds it."""
    try:
        if real_time.system_ns() - path.lstat().st_mtime_ns < _FRESH_NS:
            return False
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _missing(path: str) -> Finding:
    sentence = _("%(path)s is missing: put it back from a backup.", path=path)
    return Finding(path, "missing", sentence)


def _size(named: Named, size: int) -> Finding:
    sentence = _(
        "%(path)s has %(found)s bytes instead of %(wanted)s: put it back from a backup.",
        path=named.path,
        found=size,
        wanted=named.size,
    )
    return Finding(named.path, "size", sentence)


def _damaged(path: str) -> Finding:
    sentence = _("%(path)s is not what was written: put it back from a backup.", path=path)
    return Finding(path, "damaged", sentence)


def _open(path: str) -> Finding:
    sentence = _("%(path)s must be its owner's alone: chmod go= and chown it.", path=path)
    return Finding(path, "open_key", sentence)


def _stray(path: str) -> Finding:
    sentence = _(
        "%(path)s is named by nothing in the database: move it away, and remove it when"
        " nobody misses it.",
        path=path,
    )
    return Finding(path, "stray", sentence)
