import hashlib
import struct
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuqiao.arrow.snapshots.canonical import (
    COLUMN_MAGIC,
    LEAF_PREFIX,
    body_size,
    canonical_bytes,
    digest_column,
    without_hidden_bytes,
)
from shuqiao.arrow.snapshots.columntypes import UnsupportedColumn, type_name
from tests.shuqiao.arrow.tables import VALUES, columns

PACKING = {
    "int8": "b",
    "int16": "<h",
    "int32": "<i",
    "int64": "<q",
    "uint8": "B",
    "uint16": "<H",
    "uint32": "<I",
    "uint64": "<Q",
    "float32": "<f",
    "float64": "<d",
    "date32": "<i",
}


def reference(column: pa.Array) -> bytes:
    """The canonical bytes as docs/protocol.md tells them, value by
    value, sharing nothing with the implementation.
    """
    name, values = type_name(column.type), column.to_pylist()
    nulls = sum(value is None for value in values)
    head = b"shuqiao.column.v1\0" + name.encode() + b"\0" + struct.pack("<QQ", len(values), nulls)
    if name == "null":
        return head
    bitmap = bits([value is not None for value in values]) if nulls else b""
    return head + bitmap + body(column, name, values)


def body(column: pa.Array, name: str, values: list[Any]) -> bytes:
    if name == "bool":
        return bits([bool(value) for value in values])
    if name in ("utf8", "binary"):
        raws = [b"" if v is None else v.encode() if isinstance(v, str) else v for v in values]
        return b"".join(struct.pack("<I", len(raw)) for raw in raws) + b"".join(raws)
    if name.startswith("decimal"):
        cents = [0 if v is None else int(v.scaleb(column.type.scale)) for v in values]
        return b"".join(cent.to_bytes(16, "little", signed=True) for cent in cents)
    if name.startswith("timestamp"):
        return b"".join(struct.pack("<q", v or 0) for v in column.cast(pa.int64()).to_pylist())
    if name == "date32":
        values = column.cast(pa.int32()).to_pylist()
    if name.startswith("float"):
        values = [float("nan") if v is not None and v != v else v for v in values]
    return b"".join(
        struct.pack(PACKING[name], value or (value if value is not None else 0)) for value in values
    )


