"""From the filter tree to the engine: DataFusion expressions only,
every value a typed literal, no text is parsed.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.types as pat
from datafusion import Expr, lit
from datafusion import functions as f

from shuqiao.arrow.terms.filters import Condition, Filter


def filter_expression(tree: Filter, columns: Mapping[str, str]) -> Expr:
    """The tree as :mod:`~shuqiao.arrow.terms.filters` means it.

    ``columns``: engine column by item id.
    """
    if isinstance(tree, Condition):
        return _condition(tree, Expr.column(columns[tree.item]))
    parts = [filter_expression(arg, columns) for arg in tree.args]
    if tree.op == "not":
        return ~parts[0]
    return reduce(lambda left, right: left & right if tree.op == "and" else left | right, parts)


def _condition(tree: Condition, raw: Expr) -> Expr:
    if tree.op == "is_null":
        return raw.is_null()
    if tree.op == "not_null":
        return raw.is_not_null()
    asked = _comparable(raw, tree.type)
    values = [_literal(value, tree.type) for value in tree.values]
    if tree.op == "in":
        return f.in_list(asked, values)
    if tree.op == "between":
        return (asked >= values[0]) & (asked <= values[1])
    if tree.op == "starts_with":
        return f.starts_with(asked, values[0])
    return _compared(tree.op, asked, values[0])


def _compared(op: str, left: Expr, right: Expr) -> Expr:
    match op:
        case "eq":
            return left == right
        case "ne":
            return left != right
        case "lt":
            return left < right
        case "le":
            return left <= right
        case "gt":
            return left > right
        case _:
            return left >= right


def _comparable(raw: Expr, type_: pa.DataType) -> Expr:
    """The engine orders floats totally (NaN greatest, -0.0 below 0.0);
    ours: NaN is unknown, the zeros are equal.
    """
    if not pat.is_floating(type_):
        return raw
    zero = _literal(0.0, type_)
    return (
        f.when(f.isnan(raw), _literal(None, type_))
        .when(raw == _literal(-0.0, type_), zero)
        .otherwise(raw)
    )


def _literal(value: Any, type_: pa.DataType) -> Expr:
    return lit(pa.scalar(value, type_))
