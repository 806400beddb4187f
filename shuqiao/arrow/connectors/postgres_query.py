"""The questions put to a department's database: built as trees,
identifiers quoted, values never in the text.

Rows are fetched with COPY, which takes no parameters; so the values of a filter are bound to a
statement before it (``set_config('shuqiao.p0', $1, true)``) and the query asks for them by their
number. They end with the transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as pat
from sqlglot import exp

from shuqiao.arrow.connectors.postgres_types import SourceColumn
from shuqiao.arrow.terms.filter_values import write_value
from shuqiao.arrow.terms.filters import Condition, Filter, filter_items

_COMPARED: Final[Mapping[str, type[exp.Binary]]] = {
    "eq": exp.EQ,
    "ne": exp.NEQ,
    "lt": exp.LT,
    "le": exp.LTE,
    "gt": exp.GT,
    "ge": exp.GTE,
}
_TABLE: Final = "r"
_SETTING: Final = "shuqiao.p"


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the values it asks for by number (``setting_name``)."""

    text: str
    values: tuple[str, ...] = ()


def setting_name(number: int) -> str:
    """Where the value of that number is kept for the transaction."""
    return f"{_SETTING}{number}"


def rows_query(
    relation: tuple[str, str],
    columns: Sequence[SourceColumn],
    *,
    key: Sequence[str] = (),
    row_filter: Filter | None = None,
    asked: Mapping[str, SourceColumn] | None = None,
    limit: int | None = None,
) -> Query:
    """Columns of the rows for which ``row_filter`` holds (its items are
    ``asked``), in the order of ``key``.
    """
    outputs = [_value(column).as_(f"c{place}", quoted=True) for place, column in enumerate(columns)]
    query = exp.select(*outputs).from_(_table(relation))
    values: list[str] = []
    if row_filter is not None:
        query = query.where(_Condition(asked or {}, values).tree(row_filter))
    if key:
        query = query.order_by(*(_column(name) for name in key))
    if limit is not None:
        query = query.limit(limit)
    return Query(_written(query), tuple(values))


def count_query(relation: tuple[str, str], columns: Sequence[SourceColumn], *, most: int) -> Query:
    """Rows, and per column the rows that have a value; beyond ``most``
    rows nobody goes on counting.
    """
    inner = exp.select(
        *(_column(c.name).as_(f"c{place}", quoted=True) for place, c in enumerate(columns))
    )
    inner = inner.from_(_table(relation)).limit(most + 1)
    counts: list[Any] = [exp.Count(this=exp.Star())]
    counts += [
        exp.Count(this=exp.column(exp.to_identifier(f"c{place}", quoted=True)))
        for place in range(len(columns))
    ]
    return Query(_written(exp.select(*counts).from_(inner.subquery("s"))))


def outside_query(
    relation: tuple[str, str],
    conditions: Mapping[str, Filter],
    asked: Mapping[str, SourceColumn],
    *,
    most: int,
) -> Query:
    """Of the first ``most`` rows and one more: how many there are, how many not all ``conditions``
    are true of; then for each condition how many it is not true of, and how many of those say
    nothing on it. ``asked``: the column by item.
    """
    names = dict.fromkeys(column.name for column in asked.values())
    inner = exp.select(*(_column(name) for name in names)).from_(_table(relation))
    values: list[str] = []
    written = _Condition(asked, values)
    holds = [written.tree(tree) for tree in conditions.values()]
    counts: list[Any] = [exp.Count(this=exp.Star()), _number_of(_not_true(reduce(_both, holds)))]
    for condition, tree in zip(holds, conditions.values(), strict=True):
        empty = [
            exp.Is(this=_column(asked[item].name), expression=exp.Null())
            for item, _type in filter_items(tree)
        ]
        counts += [
            _number_of(_not_true(condition)),
            _number_of(_both(_not_true(condition), exp.paren(reduce(_either, empty)))),
        ]
    query = exp.select(*counts).from_(inner.limit(most + 1).subquery(_TABLE))
    return Query(_written(query), tuple(values))


def _both(one: Any, other: Any) -> Any:
    return exp.And(this=one.copy(), expression=other.copy())


