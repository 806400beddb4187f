"""Conformance: two implementations of the protocol, the service's and the client's, agree on every
column.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuqiao.arrow.snapshots.canonical import canonical_bytes, digest_column
from shuqiao_client.canonical import UnknownType, digest
from shuqiao_client.receipts import Arrived
from tests.shuqiao.arrow.tables import columns

VECTOR = re.compile(
    r"\| (?P<type>\S+) \| (?P<values>[^|]+) \| `(?P<bytes>[0-9a-f]+)` \| `(?P<leaf>[0-9a-f]{64})` "
    r"\|"
)
TABLE_ROOT = re.compile(r"table root\s+`([0-9a-f]{64})`")
TYPES = {
    "utf8": pa.string(),
    "binary": pa.binary(),
    "int16": pa.int16(),
    "uint64": pa.uint64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "date32": pa.date32(),
    "timestamp[us]": pa.timestamp("us"),
    "null": pa.null(),
    "decimal128(12,2)": pa.decimal128(12, 2),
}


def vectors(checkout: Path) -> Iterator[tuple[pa.Array, re.Match[str]]]:
    """The test vectors of the protocol's own page, as columns."""
    for found in VECTOR.finditer((checkout / "docs" / "protocol.md").read_text(encoding="utf-8")):
        type_, text = found["type"], found["values"]
        words = [] if text == "(no rows)" else text.split(", ")
        yield pa.array([_value(type_, word) for word in words], TYPES[type_]), found


def _value(type_: str, word: str) -> Any:
    if word == "NULL":
        return None
    readers: dict[str, Any] = {
        "utf8": lambda text: "" if text == "(empty text)" else text,
        "binary": bytes.fromhex,
        "float64": float,
        "bool": lambda text: text == "true",
        "date32": date.fromisoformat,
        "timestamp[us]": datetime.fromisoformat,
        "decimal128(12,2)": Decimal,
    }
    return readers.get(type_, int)(word)


def test_the_vectors_of_the_protocol_s_page_hold(checkout: Path) -> None:
    checked = list(vectors(checkout))
    assert len(checked) >= 11
    for column, vector in checked:
        assert digest(column).leaf.hex() == vector["leaf"], vector["type"]
        whole = b"shuqiao.column.v1\0" + bytes.fromhex(vector["bytes"])
        assert hashlib.sha256(b"\0" + whole).hexdigest() == vector["leaf"], vector["type"]


def test_the_table_root_of_the_protocol_s_page_holds(checkout: Path) -> None:
    columns = [column for column, _vector in vectors(checkout)]
    table = pa.record_batch({"学校代码": columns[1], "n": columns[3]})
    arrived = Arrived(table.schema)
    arrived.add(table)
    stated = TABLE_ROOT.search((checkout / "docs" / "protocol.md").read_text(encoding="utf-8"))
    assert stated is not None
    assert "root" not in arrived.differences({"root": stated[1]})


@given(columns())
def test_both_digest_every_column_alike(column: pa.Array) -> None:
    mine, theirs = digest(column), digest_column(column)
    assert (mine.leaf, mine.size) == (theirs.leaf, theirs.size)
    assert mine.leaf == hashlib.sha256(b"\0" + canonical_bytes(column)).digest()


@given(columns(), st.integers(0, 40), st.integers(0, 40))
def test_a_slice_digests_like_a_copy(column: pa.Array, start: int, length: int) -> None:
    part = column.slice(min(start, len(column)), length)
    assert (
        digest(part).leaf
        == digest(pa.array(part.to_pylist(), part.type)).leaf
        == digest_column(part).leaf
    )


def test_bytes_behind_a_null_leave_no_trace() -> None:
    clean = pa.array(["公安", None, "厅"])
    values = pa.py_buffer("公安秘密厅".encode())
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 6, 12, 15)))
    dirty = pa.Array.from_buffers(pa.string(), 3, [pa.py_buffer(b"\xfd"), offsets, values])
    assert dirty.equals(clean)
    assert digest(dirty).leaf == digest(clean).leaf


def test_bits_after_the_last_row_leave_no_trace() -> None:
    clean = pa.array([True, None, False])
    dirty = pa.Array.from_buffers(pa.bool_(), 3, [pa.py_buffer(b"\xfd"), pa.py_buffer(b"\xfb")])
    assert dirty.equals(clean)
    assert digest(dirty).leaf == digest(clean).leaf


@pytest.mark.parametrize(
    ("type_", "bits"), [(pa.float64(), 0xFFF8000000000001), (pa.float32(), 0xFFC00001)]
)
def test_every_nan_is_the_same_and_the_zeros_are_not(type_: pa.DataType, bits: int) -> None:
    odd = pa.Array.from_buffers(
        type_, 1, [None, pa.py_buffer(bits.to_bytes(type_.bit_width // 8, "little"))]
    )
    assert digest(odd).leaf == digest(pa.array([float("nan")], type_)).leaf
    assert digest(pa.array([0.0], type_)).leaf != digest(pa.array([-0.0], type_)).leaf


def test_the_type_is_part_of_the_digest() -> None:
    assert digest(pa.array([1], pa.int32())).leaf != digest(pa.array([1], pa.uint32())).leaf


def test_a_type_outside_the_protocol_is_refused() -> None:
    with pytest.raises(UnknownType):
        digest(pa.array([[1]]))
