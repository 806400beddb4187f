"""Checking what arrived against the receipt (回执): Merkle roots over
column digests (``docs/protocol.md``).
"""

import hashlib
import struct
from typing import Any, Final

import pyarrow as pa

from shuqiao_client.canonical import digest, type_name

FORMAT: Final = "shuqiao.receipt/1"
METADATA_KEY: Final = b"shuqiao.receipt"
_NODE: Final = b"\x01"
_TABLE: Final = b"\x00shuqiao.table.v1\x00"


class Tree:
    """RFC 6962's tree over leaf hashes, grown leaf by leaf: only the
    roots of its full subtrees are kept.
    """

    def __init__(self) -> None:
        self._subtrees: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash (32 bytes)."""
        height = 0
        while self._subtrees and self._subtrees[-1][0] == height:
            leaf = _join(self._subtrees.pop()[1], leaf)
            height += 1
        self._subtrees.append((height, leaf))

    def root(self) -> bytes:
        """The root so far; SHA-256 of nothing for no leaves."""
        if not self._subtrees:
            return hashlib.sha256().digest()
        *left, (_height, root) = self._subtrees
        for _height, subtree in reversed(left):
            root = _join(subtree, root)
        return root


class Arrived:
    """What has arrived so far, in constant memory."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._types = [type_name(field.type) for field in schema]
        self._trees = [Tree() for _field in schema]
        self._runs: list[list[int]] = []
        self.rows = 0
        self.bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Count one batch; batches without rows count for nothing."""
        if not batch.num_rows:
            return
        for tree, column in zip(self._trees, batch.columns, strict=True):
            found = digest(column)
            tree.add(found.leaf)
            self.bytes += found.size
        self.rows += batch.num_rows
        if self._runs and self._runs[-1][0] == batch.num_rows:
            self._runs[-1][1] += 1
        else:
            self._runs.append([batch.num_rows, 1])

    def differences(self, receipt: dict[str, Any]) -> list[str]:
        """The members of ``receipt`` that do not say what arrived;
        empty when it is all the same.
        """
        return [name for name, value in self._seen().items() if receipt.get(name) != value]

    def checked(self) -> list[str]:
        """The members of a receipt that :meth:`differences` compares."""
        return sorted(self._seen())

    def _seen(self) -> dict[str, Any]:
        roots = [tree.root() for tree in self._trees]
        columns = list(zip(self._schema.names, self._types, roots, strict=True))
        marks = self._schema.metadata or {}
        plan = marks.get(b"shuqiao.plan", b"").decode()
        return {
            "format": FORMAT,
            "rows": self.rows,
            "bytes": self.bytes,
            "batches": self._runs,
            "columns": [
                {"name": name, "type": type_, "root": root.hex()} for name, type_, root in columns
            ],
            "root": self._table_root(columns).hex(),
            **({"plan": plan} if plan else {}),
        }

    def _table_root(self, columns: list[tuple[str, str, bytes]]) -> bytes:
        tree = Tree()
        for name, type_, root in columns:
            leaf = _TABLE + _counted(name) + _counted(type_) + struct.pack("<Q", self.rows) + root
            tree.add(hashlib.sha256(leaf).digest())
        return tree.root()


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _counted(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<I", len(raw)) + raw