def _either(one: Any, other: Any) -> Any:
    return exp.Or(this=one.copy(), expression=other.copy())


def _not_true(condition: Any) -> Any:
    """Unknown is not true: what a filter would not let through lies outside."""
    known = exp.Coalesce(this=exp.paren(condition.copy()), expressions=[exp.false()])
    return exp.Not(this=known)


def _number_of(condition: Any) -> Any:
    counted = exp.Case(ifs=[exp.If(this=condition, true=exp.Literal.number(1))])
    return exp.Count(this=counted)


class _Condition:
    """The filter's meaning in PostgreSQL: code points, no collation;
    NaN is unknown, as it is in the engine.
    """

    def __init__(self, asked: Mapping[str, SourceColumn], values: list[str]) -> None:
        self._asked, self._values = asked, values

    def tree(self, tree: Filter) -> Any:
        if isinstance(tree, Condition):
            return exp.paren(self._condition(tree), copy=False)
        parts = [self.tree(arg) for arg in tree.args]
        if tree.op == "not":
            return exp.paren(exp.Not(this=parts[0]), copy=False)
        joined = reduce(
            lambda a, b: (
                exp.And(this=a, expression=b) if tree.op == "and" else exp.Or(this=a, expression=b)
            ),
            parts,
        )
        return exp.paren(joined, copy=False)

    def _condition(self, tree: Condition) -> Any:
        column = self._asked[tree.item]
        if tree.op in ("is_null", "not_null"):
            is_null = exp.Is(this=_column(column.name), expression=exp.Null())
            return is_null if tree.op == "is_null" else exp.Not(this=is_null)
        left, values = (
            _comparable(column, tree.type),
            [self._bound(value, tree.type) for value in tree.values],
        )
        if tree.op == "in":
            return exp.In(this=left, expressions=values)
        if tree.op == "between":
            return exp.Between(this=left, low=values[0], high=values[1])
        if tree.op == "starts_with":
            return exp.Anonymous(this="STARTS_WITH", expressions=[left, values[0]])
        return _COMPARED[tree.op](this=left, expression=values[0])

    def _bound(self, value: Any, type_: pa.DataType) -> Any:
        written = write_value(value)
        text = repr(written) if isinstance(written, float) else str(written)
        name = exp.Literal.string(setting_name(len(self._values)))
        self._values.append(text)
        kept = exp.Anonymous(this="CURRENT_SETTING", expressions=[name])
        return kept if pat.is_string(type_) else exp.cast(kept, _sql_type(type_))


def _comparable(column: SourceColumn, type_: pa.DataType) -> Any:
    if pat.is_string(type_):
        return exp.Collate(this=_value(column), expression=exp.to_identifier("C", quoted=True))
    plain = _column(column.name)
    if pat.is_floating(type_):
        return exp.Anonymous(
            this="NULLIF",
            expressions=[plain, exp.cast(exp.Literal.string("NaN"), _sql_type(type_))],
        )
    return plain


def _sql_type(type_: pa.DataType) -> exp.DataType:
    name = "numeric"
    for test, found in (
        (pat.is_boolean, "boolean"),
        (pat.is_integer, "bigint"),
        (pat.is_float32, "real"),
        (pat.is_floating, "double precision"),
        (pat.is_date, "date"),
    ):
        if test(type_):
            name = found
            break
    if pat.is_timestamp(type_):
        name = "timestamptz" if type_.tz else "timestamp"
    return exp.DataType.build(name, dialect="postgres")


def _value(column: SourceColumn) -> Any:
    plain = _column(column.name)
    return (
        exp.cast(plain, exp.DataType.build("text", dialect="postgres")) if column.is_cast else plain
    )


def _column(name: str) -> exp.Column:
    return exp.column(
        exp.to_identifier(name, quoted=True), table=exp.to_identifier(_TABLE, quoted=True)
    )


def _table(relation: tuple[str, str]) -> Any:
    schema, name = relation
    table = exp.Table(
        this=exp.to_identifier(name, quoted=True), db=exp.to_identifier(schema, quoted=True)
    )
    return exp.alias_(table, _TABLE, quoted=True, table=True)


def _written(query: Any) -> str:
    return str(query.sql(dialect="postgres", comments=False))
