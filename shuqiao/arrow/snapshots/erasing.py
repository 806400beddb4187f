"""Removing the rows of a snapshot and leaving its manifest: the tombstone by which what was
delivered can still be verified.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from shuqiao.arrow.snapshots.reader import MANIFEST_FILE, UNFINISHED
from shuqiao.ids import uuid7


def erase_rows(root: Path, snapshot_id: str) -> None:
    """Remove every file of ``<root>/<snapshot id>`` but the manifest, for good.

    Killed anywhere, it can be run again. The caller sees to it that nobody reads or writes it.
    """
    folder = root / snapshot_id
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != MANIFEST_FILE:
            path.unlink(missing_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_whole(root: Path, snapshot_id: str) -> None:
    """Remove the folder, manifest and all: nothing was ever delivered of it.

    It loses its name first, so that a kill leaves no half snapshot (``writer.remove_unfinished``).
    """
    hidden = root / f"{UNFINISHED}{uuid7().hex}"
    with suppress(FileNotFoundError):
        (root / snapshot_id).rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def has_rows(root: Path, snapshot_id: str) -> bool:
    """Whether anything but the manifest is there."""
    folder = root / snapshot_id
    return folder.is_dir() and any(path.name != MANIFEST_FILE for path in folder.iterdir())


def stored_bytes(folder: Path) -> int:
    """Bytes of all files of a snapshot's folder; 0 where there is none."""
    if not folder.is_dir():
        return 0
    return sum(path.stat().st_size for path in folder.iterdir())
