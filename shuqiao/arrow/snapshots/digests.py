"""Merkle trees over column digests (RFC 6962 section 2.1: leaves 0x00,
nodes 0x01) and the root of a whole table.

A column's leaves are its digests, batch by batch (:mod:`shuqiao.arrow.canonical`). A table's leaves
are its columns:

    SHA-256( 0x00 ‖ "shuqiao.table.v1" 0x00 ‖ u32 length ‖ name ‖ u32 length ‖ type name ‖ rows u64
    ‖ column root )
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shuqiao.arrow.snapshots.canonical import LEAF_PREFIX

NODE_PREFIX: Final = b"\x01"
TABLE_MAGIC: Final = b"shuqiao.table.v1\x00"
DIGEST_BYTES: Final = 32


@dataclass(slots=True)
class MerkleTree:
    """A tree that grows leaf by leaf in O(log n) memory: the roots of
    its full subtrees, largest first.
    """

    size: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash (32 bytes)."""
        node, carry = leaf, self.size
        while carry & 1:
            node = _node(self._peaks.pop(), node)
            carry >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root so far; of no leaves it is SHA-256 of nothing (RFC 6962)."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = _node(peak, root)
        return root


@dataclass(frozen=True, slots=True)
class ColumnRoot:
    """One column of a table: its name, the stable name of its type, the root over its batches (32
    bytes).
    """

    name: str
    type: str
    root: bytes


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes, in order."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def table_root(columns: Sequence[ColumnRoot], rows: int) -> bytes:
    """Root of a table: binds names, types, order of the columns, rows and every value of every
    batch.
    """
    return merkle_root(_table_leaf(column, rows) for column in columns)


def source_root(columns: Sequence[ColumnRoot], rows: int) -> bytes:
    """Root of the columns of a table that a run read, without their names: it tells who does not
    know the columns nothing of them.
    """
    return merkle_root(_table_leaf(replace(column, name=""), rows) for column in columns)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE_PREFIX + left + right).digest()


def _table_leaf(column: ColumnRoot, rows: int) -> bytes:
    parts = (_counted(column.name), _counted(column.type), rows.to_bytes(8, "little"), column.root)
    return hashlib.sha256(LEAF_PREFIX + TABLE_MAGIC + b"".join(parts)).digest()


def _counted(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(4, "little") + raw
