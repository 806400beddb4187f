"""Random filter documents over a fixed set of columns, with values that
hit and values that just miss.
"""

from datetime import timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from shuqiao.arrow.terms.filter_values import write_value
from shuqiao.arrow.terms.filters import EMPTINESS, allowed_operators
from tests.shuqiao.arrow.tables import VALUES

LETTERS = st.text("ab%_\\.数桥é", max_size=3)
FEW: dict[pa.DataType, st.SearchStrategy[Any]] = {
    pa.string(): LETTERS,
    pa.int16(): st.integers(-2, 2),
    pa.uint64(): st.sampled_from([0, 1, 2**63, 2**64 - 1]),
    pa.int64(): st.sampled_from([-(2**63), -1, 0, 2**63 - 1]),
    pa.float64(): st.sampled_from([-1.5, -0.0, 0.0, 0.1, 120.2, 1e300, float("inf"), float("nan")]),
    pa.float32(): st.sampled_from([-1.5, -0.0, 0.0, 0.5, float("-inf"), float("nan")]),
    pa.decimal128(12, 2): st.sampled_from(["-0.01", "0.00", "0.01", "9999999999.99"]),
    pa.bool_(): st.booleans(),
    pa.date32(): VALUES[pa.date32()].map(
        lambda day: day.replace(year=2026, month=2, day=1 + day.day % 3)
    ),
    pa.timestamp("us"): VALUES[pa.timestamp("us")].map(
        lambda at: at.replace(2026, 2, 1, 9, 0, at.second % 3)
    ),
    pa.timestamp("us", "Asia/Shanghai"): VALUES[pa.timestamp("us", "Asia/Shanghai")].map(
        lambda at: at.replace(2026, 2, 1, 9, 0, at.second % 3) + timedelta(0)
    ),
    pa.binary(): st.binary(max_size=1),
    pa.null(): st.none(),
}
TYPES = {f"c{place}": type_ for place, type_ in enumerate(FEW)}


@st.composite
def tables(draw: st.DrawFn, rows: int = 12) -> pa.Table:
    return pa.table(
        {
            name: column(
                draw(st.lists(st.none() | FEW[type_], min_size=rows, max_size=rows)), type_
            )
            for name, type_ in TYPES.items()
        }
    )


def column(values: list[Any], type_: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(type_):
        return pa.array(values, pa.string()).cast(type_)
    return pa.array(values, type_)


@st.composite
def documents(draw: st.DrawFn, depth: int = 3) -> dict[str, Any]:
    if depth and draw(st.booleans()):
        op = draw(st.sampled_from(["and", "or", "not"]))
        args = draw(st.lists(documents(depth - 1), min_size=1, max_size=1 if op == "not" else 3))
        return {"op": op, "args": args}
    return draw(conditions())


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    item, type_ = draw(st.sampled_from(list(TYPES.items())))
    op = draw(st.sampled_from(sorted(allowed_operators(type_))))
    if op in EMPTINESS:
        return {"item": item, "op": op}
    usable = FEW[type_].filter(lambda value: not pa.types.is_floating(type_) or abs(value) < 1e301)
    if op == "in":
        value: Any = [write_value(v) for v in draw(st.lists(usable, min_size=1, max_size=3))]
    elif op == "between":
        value = [write_value(v) for v in draw(st.lists(usable, min_size=2, max_size=2))]
    else:
        value = write_value(draw(usable.filter(bool) if op == "starts_with" else usable))
    return {"item": item, "op": op, "value": value}
