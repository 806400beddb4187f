"""The manifest of a snapshot: what it holds, in which files, under which digests.

``docs/protocol.md`` section 3.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from shuqiao.arrow.snapshots.columntypes import type_of
from shuqiao.arrow.snapshots.digests import DIGEST_BYTES, ColumnRoot, merkle_root, table_root
from shuqiao.errors import Unavailable
from shuqiao.i18n import Message, _

FORMAT: Final = "shuqiao.snapshot/1"
SIZE_BYTES: Final = 8
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


class SnapshotDamaged(Unavailable):
    """What is stored is not what was written: nothing of it may be delivered."""

    code = "snapshot_damaged"
    title = _("The stored data is damaged, so nothing was delivered")
    retry_after = None  # waiting does not help


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of the snapshot's folder."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A Parquet file and the rows of each of its row groups."""

    file: StoredFile
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ManifestColumn:
    """A column: its Arrow field; for each batch a digest (32 bytes) and the size of its canonical
    body (u64).
    """

    name: str
    type: str
    nullable: bool
    leaves: bytes
    sizes: bytes

    def leaf(self, batch: int) -> bytes:
        """The digest of this column in one batch."""
        return self.leaves[batch * DIGEST_BYTES : (batch + 1) * DIGEST_BYTES]

    def size(self, batch: int) -> int:
        """Bytes of this column's canonical body in one batch."""
        return int.from_bytes(self.sizes[batch * SIZE_BYTES : (batch + 1) * SIZE_BYTES], "little")

    def root(self) -> ColumnRoot:
        count = len(self.leaves) // DIGEST_BYTES
        return ColumnRoot(
            self.name, self.type, merkle_root(self.leaf(batch) for batch in range(count))
        )


@dataclass(frozen=True)
class Manifest:
    """Everything about a snapshot but its rows.

    ``decoded_bytes`` counts canonical bodies (section 2).
    """

    columns: tuple[ManifestColumn, ...]
    rows: int
    decoded_bytes: int
    batch_rows: int
    parts: tuple[Part, ...]
    arrow: StoredFile

    @cached_property
    def column_roots(self) -> tuple[ColumnRoot, ...]:
        """The root of each column, in column order."""
        return tuple(column.root() for column in self.columns)

    @cached_property
    def root(self) -> bytes:
        """Merkle root over all columns: equal for equal rows in equal
        batches, whatever the files look like.
        """
        return table_root(self.column_roots, self.rows)

    @cached_property
    def schema(self) -> pa.Schema:
        return pa.schema(
            [
                pa.field(column.name, type_of(column.type), column.nullable)
                for column in self.columns
            ]
        )

    @cached_property
    def groups(self) -> tuple[tuple[Part, int, int], ...]:
        """Each row group in order: its part, its place in the part, its rows."""
        return tuple(
            (part, place, rows) for part in self.parts for place, rows in enumerate(part.groups)
        )

    @cached_property
    def batch_sizes(self) -> tuple[int, ...]:
        """Rows of each batch, in order: ``batch_rows``, shorter only at the end of a row group."""
        return tuple(
            size for _part, _place, rows in self.groups for size in cut(rows, self.batch_rows)
        )

    @cached_property
    def group_starts(self) -> tuple[int, ...]:
        """The number of the first batch of each row group, and at the end the number of batches."""
        starts = [0]
        for _part, _place, rows in self.groups:
            starts.append(starts[-1] + -(-rows // self.batch_rows))
        return tuple(starts)

    @cached_property
    def id(self) -> str:
        """The name of the snapshot's folder: SHA-256 of the manifest's bytes, in hex."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """The one byte form: JSON with sorted names, no blanks, UTF-8."""
        return json.dumps(
            self._document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()

    def _document(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "rows": self.rows,
            "decoded_bytes": self.decoded_bytes,
            "batch_rows": self.batch_rows,
            "columns": [
                {
                    "name": column.name,
                    "type": column.type,
                    "nullable": column.nullable,
                    "root": root.root.hex(),
                    "digests": base64.b64encode(column.leaves).decode(),
                    "sizes": base64.b64encode(column.sizes).decode(),
                }
                for column, root in zip(self.columns, self.column_roots, strict=True)
            ],
            "parts": [
                {**_file_document(part.file), "groups": list(part.groups)} for part in self.parts
            ],
            "arrow": _file_document(self.arrow),
            "root": self.root.hex(),
        }

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Manifest":
        """Read a manifest.

        Raises ``SnapshotDamaged`` unless it is exactly what :meth:`to_bytes` writes.
        """
        try:
            document = json.loads(raw)
            manifest = _read(document)
            sound = (
                document["format"] == FORMAT and _adds_up(manifest) and manifest.to_bytes() == raw
            )
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise damaged(_("The manifest cannot be read.")) from None
        if not sound:
            raise damaged(_("The manifest contradicts itself."))
        return manifest


def cut(rows: int, size: int) -> Iterator[int]:
    """``rows`` in pieces of ``size``, the last one shorter."""
    for start in range(0, rows, size):
        yield min(size, rows - start)


def damaged(detail: Message, **facts: Any) -> SnapshotDamaged:
    """The error for stored data that is not what was written."""
    return SnapshotDamaged(detail, **facts)


def _file_document(file: StoredFile) -> dict[str, Any]:
    return {"file": file.name, "bytes": file.bytes, "sha256": file.sha256}


def _read(document: dict[str, Any]) -> Manifest:
    columns = tuple(
        ManifestColumn(
            c["name"], c["type"], c["nullable"], _base64(c["digests"]), _base64(c["sizes"])
        )
        for c in document["columns"]
    )
    parts = tuple(Part(_read_file(p), tuple(p["groups"])) for p in document["parts"])
    counts = document["rows"], document["decoded_bytes"], document["batch_rows"]
    return Manifest(columns, *counts, parts, _read_file(document["arrow"]))


def _base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _read_file(document: dict[str, Any]) -> StoredFile:
    if not _FILE_NAME.fullmatch(document["file"]):
        raise ValueError("file name")
    return StoredFile(document["file"], document["bytes"], document["sha256"])


def _adds_up(manifest: Manifest) -> bool:
    batches = len(manifest.batch_sizes)
    return (
        manifest.batch_rows > 0
        and sum(manifest.batch_sizes) == manifest.rows
        and all(len(column.leaves) == batches * DIGEST_BYTES for column in manifest.columns)
        and all(len(column.sizes) == batches * SIZE_BYTES for column in manifest.columns)
        and sum(c.size(batch) for c in manifest.columns for batch in range(batches))
        == manifest.decoded_bytes
    )
