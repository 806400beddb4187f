"""Copies that are held against their digest while they are made; nothing is read twice."""

import hashlib
import os
from io import FileIO
from pathlib import Path
from typing import Final

_PIECE: Final = 4 * 1_048_576


class WrongBytes(Exception):
    """What was read is not what was written once."""


def copy_file(source: Path, target: Path, *, size: int | None, sha256: str, mode: int) -> int:
    """Copy ``source`` to the new file ``target``, to the disk; gives its bytes.

    Raises ``WrongBytes``, and ``OSError``; then there is no target.
    """
    state, done = hashlib.sha256(), 0
    try:
        with source.open("rb", buffering=0) as read, new_file(target, mode) as write:
            while piece := read.read(_PIECE):
                state.update(piece)
                rest = memoryview(piece)
                while rest:
                    rest = rest[write.write(rest) :]
                done += len(piece)
            os.fsync(write.fileno())
        if state.hexdigest() != sha256 or size not in (None, done):
            raise WrongBytes
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return done


def write_file(target: Path, content: bytes) -> None:
    """A new file, to the disk, under its name when it is whole."""
    draft = target.with_name(f".{target.name}.draft")
    with new_file(draft, 0o400) as file:
        file.write(content)
        os.fsync(file.fileno())
    draft.rename(target)
    flush(target.parent)


def new_file(target: Path, mode: int) -> FileIO:
    """Open a file that must not exist yet."""
    return FileIO(target, "xb", opener=lambda path, flags: os.open(path, flags, mode))


def private_folder(folder: Path) -> None:
    """A folder that only we enter, and those above it that were not there."""
    if not folder.parent.is_dir():
        private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """What is written, and the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
