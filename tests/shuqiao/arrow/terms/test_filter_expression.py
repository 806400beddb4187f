from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from datafusion import SessionContext
from hypothesis import given, settings

from shuqiao.arrow.terms.filter_expression import filter_expression
from shuqiao.arrow.terms.filters import parse_filter
from tests.shuqiao.arrow.filter_trees import TYPES, documents, tables


def oracle(document: dict[str, Any], table: pa.Table) -> pa.Array:
    """Truth of the document for each row (True, False, NULL), by
    Arrow's kernels, from the JSON itself.
    """
    op = document["op"]
    if op in ("and", "or"):
        joined = oracle(document["args"][0], table)
        for arg in document["args"][1:]:
            joined = (pc.and_kleene if op == "and" else pc.or_kleene)(joined, oracle(arg, table))
        return joined
    if op == "not":
        return pc.invert(oracle(document["args"][0], table))
    return asked(op, table[document["item"]].combine_chunks(), document.get("value"))


def asked(op: str, column: pa.Array, value: Any) -> pa.Array:
    if op in ("is_null", "not_null"):
        return pc.is_null(column) if op == "is_null" else pc.is_valid(column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if op == "in":
        found = [pc.equal(column, typed(one, column.type)) for one in value]
        return (
            pc.choose(pa.array([0] * len(column)), found[0]) if len(found) == 1 else any_of(found)
        )
    if op == "between":
        low, high = (typed(one, column.type) for one in value)
        return pc.and_kleene(pc.greater_equal(column, low), pc.less_equal(column, high))
    if op == "starts_with":
        return pc.starts_with(column, pattern=value)
    kernel = {
        "eq": pc.equal,
        "ne": pc.not_equal,
        "lt": pc.less,
        "le": pc.less_equal,
        "gt": pc.greater,
    }
    return kernel.get(op, pc.greater_equal)(column, typed(value, column.type))


def any_of(found: list[pa.Array]) -> pa.Array:
    joined = found[0]
    for one in found[1:]:
        joined = pc.or_kleene(joined, one)
    return joined


def typed(value: Any, type_: pa.DataType) -> pa.Scalar:
    if isinstance(value, str) and pa.types.is_timestamp(type_):
        return pa.scalar(datetime.fromisoformat(value), type_)
    return pa.scalar(value).cast(type_) if isinstance(value, str) else pa.scalar(value, type_)


CONTEXT = SessionContext()


def kept(document: dict[str, Any], table: pa.Table) -> list[int]:
    columns = {item: item for item in TYPES}
    expression = filter_expression(parse_filter(document, TYPES), columns)
    numbered = table.append_column("row", pa.array(range(len(table))))
    frame = CONTEXT.read_batches(numbered.combine_chunks().to_batches())
    found = frame.filter(expression).to_arrow_table()
    return sorted(found["row"].to_pylist())


@settings(max_examples=130, deadline=None)
@given(documents(), tables())
def test_keeps_the_rows_the_oracle_keeps(document: dict[str, Any], table: pa.Table) -> None:
    truth = oracle(document, table).to_pylist()

    assert kept(document, table) == [row for row, true in enumerate(truth) if true]


@pytest.mark.parametrize("prefix", ["a%", "a_", "\\", "a\\%", "%", "数", "a'; drop table t --"])
def test_prefixes_are_no_patterns(prefix: str) -> None:
    texts = ["a%b", "ab", "a_c", "\\x", "a\\%", "%", "数桥", "axx", prefix + "!"]
    table = pa.table(
        {
            **{name: pa.nulls(len(texts), type_) for name, type_ in TYPES.items()},
            "c0": pa.array(texts),
        }
    )
    expected = [row for row, text in enumerate(texts) if text.startswith(prefix)]

    assert kept({"item": "c0", "op": "starts_with", "value": prefix}, table) == expected


def test_a_condition_on_an_empty_value_is_unknown() -> None:
    table = pa.table(
        {
            **{name: pa.nulls(2, type_) for name, type_ in TYPES.items()},
            "c1": pa.array([None, 1], "int16"),
        }
    )
    equal = {"item": "c1", "op": "eq", "value": 2}

    assert kept(equal, table) == []
    assert kept({"op": "not", "args": [equal]}, table) == [1]
    assert kept({"item": "c1", "op": "ne", "value": 2}, table) == [1]
    assert kept({"op": "or", "args": [equal, {"item": "c1", "op": "is_null"}]}, table) == [0]


@pytest.mark.parametrize("type_", [pa.float64(), pa.float32()], ids=str)
@pytest.mark.parametrize(
    ("op", "value", "rows"),
    [
        ("eq", 0, [1, 2]),
        ("ne", 0, [0, 3]),
        ("lt", 0, [0]),
        ("le", 0, [0, 1, 2]),
        ("gt", 0, [3]),
        ("ge", 0, [1, 2, 3]),
        ("in", [0, 1.5], [1, 2, 3]),
        ("between", [0, 1e30], [1, 2, 3]),
        ("is_null", None, [5]),
        ("not_null", None, [0, 1, 2, 3, 4]),
    ],
)
def test_a_number_that_is_none_is_unknown_and_both_zeros_are_one(
    type_: pa.DataType, op: str, value: Any, rows: list[int]
) -> None:
    """The engine orders NaN above all numbers, and -0.0 below 0.0."""
    numbers = pa.array([-1.5, -0.0, 0.0, 1.5, float("nan"), None], type_)
    item = next(name for name, its in TYPES.items() if its == type_)
    table = pa.table({name: pa.nulls(6, its) for name, its in TYPES.items()} | {item: numbers})
    asked = {"item": item, "op": op} | ({} if value is None else {"value": value})

    assert kept(asked, table) == rows
    unknown = set() if op in ("is_null", "not_null") else {4, 5}
    others = sorted(set(range(6)) - set(rows) - unknown)
    assert kept({"op": "not", "args": [asked]}, table) == others
