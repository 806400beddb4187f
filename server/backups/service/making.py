"""Making a backup while the service serves: the database at one moment, then the files it names.

Snapshots and uploads are never changed after they are named, so what the dump names is in the later
copy, unless the rules of retention removed it meanwhile; that is said in the manifest.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from audit.events import Event
from server.backups import repository
from server.backups.errors import BackupRefused
from server.backups.schemas import (
    DUMP,
    KEYS,
    MANIFEST,
    Backup,
    Head,
    Problem,
    Stored,
    read_backup,
)
from server.backups.service import dumping, sealed_keys
from server.backups.service.copying import (
    WrongBytes,
    copy_file,
    digest_of,
    flush,
    private_folder,
    write_file,
)
from server.backups.service.naming import Named, named_files
from server.backups.service.targets import Target, database, record, working
from server.tables import REVISION
from shuqiao.clock import now
from shuqiao.home import home, refuse_unfinished
from shuqiao.i18n import _
from shuqiao.settings import settings


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    folder: Path
    backup: Backup
    digest: str
    #: Files that were not copied again, and their bytes.
    linked: int
    linked_bytes: int


@dataclass(slots=True)
class _Files:
    """What was copied, linked and not found."""

    source: Path
    target: Path
    earlier: Path | None = None
    known: dict[str, Stored] = field(default_factory=dict)
    is_thorough: bool = False
    stored: list[Stored] = field(default_factory=list)
    lacking: dict[str, Literal["missing", "damaged"]] = field(default_factory=dict)
    linked: int = 0
    linked_bytes: int = 0

    def take(self, named: Named) -> None:
        target = self.target / named.path
        private_folder(target.parent)
        size = self._link(named, target)
        try:
            if size is None:
                size = copy_file(
                    self.source / named.path,
                    target,
                    size=named.size,
                    sha256=named.sha256,
                    mode=0o400,
                )
        except FileNotFoundError:
            if not named.is_optional:
                self.lacking[named.path] = "missing"
        except WrongBytes:
            self.lacking[named.path] = "damaged"
        else:
            self.stored.append(Stored(path=named.path, size=size, sha256=named.sha256))

    def _link(self, named: Named, target: Path) -> int | None:
        """The size of the earlier copy that is now the new one too; None when it cannot be."""
        before = self.known.get(named.path)
        if self.earlier is None or before is None or before.sha256 != named.sha256:
            return None
        held = self.earlier / named.path
        try:
            if not (self.source / named.path).exists() or held.stat().st_size != before.size:
                return None
            if self.is_thorough and digest_of(held) != named.sha256:
                return None
            os.link(held, target)
        except OSError:  # gone, or on another disk
            return None
        self.linked, self.linked_bytes = self.linked + 1, self.linked_bytes + before.size
        return before.size


def make(
    folder: Path, *, since: Path | None, passphrase: bytes | None, is_thorough: bool = False
) -> Made:
    """Back this installation up into ``folder``, new or empty; without ``passphrase`` no keys.

    ``since``: an earlier backup on the same disk, whose files are linked. Raises ``BackupRefused``;
    then nothing is left in the folder.
    """
    refuse_unfinished()
    earlier = read_backup(since)[0] if since is not None else None
    with _new(folder), database() as target:
        files = _Files(home(), folder, since, is_thorough=is_thorough)
        if earlier is not None:
            files.known = {each.path: each for each in earlier.files}
        made_at = now().isoformat(timespec="seconds")
        head = _dump_and_copy(target, folder, files)
        cleared, problems = _explained(target, files)
        files.stored.insert(0, _stored(folder / DUMP))
        if passphrase is not None:
            write_file(folder / KEYS, sealed_keys.seal(home() / "keys", passphrase))
            files.stored.insert(1, _stored(folder / KEYS))
        backup = Backup(
            program=version("shuqiao"),
            revision=REVISION,
            made_at=made_at,
            installation=settings().control_origin,
            owner_role=str(target.owner_url.username),
            app_role=settings().app_role,
            trail=head,
            files=files.stored,
            cleared=cleared,
            problems=problems,
        )
        digest = _finish(target, folder, backup)
    return Made(folder, backup, digest, files.linked, files.linked_bytes)


def dated(folder: Path) -> tuple[Path, Path | None]:
    """The next of the backups that lie in ``folder``, named by the moment, and the last finished
    one.
    """
    finished = sorted(folder.glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime_ns)
    name = now().strftime("%Y-%m-%dT%H%M%SZ")
    taken = len(list(folder.glob(f"{name}*")))
    return folder / (f"{name}.{taken}" if taken else name), (
        finished[-1].parent if finished else None
    )


def _dump_and_copy(target: Target, folder: Path, files: _Files) -> Head:
    """The dump, its trail's head and the files that it names: all of one moment of the database."""
    with repository.one_moment(target.owner_url) as connection:
        found = repository.revision(connection)
        if found != REVISION:
            raise BackupRefused(
                _(
                    "The database is at revision %(found)s, this program is of %(ours)s: back up"
                    " with the program that serves it.",
                    found=found or "-",
                    ours=REVISION,
                )
            )
        using = dumping.program("pg_dump", repository.server_major(connection))
        head = repository.head(connection)
        dumping.dump(
            using,
            target.owner_url,
            folder / DUMP,
            snapshot=repository.exported_snapshot(connection),
        )
        for named in named_files(connection, home()):
            files.take(named)
    return head


def _explained(target: Target, files: _Files) -> tuple[list[str], list[Problem]]:
    """Why files were not there: removed by the rules since the dump, or lost."""
    lost: dict[str, Literal["missing", "damaged"]] = {}
    if files.lacking:
        with repository.one_moment(target.owner_url) as connection:
            lost = {
                each.path: files.lacking[each.path]
                for each in named_files(connection, home())
                if each.path in files.lacking and not each.is_optional
            }
    cleared = sorted(files.lacking.keys() - lost.keys())
    return cleared, [Problem(path=path, what=what) for path, what in sorted(lost.items())]


def _finish(target: Target, folder: Path, backup: Backup) -> str:
    """Record the backup and give it its manifest: neither without the other."""
    raw = backup.to_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    for path in {folder / Path(each.path).parent for each in backup.files}:
        flush(path)
    with working(target):
        record(
            Event.BACKUP_MADE,
            digest,
            {
                "made_at": backup.made_at,
                "events": backup.trail.events,
                "head": backup.trail.leaf_hash,
                "files": len(backup.files),
                "bytes": backup.total_bytes,
                "keys": backup.has_keys,
            },
        )
        write_file(folder / MANIFEST, raw)
    return digest


def _stored(path: Path) -> Stored:
    flush(path)
    return Stored(path=path.name, size=path.stat().st_size, sha256=digest_of(path))


@contextlib.contextmanager
def _new(folder: Path) -> Iterator[None]:
    """The folder, 0700, with nothing in it; emptied again when the block fails."""
    ours, there = home().resolve(), folder.resolve()
    if there.is_relative_to(ours) or ours.is_relative_to(there):
        raise BackupRefused(
            _("A backup lies outside of the home: %(folder)s does not.", folder=str(folder))
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise BackupRefused(
            _("%(folder)s cannot be used: %(why)s.", folder=str(folder), why=error.strerror or "")
        ) from None
    if not is_empty:
        raise BackupRefused(
            _("%(folder)s is not empty: name a new or an empty folder.", folder=str(folder))
        )
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
