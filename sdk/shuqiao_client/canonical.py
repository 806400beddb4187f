"""The canonical form (规范形式) of a column of a batch, and its digest:
``docs/protocol.md`` section 2, from its text.

Only pyarrow's own kernels are used, column at a time, so that checking a stream costs little more
than its SHA-256.

    leaf = SHA-256( 0x00 ‖ "shuqiao.column.v1" 0x00 ‖ type name ‖ 0x00 ‖ rows u64 ‖ nulls u64 ‖ body
    )
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pat

_LEAF: Final = b"\x00"
_MAGIC: Final = b"shuqiao.column.v1\x00"
#: The types that travel, by their stable names; decimals and zoned time
#: stamps carry their parameters.
_NAMES: Final[dict[Any, str]] = {
    pa.null(): "null",
    pa.bool_(): "bool",
    pa.date32(): "date32",
    pa.timestamp("us"): "timestamp[us]",
    pa.float32(): "float32",
    pa.float64(): "float64",
    pa.string(): "utf8",
    pa.binary(): "binary",
    **{getattr(pa, f"int{bits}")(): f"int{bits}" for bits in (8, 16, 32, 64)},
    **{getattr(pa, f"uint{bits}")(): f"uint{bits}" for bits in (8, 16, 32, 64)},
}
#: Quiet positive NaN without payload, as the bits of the integer of the same width.
_NAN_BITS: Final = {32: (pa.uint32(), 0x7FC00000), 64: (pa.uint64(), 0x7FF8000000000000)}
_INTEGER_OF_WIDTH: Final = {8: pa.uint8(), 16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}


class UnknownType(ValueError):
    """A column type that the protocol does not know."""


@dataclass(frozen=True, slots=True)
class ColumnDigest:
    """``leaf``: 32 bytes of SHA-256. ``size``: length in bytes of the canonical body."""

    leaf: bytes
    size: int


def type_name(type_: pa.DataType) -> str:
    """The stable name of a type on the wire. Raises :class:`UnknownType`."""
    if (name := _NAMES.get(type_)) is not None:
        return name
    if pat.is_timestamp(type_) and type_.unit == "us" and type_.tz:
        return f"timestamp[us,{type_.tz}]"
    if pat.is_decimal128(type_):
        return f"decimal128({type_.precision},{type_.scale})"
    raise UnknownType(str(type_))


def digest(column: pa.Array) -> ColumnDigest:
    """Digest of one column of one batch. Raises :class:`UnknownType`."""
    if column.offset:  # a slice: copied once, so that every buffer below starts with its first row
        column = pa.concat_arrays([column, column.slice(0, 0)])
    head = (
        _MAGIC
        + type_name(column.type).encode()
        + b"\x00"
        + struct.pack("<QQ", len(column), column.null_count)
    )
    state, size = hashlib.sha256(_LEAF + head), 0
    for piece in _body(column):
        state.update(piece)
        size += len(piece)
    return ColumnDigest(state.digest(), size)


def _body(column: pa.Array) -> Iterator[memoryview]:
    """Validity bits when a row is NULL; then bits, fixed-width values, or lengths and bytes."""
    if not len(column) or pat.is_null(column.type):
        return
    if column.null_count:
        yield from _bitmap(column.buffers()[0], len(column))
    if pat.is_string(column.type) or pat.is_binary(column.type):
        yield from _variable(column)
    elif pat.is_boolean(column.type):
        yield from _bitmap(_filled(column, pa.scalar(False)).buffers()[1], len(column))
    else:
        yield _bytes(_fixed(column).buffers()[1], len(column) * (column.type.bit_width // 8))


def _bitmap(bits: pa.Buffer, rows: int) -> Iterator[memoryview]:
    """One bit a row, the least significant first; the bits after the last row are zero."""
    whole, rest = divmod(rows, 8)
    yield _bytes(bits, whole)
    if rest:
        yield memoryview(bytes([memoryview(bits).cast("B")[whole] & ((1 << rest) - 1)]))


def _fixed(column: pa.Array) -> pa.Array:
    """``rows × width`` bytes, little-endian, zero behind a NULL, every NaN the same."""
    width = column.type.bit_width
    if width == 128:
        return _filled(column, pa.scalar(0, column.type))
    values = column.view(_INTEGER_OF_WIDTH[width])
    if pat.is_floating(column.type):
        is_nan = pc.fill_null(pc.is_nan(column), False)
        if pc.any(is_nan).as_py():
            type_, bits = _NAN_BITS[width]
            values = pc.if_else(is_nan, pa.scalar(bits, type_), values)
    return _filled(values, pa.scalar(0, values.type))


def _variable(column: pa.Array) -> Iterator[memoryview]:
    """Lengths as u32 a row (0 behind a NULL), then the bytes of the values one after the other."""
    lengths = _filled(pc.binary_length(column), pa.scalar(0, pa.int32()))
    yield _bytes(lengths.buffers()[1], 4 * len(column))
    first, last = _span(column)
    if (
        column.null_count and pc.sum(lengths).as_py() != last - first
    ):  # bytes behind a NULL are not part of the values
        column = column.drop_null()
        if column.offset:
            column = pa.concat_arrays([column, column.slice(0, 0)])
        first, last = _span(column)
    if last > first:
        yield memoryview(column.buffers()[2]).cast("B")[first:last]


def _span(column: pa.Array) -> tuple[int, int]:
    if not len(column):
        return 0, 0
    offsets = memoryview(column.buffers()[1]).cast("B").cast("i")
    return offsets[0], offsets[len(column)]


def _filled(values: pa.Array, zero: pa.Scalar) -> pa.Array:
    return pc.fill_null(values, zero) if values.null_count else values


def _bytes(buffer: pa.Buffer, length: int) -> memoryview:
    return memoryview(buffer).cast("B")[:length]
