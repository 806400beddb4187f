"""Making the seals of a snapshot that has none of the kind in force: written before there were
seals, or under another choice of the operator.
"""

import os
import secrets
from pathlib import Path

from shuqiao.arrow.snapshots.reader import Snapshot
from shuqiao.arrow.snapshots.seals import read_seals, seal_all, sealing, seals_file, seals_head


def lacks_seals(snapshot: Snapshot) -> bool:
    """Whether its batches are known by their digests only: right, and slower."""
    manifest = snapshot.manifest
    counts = len(manifest.columns), len(manifest.batch_sizes)
    return snapshot.is_ready and read_seals(snapshot.path, *counts) is None


def made_seals(snapshot: Snapshot) -> bytes:
    """The seals of every batch, each held against its digests in memory of ours first: no seal is
    made over rows that are not what was written. Raises ``SnapshotDamaged``.
    """
    kind, manifest = sealing(), snapshot.manifest
    made = bytearray(seals_head(kind, len(manifest.columns), len(manifest.batch_sizes)))
    for number in range(len(manifest.batch_sizes)):
        message = snapshot.proved(number)
        made += seal_all(kind, message, [column.leaf(number) for column in manifest.columns])
    return bytes(made)


def keep_seals(folder: Path, made: bytes) -> None:
    """Put them beside the manifest, whole or not at all."""
    path = seals_file(folder, sealing())
    draft = folder / f".{path.name}.{secrets.token_hex(8)}"
    try:
        with draft.open("xb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o400)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
