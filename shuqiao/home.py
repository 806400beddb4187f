"""Where this installation keeps its files: keys, snapshots, uploads, the embedded database."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from shuqiao.settings import settings

#: The file that says which installation the home belongs to.
BELONGS: Final = "installation"


class HomeUnfinished(RuntimeError):
    """The home is not to be served from; the message says why and what to do."""


def home() -> Path:
    """The home folder, created 0700 on first use.

    ``SHUQIAO_HOME`` wins. Otherwise ``.shuqiao/`` of the working folder; as root a folder under
    ``/var/lib/shuqiao`` named by the working folder, because the database server's user cannot
    enter a 0700 home (see ``.shuqiao/where``).
    """
    configured = settings().home
    if configured is not None:
        return _made(configured)
    here = Path.cwd() / ".shuqiao"
    if os.geteuid() != 0:
        return _made(here)
    place = Path("/var/lib/shuqiao") / hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:16]
    here.mkdir(mode=0o700, exist_ok=True)
    where = here / "where"
    if not where.exists():
        where.write_text(f"{place}\n", encoding="utf-8")
    return _made(place)


def refuse_unfinished() -> None:
    """Nothing serves from a home whose restore was broken off: raises ``HomeUnfinished``."""
    if restoring().exists():
        raise HomeUnfinished(
            f"{home()} holds half of a backup: its restore was broken off. Remove the home"
            " and empty the database, then run shuqiao restore again (docs/operations.md, Runbook)"
        )


def restoring() -> Path:
    """The marker of a restore that has not ended well (yet)."""
    return home() / "restoring"


def folder(*parts: str) -> Path:
    """A folder below the home, created 0700."""
    return _made(home().joinpath(*parts))


def belongs_to() -> UUID | None:
    """The installation whose home this is; None before it was taken.

    Raises ``ValueError`` for a file that names none.
    """
    try:
        return UUID((home() / BELONGS).read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None


def take_for(installation: UUID) -> None:
    """The home is that installation's from now on, unless it is somebody's already."""
    path = home() / BELONGS
    draft = path.with_name(f".{BELONGS}.{secrets.token_hex(8)}")
    try:
        draft.write_text(f"{installation}\n", encoding="utf-8")
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _made(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
