"""Secret keys as 0600 files below the home, never in the database.

What the database has of a key is its *fingerprint*: whoever reads it learns nothing of the key, and
two homes that hold different bytes under one name are found out. A process that is watched
(``shuqiao.installation``) uses no key whose fingerprint is not the registered one, and makes none
where one is registered.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from shuqiao.errors import Unavailable
from shuqiao.home import folder
from shuqiao.i18n import _

LENGTH: Final = 32
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_LABEL: Final = b"shuqiao fingerprint of a key/1 "
_FINGERPRINT_BYTES: Final = 16
#: Passwords of the embedded server: they open its files, which lie in the same home.
_NOT_OURS: Final = "postgres_"


class KeyWrong(Unavailable):
    """A key is missing here, or is another one than registered; nothing was done."""

    code = "key_wrong"
    title = _("A key of this service is not the registered one, so nothing is done")
    advice = _("It serves again by itself as soon as the right file is back. Tell whoever runs it.")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Fit(StrEnum):
    """How the file of this machine fits the registered fingerprint."""

    RIGHT = "right"
    MISSING = "missing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Registered:
    """What the database holds of a key."""

    fingerprint: bytes
    generation: int = 1


class Registry(Protocol):
    """Where the fingerprints are."""

    def __call__(self, name: str, found: bytes | None) -> Registered | None:
        """What is registered under ``name``; where nothing is, ``found`` is registered now."""


@dataclass(frozen=True, slots=True)
class _File:
    """The bytes of a key and the very file that they were read from."""

    mark: tuple[int, int, int]
    secret: bytes
    fingerprint: bytes


_registry: Registry | None = None
#: What this process last heard of the database, by name.
_believed: dict[str, Registered] = {}
_read: Final[dict[Path, _File]] = {}


def key(name: str) -> bytes:
    """The key called ``name``, created on first use. A file that was replaced is read again.

    Two processes creating it at once get the same bytes.

    Raises ``ValueError`` for a name that could leave the folder, ``KeyWrong``.
    """
    path = _path(name)
    found = _file(name, path)
    if found is None:
        if _registry is not None and (held := _registry(name, None)) is not None:
            found = _put_in_force(name, held)
        else:
            _make(path)
            found = _file(name, path)
    if found is None:
        raise KeyWrong(name)
    if _registry is None or _fits(_believed.get(name), found):
        return found.secret
    held = _registry(name, found.fingerprint)
    if held is None:
        raise KeyWrong(name)
    _believed[name] = held
    if not _fits(held, found):
        found = _put_in_force(name, held)
    if found is None:
        raise KeyWrong(name)
    return found.secret


def called(name: str) -> str:
    """The name with the generation of what is in force: another one for each key."""
    held = _believed.get(name)
    return name if held is None or held.generation == 1 else f"{name}~{held.generation}"


def fingerprint(name: str, secret: bytes) -> bytes:
    """One-way: what the database may know of a key."""
    return hmac.digest(secret, _LABEL + name.encode(), hashlib.sha256)[:_FINGERPRINT_BYTES]


def names() -> list[str]:
    """The keys that this home has, in order."""
    return sorted(
        each.name
        for each in folder("keys").iterdir()
        if _NAME.fullmatch(each.name) and not each.name.startswith(_NOT_OURS) and each.is_file()
    )


def fingerprint_here(name: str) -> bytes | None:
    """The fingerprint of this home's file; None where there is none."""
    found = _file(name, _path(name))
    return None if found is None else found.fingerprint


def fit(name: str, held: Registered) -> Fit:
    """Whether this home's file is the registered one; a rotation that was cut off is finished."""
    found = _file(name, _path(name))
    if _fits(held, found) or _put_in_force(name, held) is not None:
        return Fit.RIGHT
    return Fit.MISSING if found is None else Fit.OTHER


def believe(rows: Mapping[str, Registered]) -> None:
    """What the database has now: a key in use that is no longer there is read again."""
    global _believed
    _believed = dict(rows)


@contextmanager
def registered_in(registry: Registry) -> Iterator[None]:
    """Within the block every key is held to ``registry``."""
    keep_in(registry)
    try:
        yield
    finally:
        keep_in(None)


def keep_in(registry: Registry | None) -> None:
    """Hold every key to ``registry`` from now on."""
    global _registry
    _registry = registry
    believe({})


def draft(name: str) -> bytes:
    """A new key beside the one in force, which :func:`fit` puts in its place once it is registered;
    gives its fingerprint. A draft of before is given up.
    """
    secret = secrets.token_bytes(LENGTH)
    beside = _draft(_path(name), secret)
    beside.replace(_next(name))
    return fingerprint(name, secret)


def drafted(name: str) -> bytes:
    """The bytes of the draft."""
    return _next(name).read_bytes()


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a key name: {name!r}")
    return folder("keys") / name


def _next(name: str) -> Path:
    path = _path(name)
    return path.with_name(f".{path.name}.next")


def _file(name: str, path: Path) -> _File | None:
    try:
        seen = path.stat()
        mark = (seen.st_ino, seen.st_mtime_ns, seen.st_size)
        kept = _read.get(path)
        if kept is None or kept.mark != mark:
            secret = path.read_bytes()
            kept = _read[path] = _File(mark, secret, fingerprint(name, secret))
    except FileNotFoundError:
        return None
    return kept


def _fits(held: Registered | None, found: _File | None) -> bool:
    return held is not None and found is not None and held.fingerprint == found.fingerprint


def _put_in_force(name: str, held: Registered) -> _File | None:
    """The draft in its place, if it is what is registered: a rotation writes file, row, name."""
    try:
        if fingerprint(name, drafted(name)) != held.fingerprint:
            return None
        _next(name).replace(_path(name))
    except FileNotFoundError:  # there is none, or another process was first
        pass
    found = _file(name, _path(name))
    return found if _fits(held, found) else None


def _make(path: Path) -> None:
    made = _draft(path, secrets.token_bytes(LENGTH))
    try:
        with suppress(FileExistsError):  # another process was first: its bytes stay
            os.link(made, path)
    finally:
        made.unlink(missing_ok=True)


def _draft(path: Path, secret: bytes) -> Path:
    """A whole file with ``secret`` beside ``path``; on a full disk none."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(made, "xb", opener=_private) as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return made


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
