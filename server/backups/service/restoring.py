"""Restoring a backup into an empty home and an empty database, and proving what came back.

A marker in the home says that it has not ended well yet: nothing serves from such a home. What
refuses without having touched anything comes first.
"""

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from audit.events import Event
from audit.export import export_lines
from audit.queries import TrailFilter
from server.backups import repository
from server.backups.errors import BackupRefused
from server.backups.schemas import DUMP, KEYS, Backup, Head, read_backup
from server.backups.service import dumping, sealed_keys, targets
from server.backups.service.copying import (
    WrongBytes,
    copy_file,
    digest_of,
    flush,
    new_file,
    private_folder,
    write_file,
)
from server.backups.service.looking import Look
from server.backups.service.targets import Target
from server.process import migrating
from shuqiao import db, roles
from shuqiao.home import home, restoring
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao_client import verifier

#: Findings that are told of a restore that cannot be proved; a look at the home tells all.
_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back and was proved."""

    backup: Backup
    digest: str
    files: int
    bytes: int
    has_keys: bool


def restore(
    folder: Path, *, passphrase: bytes | None, is_thorough: bool = False, is_bootstrap: bool = False
) -> Restored:
    """Restore ``folder`` into this installation, which is empty; without ``passphrase`` no keys.

    ``is_bootstrap``: make roles and database first, as the administrator. Raises ``BackupRefused``.
    """
    backup, digest = read_backup(folder)
    keys = _checked(folder, backup, passphrase)
    _expect_empty_home()
    if is_bootstrap and not targets.is_embedded():
        _bootstrap()
    if not targets.is_embedded():
        with targets.database() as target:
            _expect_empty(target)
    note = json.dumps({"backup": digest, "folder": str(folder.absolute())})
    write_file(restoring(), note.encode())
    sealed_keys.put_back(home() / "keys", keys)
    _copy(folder, backup)
    with targets.database() as target:
        _expect_empty(target)
        _load(target, folder, backup)
        with targets.working(target):
            look = _proved(backup, is_thorough=is_thorough)
            why = {"made_at": backup.made_at, "events": backup.trail.events}
            record = {**why, "head": backup.trail.leaf_hash, "keys": passphrase is not None}
            targets.record(Event.BACKUP_RESTORED, digest, record)
    restoring().unlink()
    flush(home())
    return Restored(backup, digest, look.files, look.bytes, passphrase is not None)


def put_keys_back(folder: Path, passphrase: bytes) -> list[str]:
    """Those keys that this home has lost; gives their names. Raises ``BackupRefused``."""
    backup, _digest = read_backup(folder)
    return sealed_keys.put_back(home() / "keys", _unsealed(folder, backup, passphrase))


def _checked(folder: Path, backup: Backup, passphrase: bytes | None) -> dict[str, bytes]:
    """The keys of the backup, every file of which is there as the manifest says."""
    _expect_ours(backup)
    wrong = [each.path for each in backup.files if not _is_sound(folder / each.path, each.sha256)]
    if wrong:
        raise BackupRefused(
            _(
                "The backup is not as it was made: %(count)s files are missing or changed, the"
                " first is %(path)s. Nothing was restored: take another backup.",
                count=len(wrong),
                path=wrong[0],
            )
        )
    return {} if passphrase is None else _unsealed(folder, backup, passphrase)


def _unsealed(folder: Path, backup: Backup, passphrase: bytes) -> dict[str, bytes]:
    if not backup.has_keys:
        raise BackupRefused(_("The backup was made without keys: restore it with --without-keys."))
    return sealed_keys.unseal((folder / KEYS).read_bytes(), passphrase)


def _is_sound(path: Path, sha256: str) -> bool:
    try:
        return digest_of(path) == sha256
    except OSError:
        return False


def _expect_ours(backup: Backup) -> None:
    """A revision that this program knows, and roles of the names that the dump grants to."""
    given = settings()
    if not migrating.knows(backup.revision):
        raise BackupRefused(
            _(
                "The backup was made by a newer program (%(program)s, revision %(revision)s):"
                " restore it with that one.",
                program=backup.program,
                revision=backup.revision,
            )
        )
    owner = given.owner_role
    if given.owner_database_url:
        owner = targets.role_of(given.owner_database_url)
    for setting, wanted, found in (
        ("SHUQIAO_APP_ROLE", backup.app_role, given.app_role),
        ("SHUQIAO_OWNER_ROLE", backup.owner_role, owner),
    ):
        if wanted != found:
            raise BackupRefused(
                _(
                    "The backup grants to the role %(wanted)s, here it is %(found)s: give the role"
                    " that name (%(setting)s, and the addresses).",
                    wanted=wanted,
                    found=found,
                    setting=setting,
                )
            )


def _expect_empty_home() -> None:
    found = sorted(each.name for each in home().iterdir())
    if not found:
        return
    if restoring().name in found:
        raise BackupRefused(
            _(
                "A restore was broken off in %(home)s: remove the home and empty the database, then"
                " run this again.",
                home=str(home()),
            )
        )
    raise BackupRefused(
        _(
            "The home %(home)s is not empty (%(name)s): a backup is restored into an empty one.",
            home=str(home()),
            name=found[0],
        )
    )


def _expect_empty(target: Target) -> None:
    with repository.one_moment(target.owner_url) as connection:
        if not repository.is_empty(connection):
            raise BackupRefused(
                _(
                    "The database %(name)s is not empty: a backup is restored into an empty one.",
                    name=target.owner_url.database or "",
                )
            )


def _bootstrap() -> None:
    given = settings()
    admin, owner, app = given.admin_database_url, given.owner_database_url, given.database_url
    if not (admin and owner and app):
        raise BackupRefused(
            _("SHUQIAO_ADMIN_DATABASE_URL is not set: creating roles needs an administrator.")
        )
    roles.bootstrap_from_urls(admin, owner_url=owner, app_url=app)


def _copy(folder: Path, backup: Backup) -> None:
    """The files of the home, read-only where they never change."""
    for each in backup.files:
        if each.path in (DUMP, KEYS):
            continue
        target = home() / each.path
        private_folder(target.parent)
        mode = 0o400 if each.path.startswith("snapshots/") else 0o600
        try:
            copy_file(folder / each.path, target, size=each.size, sha256=each.sha256, mode=mode)
        except WrongBytes:
            raise BackupRefused(
                _("%(path)s of the backup changed while it was read.", path=each.path)
            ) from None
    for path in {home() / Path(each.path).parent for each in backup.files}:
        if path.is_dir():
            flush(path)


def _load(target: Target, folder: Path, backup: Backup) -> None:
    """The dump, whose trail must be the manifest's; then the tables of the present revision."""
    with repository.one_moment(target.owner_url) as connection:
        using = dumping.program("pg_restore", repository.server_major(connection))
    dumping.load(using, target.owner_url, folder / DUMP)
    with repository.one_moment(target.owner_url) as connection:
        _expect_head(backup, repository.head(connection))
    migrating.upgrade(target.owner_url.render_as_string(hide_password=False))
    repository.analyze(target.owner_url)


