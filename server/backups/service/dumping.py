"""``pg_dump`` and ``pg_restore``: which of them fit the server, and how they are called."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from server.backups.errors import BackupRefused
from shuqiao.embedded.binaries import client_programs
from shuqiao.i18n import _

_PACKAGED: Final = 18


def program(name: str, server_major: int) -> Path:
    """The packaged program where it knows the server, else one on the path that does.

    Raises ``BackupRefused`` naming what is missing.
    """
    packaged = client_programs()
    if packaged is not None and server_major <= _PACKAGED:
        return packaged / name
    found = shutil.which(name)
    if found and _major(found) >= server_major:
        return Path(found)
    raise BackupRefused(
        _(
            "%(name)s of PostgreSQL %(major)s or newer is missing: install its client programs and"
            " put them on the path.",
            name=name,
            major=server_major,
        )
    )


def dump(using: Path, url: URL, target: Path, *, snapshot: str) -> None:
    """Dump the state ``snapshot`` of the database at ``url`` into the new file ``target``."""
    _run(
        [using, "--format=custom", "--compress=gzip:1", "--no-unlogged-table-data"],
        [f"--snapshot={snapshot}", f"--file={target}"],
        url,
    )
    target.chmod(0o400)


def load(using: Path, url: URL, source: Path) -> None:
    """Restore ``source`` into the empty database at ``url``: all of it, or nothing."""
    _run([using, "--single-transaction", "--exit-on-error", "--no-owner"], [source], url)


def _run(command: list[str | Path], rest: list[str | Path], url: URL) -> None:
    """The password travels in the environment, which only this user can read; nothing else of ours
    or the operator's stands there.
    """
    _positional, given = url.get_dialect()().create_connect_args(url)
    password = str(given.pop("password", ""))
    target = f"--dbname={make_conninfo(**given)}"
    around = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(Path.home())}
    done = subprocess.run(
        [*command, "--no-password", target, *rest],
        env={**around, "PGPASSWORD": password},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:500]
        raise BackupRefused(_("%(name)s failed: %(said)s", name=Path(command[0]).name, said=said))


def _major(found: str) -> int:
    said = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    number = re.search(r"(\d+)(?:\.\d+)?", said)
    return int(number[1]) if number else 0
