"""The files that a database names, one after the other: what a backup holds and a home has to."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from server.backups import repository
from shuqiao.arrow.snapshots.manifest import Manifest, SnapshotDamaged
from shuqiao.arrow.snapshots.reader import MANIFEST_FILE
from shuqiao.clock import now
from shuqiao.settings import settings


@dataclass(frozen=True, slots=True)
class Named:
    """A file below the home, as it was written."""

    path: str
    sha256: str
    #: Bytes; None where the database does not say.
    size: int | None = None
    #: May be gone: over, or only there for speed.
    is_optional: bool = False


def named_files(connection: Connection, home: Path) -> Iterator[Named]:
    """All of them, in constant memory; what a snapshot consists of is read from its manifest."""
    for snapshot_id, has_rows in repository.snapshots(connection):
        yield from of_snapshot(home, snapshot_id, has_rows=has_rows)
    before = now() - timedelta(days=settings().upload_days)
    for identity, size, sha256, is_over in repository.uploads(connection, before):
        yield Named(f"uploads/{identity.hex}", sha256, size, is_over)


def of_snapshot(home: Path, snapshot_id: str, *, has_rows: bool) -> Iterator[Named]:
    """Its manifest, which it is named after, then the files that the manifest names.

    The seals are left out: they are made anew from the rows.
    """
    folder = f"snapshots/{snapshot_id}"
    yield Named(f"{folder}/{MANIFEST_FILE}", snapshot_id)
    try:
        raw = (home / folder / MANIFEST_FILE).read_bytes()
        if hashlib.sha256(raw).hexdigest() != snapshot_id:
            return
        manifest = Manifest.from_bytes(raw)
    except (OSError, SnapshotDamaged):
        return  # told of the manifest
    for part in manifest.parts:
        file = part.file
        yield Named(f"{folder}/{file.name}", file.sha256, file.bytes, not has_rows)
    arrow = manifest.arrow  # dropped to save space, the parts serve
    yield Named(f"{folder}/{arrow.name}", arrow.sha256, arrow.bytes, is_optional=True)
