"""A table against the standards of its columns, batch by batch: pure, and as much memory however
long the table is.

report = conformity(batches, [ColumnStandard("区划代码", CodeKind.DIVISION_CODE, codes)])
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalog.conformity.checks.columns import Broken, ColumnStandard, judged, texts_of
from catalog.conformity.words import REQUIRED, TWO_NAMES, Side
from shuqiao.codes.faults import Fault
from shuqiao.codes.identity import mask_inside, masked
from shuqiao.codes.rules import CodeKind

#: Failing values that are named, of all columns together.
FAILURES_NAMED: Final = 1_000
#: Codes of a column whose names are remembered: as many as a value domain may have.
_NAMES_REMEMBERED: Final = 500_000
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Of the values of a column that were ``checked``, how many broke the rule."""

    column: str
    rule: Fault
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """Of the values of a column that were ``checked``, how many broke any rule. ``side``: what of
    the domain it was held to.
    """

    column: str
    side: Side
    checked: int
    failed: int


@dataclass(frozen=True, slots=True)
class Failure:
    """One value that breaks a rule, in its row; identity numbers are masked."""

    row: int
    column: str
    rule: str
    value: str


@dataclass(frozen=True, slots=True)
class ConformityReport:
    """Exact counts by column and by rule – the form of a code only where it was broken – and the
    first 1,000 failures by row.
    """

    rows: int
    counts: tuple[RuleCount, ...]
    failures: tuple[Failure, ...]
    columns: tuple[ColumnCount, ...] = ()

    @property
    def conforms(self) -> bool:
        return not any(count.failed for count in self.counts)


class _Held:
    """One column so far."""

    def __init__(self, standard: ColumnStandard) -> None:
        self.standard = standard
        self.side: Side | None = standard.side
        self.values = self.failed = 0
        self.rules = Counter[Fault]()
        self.known = pa.array([], pa.string())
        self.names = pa.array([], pa.string())

    def settle(self, texts: pa.StringArray) -> Side:
        """What of its domain it holds, told by the first batch that has a value."""
        if self.side is None and texts.null_count < len(texts):
            self.side = self.standard.side_of(texts)
        return self.side or Side.CODES


def conformity(
    batches: Iterable[pa.RecordBatch], standards: Sequence[ColumnStandard], *, first_row: int = 1
) -> ConformityReport:
    """Hold every batch to ``standards``. ``first_row``: number of the first row, as its file has
    it.
    """
    rows, held = 0, [_Held(each) for each in standards]
    failures: list[Failure] = []
    for batch in batches:
        found: list[Failure] = []
        texts = {each.standard.column: texts_of(batch, each.standard.column) for each in held}
        for each in held:
            each.settle(texts[each.standard.column])
        for each in held:
            name = each.standard.column
            has_room = len(failures) < FAILURES_NAMED
            broken_any = np.zeros(batch.num_rows, bool)
            each.values += len(texts[name]) - texts[name].null_count
            for rule, broken in _all_judged(batch, texts, each, held):
                each.rules[rule] += int(broken.sum())
                broken_any |= broken
                if has_room:
                    found += _named(each, rule, broken, texts[name], rows + first_row)
            each.failed += int(broken_any.sum())
        failures += sorted(found, key=lambda each: each.row)[: FAILURES_NAMED - len(failures)]
        rows += batch.num_rows
    return _report(rows, held, failures)


def _report(rows: int, held: Sequence[_Held], failures: Sequence[Failure]) -> ConformityReport:
    counts = [
        RuleCount(each.standard.column, rule, _checked(each, rule, rows), failed)
        for each in held
        for rule, failed in each.rules.items()
    ]
    columns = [
        ColumnCount(
            each.standard.column,
            each.side or Side.CODES,
            rows if each.standard.is_required else each.values,
            each.failed,
        )
        for each in held
    ]
    return ConformityReport(rows, tuple(counts), tuple(failures), tuple(columns))


def _checked(held: _Held, rule: Fault, rows: int) -> int:
    return rows if rule is REQUIRED else held.values


def _all_judged(
    batch: pa.RecordBatch, texts: dict[str, pa.StringArray], each: _Held, held: Sequence[_Held]
) -> Iterator[tuple[Fault, Broken]]:
    own = texts[each.standard.column]
    yield from judged(batch, own, each.standard, each.side or Side.CODES)
    named = _names_beside(each, held)
    if named is not None:
        yield TWO_NAMES, _named_otherwise(each, own, texts[named.standard.column])


def _names_beside(each: _Held, held: Sequence[_Held]) -> _Held | None:
    """The column that holds the names of the domain of which this one holds the codes."""
    if not each.standard.domain or each.side is not Side.CODES:
        return None
    same = (other for other in held if other.standard.domain == each.standard.domain)
    return next((other for other in same if other.side is Side.NAMES), None)


def _named_otherwise(held: _Held, codes: pa.StringArray, names: pa.StringArray) -> Broken:
    """Rows in which a code has another name than in the first row that had it."""
    table = pa.table({"code": codes, "name": names}).filter(
        pc.and_(codes.is_valid(), names.is_valid())
    )
    fresh = table.filter(pc.invert(pc.is_in(table["code"], value_set=held.known)))
    first = fresh.group_by("code", use_threads=False).aggregate([("name", "first")])
    first = first.slice(0, max(0, _NAMES_REMEMBERED - len(held.known)))
    held.known = pa.concat_arrays([held.known, *first["code"].chunks])
    held.names = pa.concat_arrays([held.names, *first["name_first"].chunks])
    usual = held.names.take(pc.index_in(codes, value_set=held.known))
    return np.asarray(pc.fill_null(pc.not_equal(usual, names), fill_value=False))


def _named(
    held: _Held, rule: Fault, broken: Broken, texts: pa.StringArray, first: int
) -> list[Failure]:
    standard = held.standard
    return [
        Failure(first + int(row), standard.column, rule.code, _shown(standard, texts[int(row)]))
        for row in np.flatnonzero(broken)[:FAILURES_NAMED]
    ]


def _shown(standard: ColumnStandard, value: pa.StringScalar) -> str:
    """Of a column of identity numbers nothing is shown whole, whatever stands in it."""
    text = str(value.as_py() or "")
    return masked(text) if standard.kind is CodeKind.IDENTITY_NUMBER else mask_inside(text)[:_SHOWN]
