"""Secret keys as 0600 files below the home, never in the database."""

import os
import re
import secrets
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
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(length))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)  # fails when another process was first, so the first one's bytes stay
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