def bits(flags: list[bool]) -> bytes:
    packed = bytearray((len(flags) + 7) // 8)
    for place, flag in enumerate(flags):
        packed[place // 8] |= flag << (place % 8)
    return bytes(packed)


@settings(max_examples=300, deadline=None)
@given(columns())
def test_is_what_the_protocol_says(column: pa.Array) -> None:
    assert canonical_bytes(column) == reference(column)


@settings(max_examples=200, deadline=None)
@given(columns(), st.data())
def test_slicing_and_joining_leave_no_trace(column: pa.Array, data: st.DataObject) -> None:
    around = column.slice(0, data.draw(st.integers(0, 9)))
    inside = pa.concat_arrays([around, column, around]).slice(len(around), len(column))
    cut = data.draw(st.integers(0, len(column)))
    joined = pa.concat_arrays([column.slice(0, cut), column.slice(cut)])

    assert digest_column(inside) == digest_column(column)
    assert digest_column(joined) == digest_column(column)


@settings(max_examples=100, deadline=None)
@given(columns([pa.string(), pa.binary()]))
def test_encodings_leave_no_trace(column: pa.Array) -> None:
    text = pa.types.is_string(column.type)
    wide, view = (
        (pa.large_string(), pa.string_view()) if text else (pa.large_binary(), pa.binary_view())
    )

    for other in (column.cast(wide), column.cast(view), column.dictionary_encode()):
        assert digest_column(other) == digest_column(column)


@settings(max_examples=300, deadline=None)
@given(columns([t for t in VALUES if not pa.types.is_null(t)]), st.data())
def test_any_changed_value_changes_the_digest(column: pa.Array, data: st.DataObject) -> None:
    if not len(column):
        return
    place = data.draw(st.integers(0, len(column) - 1))
    values = column.to_pylist()
    old = values[place]
    values[place] = data.draw(
        (st.none() | VALUES[column.type]).filter(lambda new: not same(new, old))
    )

    assert digest_column(pa.array(values, column.type)).leaf != digest_column(column).leaf


def same(new: Any, old: Any) -> bool:
    if isinstance(new, float) and isinstance(old, float):
        return repr(new) == repr(old)
    return type(new) is type(old) and new == old


@settings(max_examples=100, deadline=None)
@given(columns(), st.data())
def test_a_row_more_or_another_order_changes_the_digest(
    column: pa.Array, data: st.DataObject
) -> None:
    longer = pa.concat_arrays([column, pa.nulls(1, column.type)])
    assert digest_column(longer).leaf != digest_column(column).leaf
    turned = column.take(pa.array(range(len(column) - 1, -1, -1), pa.int64()))
    if reference(turned) != reference(column):
        assert digest_column(turned).leaf != digest_column(column).leaf


def test_bytes_behind_a_null_and_payloads_of_nan_leave_no_trace() -> None:
    bitmap = pa.py_buffer(bytes([0b101]))
    secret = pa.Array.from_buffers(
        pa.string(),
        3,
        [bitmap, pa.py_buffer(np.array([0, 1, 7, 8], np.int32)), pa.py_buffer(b"asecretb")],
    )
    assert digest_column(secret) == digest_column(pa.array(["a", None, "b"]))

    numbers = pa.Array.from_buffers(pa.int64(), 3, [bitmap, pa.py_buffer(np.array([1, 99, 3]))])
    assert digest_column(numbers) == digest_column(pa.array([1, None, 3]))

    odd = np.array([0x7FF8000000000001, 0xFFF0000000000001], np.uint64).view(np.float64)
    assert digest_column(pa.array(odd)) == digest_column(pa.array([float("nan")] * 2))
    assert digest_column(pa.array([0.0])) != digest_column(pa.array([-0.0]))


@settings(max_examples=100, deadline=None)
@given(columns())
def test_cleaning_keeps_every_value(column: pa.Array) -> None:
    cleaned = without_hidden_bytes(column)

    cleaned.validate(full=True)
    assert canonical_bytes(cleaned) == canonical_bytes(column)


def test_cleaning_removes_what_lies_behind_a_null() -> None:
    secret = pa.Array.from_buffers(
        pa.string(),
        2,
        [
            pa.py_buffer(b"\x01"),
            pa.py_buffer(np.array([0, 1, 7], np.int32)),
            pa.py_buffer(b"asecret"),
        ],
    )
    assert b"secret" not in b"".join(bytes(b) for b in without_hidden_bytes(secret).buffers())


def test_types_cannot_be_exchanged() -> None:
    ones = [
        pa.array([1], t)
        for t in (pa.int8(), pa.uint8(), pa.int16(), pa.int32(), pa.date32(), pa.int64())
    ]
    others = [
        pa.array([b"\1"]),
        pa.array(["\1"]),
        pa.array([True]),
        pa.array([1], pa.timestamp("us")),
    ]
    assert len({digest_column(column).leaf for column in ones + others}) == 10


def test_size_counts_the_body() -> None:
    column = pa.array(["数", None, "桥梁"])
    assert digest_column(column).size == body_size(column) == 1 + 3 * 4 + 9


@pytest.mark.parametrize(
    "type_", [pa.list_(pa.int8()), pa.struct([("a", pa.int8())]), pa.duration("s"), pa.time64("us")]
)
def test_other_types_are_refused(type_: pa.DataType) -> None:
    with pytest.raises(UnsupportedColumn):
        digest_column(pa.nulls(1, type_))


# The vectors of docs/protocol.md: column, canonical bytes behind the magic, leaf.
VECTORS = {
    "empty": (
        pa.array([], pa.string()),
        "757466380000000000000000000000000000000000",
        "4240425ea4d0e4d8e73d0c97057e66fb4eb427359c28cf76bb9b4ea40f3605ce",
    ),
    "utf8": (
        pa.array(["数桥", None, ""]),
        "75746638000300000000000000010000000000000005060000000000000000000000e695b0e6a1a5",
        "e43c9bbbe8f75ab3a71bf18a76ff94a4e2bd05358de2148bda2b38df44d78ef1",
    ),
    "binary": (
        pa.array([b"\x00\xff"]),
        "62696e61727900010000000000000000000000000000000200000000ff",
        "41e43c6f80e87fb3379a5996fd25ab8850ae0710acd063db398db969e76ccd2b",
    ),
    "int16": (
        pa.array([1, None, -1], pa.int16()),
        "696e74313600030000000000000001000000000000000501000000ffff",
        "b44585faa00e789ace62c2f8a6dbb360f65b6676ec79f1466865fdb9ae922cec",
    ),
    "uint64": (
        pa.array([2**64 - 1], pa.uint64()),
        "75696e7436340001000000000000000000000000000000ffffffffffffffff",
        "59ca0e23a530dce7462c092d1077109301204238228095c049d793e9db5754f1",
    ),
    "float64": (
        pa.array([1.5, None, -0.0, float("nan")]),
        "666c6f6174363400040000000000000001000000000000000d000000000000f83f0000000000000000"
        "0000000000000080000000000000f87f",
        "870d1dcfdf868757124b1797c78bd0fd2f4fa8cad7f9e569f0e1cf43a57283a2",
    ),
    "bool": (
        pa.array([True, None, False, True]),
        "626f6f6c00040000000000000001000000000000000d09",
        "e407ad2c1f9198b49d7e9a5856b57cd86b2d11daec84ba52df357d80d69a8657",
    ),
    "date32": (
        pa.array([date(2026, 2, 11), None]),
        "6461746533320002000000000000000100000000000000010f50000000000000",
        "4941dca93d9e168a4a0567cddd1fbb37c05c088c3cf89cee6833d532ffa7daf8",
    ),
    "timestamp[us]": (
        pa.array([datetime.fromisoformat("2026-02-11T09:00")], pa.timestamp("us")),
        "74696d657374616d705b75735d00010000000000000000000000000000000064cf98884a0600",
        "524a5b5389a1c17938bd00605ead3dc6dccd83326a9ff34ab35c9ecfcb6bf7e2",
    ),
    "decimal128(12,2)": (
        pa.array([Decimal("-1.25")], pa.decimal128(12, 2)),
        "646563696d616c3132382831322c3229000100000000000000000000000000000083ffffffffffffffffffffffffffffff",
        "f772b05b6c3108f1a32b610ff671faba32b8cc7aedaeb7bc93cdae19b261d90d",
    ),
    "null": (
        pa.nulls(2),
        "6e756c6c0002000000000000000200000000000000",
        "062cdaf6d4e1aa8b848ba627607c49c7ecd3d1539f33b815048f79404d39e7a3",
    ),
}
PROTOCOL = Path(__file__).parents[4] / "docs" / "protocol.md"


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_hold(name: str) -> None:
    column, canonical, leaf = VECTORS[name]

    assert canonical_bytes(column) == COLUMN_MAGIC + bytes.fromhex(canonical)
    assert digest_column(column).leaf.hex() == leaf


@pytest.mark.parametrize("name", VECTORS)
def test_vectors_stand_in_the_protocol(name: str) -> None:
    text = PROTOCOL.read_text("utf-8")

    assert VECTORS[name][1] in text
    assert VECTORS[name][2] in text


def test_leaf_is_prefixed() -> None:
    column = pa.array([1, None], pa.int16())
    assert digest_column(column).leaf == hashlib.sha256(LEAF_PREFIX + reference(column)).digest()
