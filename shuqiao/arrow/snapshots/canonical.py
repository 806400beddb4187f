"""The canonical form (规范形式) of a column of a batch, and its digest.

Written down in ``docs/protocol.md`` section 2.

Two columns have the same canonical bytes exactly when they hold the same type, the same number of
rows and the same values: offsets, slices, padding, bytes behind a NULL, dictionary or view encoding
and the payload of a NaN leave no trace. ``-0.0`` and ``0.0`` are different values.

    leaf = SHA-256( 0x00 ‖ "shuqiao.column.v1" 0x00 ‖ type name ‖ 0x00 ‖ rows u64 ‖ nulls u64 ‖ body
    )

The leading 0x00 is RFC 6962's leaf prefix, so a digest is at once a leaf of the column's Merkle
tree.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as pat

from shuqiao.arrow.snapshots.columntypes import stored_type, type_name

LEAF_PREFIX: Final = b"\x00"
COLUMN_MAGIC: Final = b"shuqiao.column.v1\x00"

Validity: TypeAlias = npt.NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class ColumnDigest:
    """``leaf``: 32 bytes of SHA-256.

    ``size``: length in bytes of the canonical body, the column's decoded size.
    """

    leaf: bytes
    size: int


def digest_column(column: pa.Array) -> ColumnDigest:
    """Digest of one column of one batch, at the speed of SHA-256 for large batches.

    Raises ``UnsupportedColumn``.
    """
    column = _plain(column)
    state = hashlib.sha256(LEAF_PREFIX + _header(column))
    size = 0
    for chunk in _body(column):
        state.update(chunk)
        size += chunk.nbytes
    return ColumnDigest(state.digest(), size)


def body_size(column: pa.Array) -> int:
    """Length in bytes of the canonical body, without hashing it."""
    return sum(chunk.nbytes for chunk in _body(_plain(column)))


def without_hidden_bytes(column: pa.Array) -> pa.Array:
    """The same values with nothing behind a NULL: what a source left
    there must not travel to anybody.
    """
    if not column.null_count or pat.is_null(column.type):
        return column
    bitmap, *body = [pa.py_buffer(chunk) for chunk in _body(column)]
    if pat.is_string(column.type) or pat.is_binary(column.type):
        offsets = np.zeros(len(column) + 1, np.int32)
        np.cumsum(np.frombuffer(body[0], np.int32), out=offsets[1:])
        body = [pa.py_buffer(offsets.data), *(body[1:] or [pa.py_buffer(b"")])]
    return pa.Array.from_buffers(column.type, len(column), [bitmap, *body], column.null_count)


def canonical_bytes(column: pa.Array) -> bytes:
    """The canonical bytes themselves, header and body without the leaf
    prefix: for tests and implementers.
    """
    column = _plain(column)
    return _header(column) + b"".join(_body(column))


def _plain(column: pa.Array) -> pa.Array:
    wanted = stored_type(column.type)
    return column if column.type == wanted else column.cast(wanted)


def _header(column: pa.Array) -> bytes:
    rows, nulls = len(column), int(column.null_count)
    return (
        COLUMN_MAGIC
        + type_name(column.type).encode()
        + b"\x00"
        + rows.to_bytes(8, "little")
        + nulls.to_bytes(8, "little")
    )


def _body(column: pa.Array) -> Iterator[memoryview]:
    if not len(column) or pat.is_null(column.type):
        return
    valid = _validity(column)
    if valid is not None:
        yield np.packbits(valid, bitorder="little").data
    if pat.is_string(column.type) or pat.is_binary(column.type):
        yield from _variable(column, valid)
    elif pat.is_boolean(column.type):
        yield _bits(column, valid).data
    else:
        yield _fixed(column, valid).data


def _validity(column: pa.Array) -> Validity:
    """One bool a row, or None when no row is NULL."""
    if not column.null_count:
        return None
    return _unpacked(column.buffers()[0], column.offset, len(column))


def _unpacked(buffer: pa.Buffer, offset: int, rows: int) -> npt.NDArray[np.bool_]:
    first, last = offset // 8, (offset + rows + 7) // 8
    packed = np.frombuffer(buffer, np.uint8)[first:last]
    bits = np.unpackbits(packed, bitorder="little")[offset - first * 8 :][:rows]
    return bits.view(np.bool_)


def _bits(column: pa.Array, valid: Validity) -> npt.NDArray[np.uint8]:
    bits = _unpacked(column.buffers()[1], column.offset, len(column))
    return np.packbits(bits if valid is None else bits & valid, bitorder="little")


def _fixed(column: pa.Array, valid: Validity) -> npt.NDArray[np.uint8]:
    """``rows × width`` bytes, little-endian, zero behind a NULL."""
    width = column.type.bit_width // 8
    start = column.offset * width
    raw: npt.NDArray[np.uint8] = np.frombuffer(column.buffers()[1], np.uint8)[
        start : start + len(column) * width
    ]
    if pat.is_floating(column.type):
        raw = _one_nan(raw, width)
    if valid is None:
        return raw
    words = raw.view(f"<u{min(width, 8)}").reshape(len(column), -1)
    return (words * valid[:, None]).view(np.uint8).reshape(-1)


def _one_nan(raw: npt.NDArray[np.uint8], width: int) -> npt.NDArray[np.uint8]:
    """Every NaN as the positive quiet one without payload (0x7fc00000, 0x7ff8000000000000)."""
    values = raw.view(np.float32 if width == 4 else np.float64)
    nans = np.isnan(values)
    if not nans.any():
        return raw
    words = raw.view(np.uint32 if width == 4 else np.uint64).copy()
    words[nans] = 0x7FC00000 if width == 4 else 0x7FF8000000000000
    return words.view(np.uint8)


def _variable(column: pa.Array, valid: Validity) -> Iterator[memoryview]:
    """Lengths as u32 a row (0 behind a NULL), then the bytes of the values one after the other."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset :][: len(column) + 1]
    lengths = np.diff(offsets)
    if valid is not None:
        lengths = lengths * valid
        if int(lengths.sum(dtype=np.int64)) != int(offsets[-1]) - int(offsets[0]):
            column = column.drop_null()
            offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset :][
                : len(column) + 1
            ]
    yield lengths.view(np.uint32).data
    if len(offsets) > 1 and offsets[-1] > offsets[0]:
        yield memoryview(column.buffers()[2])[int(offsets[0]) : int(offsets[-1])]
