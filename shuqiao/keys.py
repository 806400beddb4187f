"""Secret keys as 0600 files below the home, never in the database."""

import os
import re
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from shuqiao.home import folder

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


def key(name: str, length: int = 32) -> bytes:
    """The key called ``name``, created on first use.

    Two processes creating it at once get the same bytes.

    Raises ``ValueError`` for a name that could leave the folder.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a key name: {name!r}")
    return _key(folder("keys") / name, length)


@cache
def _key(path: Path, length: int) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(draft, "xb", opener=_private) as file:
            file.write(secrets.token_bytes(length))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its bytes stay
            os.link(draft, path)
    finally:  # on a full disk too: no half key is ever linked
        draft.unlink(missing_ok=True)
    return path.read_bytes()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