def _expect_head(backup: Backup, found: Head) -> None:
    if found != backup.trail:
        raise BackupRefused(
            _(
                "The restored trail is not the one of the manifest: %(found)s events instead of"
                " %(wanted)s, or others. Take another backup.",
                found=found.events,
                wanted=backup.trail.events,
            )
        )


def _proved(backup: Backup, *, is_thorough: bool) -> Look:
    """Exported and verified as anybody can; every file that the database names is there."""
    trail = home() / ".trail"
    with db.reading() as session, new_file(trail, 0o600) as out:
        for line in export_lines(session, TrailFilter(), None):
            out.write(line.encode())
    report = verifier.verify(trail)
    trail.unlink()
    if backup.trail.events and (not report.verified or report.events != backup.trail.events):
        raise BackupRefused(
            _("The restored trail does not verify: %(said)s", said=_said(report)),
        )
    lacking = {*backup.cleared, *(each.path for each in backup.problems)}
    look = Look(home(), is_thorough=is_thorough, lacking=lacking)
    with repository.one_moment() as connection:
        beside_ours = (each for each in look.findings(connection) if each.code != "restoring")
        found = list(islice(beside_ours, _TOLD))
    if found:
        raise BackupRefused(
            _(
                "The restored home is not whole: %(said)s",
                said=" ".join(str(each.sentence) for each in found),
            )
        )
    return look


def _said(report: verifier.Report) -> str:
    return " ".join(verifier.as_lines(report, "zh"))[:500]
