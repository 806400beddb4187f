"""The receipt (回执) of a delivery: what was handed over, so that the
recipient can prove or refute it.

Digests run per batch and column over the canonical form; columns a plan hands on untouched re-use
the snapshot's digests, so a ready stream is never hashed. ``docs/protocol.md`` section 5; the SDK
has its own implementation of it. Of stored rows it names the source: what every batch that was read
was checked against, whatever became of its values afterwards.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.snapshots.canonical import digest_column
from shuqiao.arrow.snapshots.columntypes import type_name
from shuqiao.arrow.snapshots.digests import ColumnRoot, MerkleTree, source_root, table_root
from shuqiao.arrow.snapshots.manifest import Manifest, damaged
from shuqiao.clock import now
from shuqiao.i18n import _

FORMAT: Final = "shuqiao.receipt/1"
METADATA_KEY: Final = "shuqiao.receipt"


class ReceiptBuilder:
    """Takes the batches of one run in order; knows at any moment the
    receipt of what it has seen.
    """

    def __init__(self, plan: DeliveryPlan) -> None:
        self._plan = plan
        self._sizes = _Sizes()
        self._bytes = 0
        self._trees = [MerkleTree() for _column in plan.columns]
        self._stored = (
            {}
            if plan.is_live
            else {column.name: column for column in plan.snapshot.manifest.columns}
        )
        self._read: set[int] = set()
        self._live_at = now()

    def begin(self) -> None:
        """After any waiting: what is live says since when."""
        self._live_at = now()

    def read(self, number: int) -> None:
        """Note that a stored batch was read and checked; from any thread."""
        self._read.add(number)

    def add(self, batch: pa.RecordBatch) -> None:
        """Count one delivered batch.

        Hashes the masked columns; all of them when rows are filtered or live.
        """
        if not batch.num_rows:
            return
        number = self._sizes.batches
        is_stored = self._plan.row_filter is None and not self._plan.is_live
        if is_stored and batch.num_rows != self._plan.snapshot.manifest.batch_sizes[number]:
            raise damaged(_("A batch of the snapshot has other rows than it should."))
        for tree, column, values in zip(
            self._trees, self._plan.columns, batch.columns, strict=True
        ):
            if is_stored and column.mask is None:
                stored = self._stored[column.source]
                tree.add(stored.leaf(number))
                self._bytes += stored.size(number)
            else:
                digest = digest_column(values)
                tree.add(digest.leaf)
                self._bytes += digest.size
        self._sizes.add(batch.num_rows)

    @property
    def rows(self) -> int:
        """Rows seen so far."""
        return self._sizes.rows

    @property
    def bytes(self) -> int:
        """Decoded bytes (canonical bodies) seen so far."""
        return self._bytes

    def whole(self) -> dict[str, Any]:
        """The receipt of a run that has come to its end.

        Raises ``SnapshotDamaged`` unless every stored batch was read and checked in it: rows that
        nobody checked get no receipt.
        """
        if not self._plan.is_live:
            count = len(self._plan.snapshot.manifest.batch_sizes)
            if self._read != set(range(count)):
                raise damaged(_("Not every batch of the snapshot was checked."))
        return self.receipt()

    def receipt(self) -> dict[str, Any]:
        """The receipt of the batches so far, as a JSON object."""
        roots = [
            ColumnRoot(column.name, type_name(column.wire_type), tree.root())
            for column, tree in zip(self._plan.columns, self._trees, strict=True)
        ]
        return {
            "format": FORMAT,
            "plan": self._plan.fingerprint(),
            **self._whence(),
            **_contents(roots, self._sizes, self._bytes),
        }

    def _whence(self) -> dict[str, Any]:
        """The snapshot, its root and what was read of it; a live relation has neither, only
        the moment at which reading began.
        """
        if self._plan.is_live:
            return {"live_at": self._live_at.isoformat()}
        return {
            "snapshot": self._plan.source.id,
            "snapshot_root": self._plan.snapshot.manifest.root.hex(),
            "source": source_of(self._plan.snapshot.manifest, self._plan.needed_sources()),
        }


def source_of(manifest: Manifest, columns: Sequence[str]) -> dict[str, Any]:
    """The member ``source`` of the receipt of a run that read ``columns`` of a snapshot: recomputed
    from its manifest by whoever holds it. It names no column: the filter's may not be granted.
    """
    read = [root for root in manifest.column_roots if root.name in columns]
    return {
        "batches": len(manifest.batch_sizes),
        "columns": len(read),
        "root": source_root(read, manifest.rows).hex(),
    }


@dataclass(slots=True)
class _Sizes:
    """Rows of the batches in order, as runs: ``[[16384, 122], [1024, 1]]``."""

    rows: int = 0
    batches: int = 0
    runs: list[list[int]] | None = None

    def add(self, rows: int) -> None:
        self.rows += rows
        self.batches += 1
        self.runs = self.runs or []
        if self.runs and self.runs[-1][0] == rows:
            self.runs[-1][1] += 1
        else:
            self.runs.append([rows, 1])


def closing_batch(
    schema: pa.Schema, receipt: dict[str, Any]
) -> tuple[pa.RecordBatch, dict[str, str]]:
    """The zero-row batch that ends a stream, and the custom metadata to write with it."""
    text = json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _empty(schema), {METADATA_KEY: text}


def closing_bytes(schema: pa.Schema, receipt: dict[str, Any]) -> bytes:
    """The same as IPC bytes, end-of-stream marker included: what
    follows the last ``batch.serialize()``.
    """
    batch, metadata = closing_batch(schema, receipt)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(batch, custom_metadata=metadata)
    opening = schema.serialize().size
    return bytes(memoryview(sink.getvalue())[opening:])


def check_receipt(batches: Iterable[pa.RecordBatch], receipt: dict[str, Any]) -> bool:
    """Whether these batches, in this order, are what the receipt says.

    Batches without rows count for nothing.
    """
    schema: pa.Schema = pa.schema([])
    trees: list[MerkleTree] = []
    sizes, size = _Sizes(), 0
    for batch in batches:
        if not trees:
            schema, trees = batch.schema, [MerkleTree() for _column in batch.columns]
        for tree, column in zip(
            trees, batch.columns if batch.num_rows else (), strict=bool(batch.num_rows)
        ):
            digest = digest_column(column)
            tree.add(digest.leaf)
            size += digest.size
        if batch.num_rows:
            sizes.add(batch.num_rows)
    if not trees:
        return receipt.get("rows") == 0 and receipt.get("batches") == []
    roots = [
        ColumnRoot(name, type_name(type_), tree.root())
        for name, type_, tree in zip(schema.names, schema.types, trees, strict=True)
    ]
    return all(receipt.get(name) == value for name, value in _contents(roots, sizes, size).items())


def _contents(roots: list[ColumnRoot], sizes: _Sizes, size: int) -> dict[str, Any]:
    return {
        "rows": sizes.rows,
        "bytes": size,
        "batches": sizes.runs or [],
        "columns": [{"name": r.name, "type": r.type, "root": r.root.hex()} for r in roots],
        "root": table_root(roots, sizes.rows).hex(),
    }


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
