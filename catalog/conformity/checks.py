"""A table against the standards of its columns, batch by batch: pure, and as much memory however
long the table is.

report = conformity(batches, [ColumnStandard("区划代码", CodeKind.DIVISION_CODE, codes)])
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from catalog.conformity.words import MISSING, OUTSIDE, REQUIRED
from shuqiao.codes.faults import Fault
from shuqiao.codes.identity import mask_inside, masked
from shuqiao.codes.rules import RULES, CodeKind

#: Failing values that are named, of all columns together.
FAILURES_NAMED: Final = 1_000
_SHOWN: Final = 100
#: Which values break a rule.
Broken = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ColumnStandard:
    """What a column is held to. ``kind``: the form of its codes; ``permitted``: codes or labels of
    its value domain. An empty text is no value, as in files.
    """

    column: str
    kind: CodeKind | None = None
    permitted: pa.StringArray | None = None
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class RuleCount:
    """Of the values of a column that were ``checked``, how many broke the rule."""

    column: str
    rule: Fault
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
    """Exact counts by rule – those that were broken, and each domain – and the first 1,000
    failures by row.
    """

    rows: int
    counts: tuple[RuleCount, ...]
    failures: tuple[Failure, ...]

    @property
    def conforms(self) -> bool:
        return not any(count.failed for count in self.counts)


def conformity(
    batches: Iterable[pa.RecordBatch], standards: Sequence[ColumnStandard], *, first_row: int = 1
) -> ConformityReport:
    """Hold every batch to ``standards``. ``first_row``: number of the first row, as its file has
    it.
    """
    rows, values = 0, Counter[str]()
    failed: Counter[tuple[str, Fault]] = Counter()
    failures: list[Failure] = []
    for batch in batches:
        found: list[Failure] = []
        for standard in standards:
            texts = _texts(batch, standard.column)
            values[standard.column] += len(texts) - texts.null_count
            for rule, broken in _judged(batch, texts, standard):
                failed[standard.column, rule] += int(broken.sum())
                if len(failures) < FAILURES_NAMED:
                    found += _named(standard, rule, broken, texts, rows + first_row)
        failures += sorted(found, key=lambda each: each.row)[: FAILURES_NAMED - len(failures)]
        rows += batch.num_rows
    counts = [
        RuleCount(column, rule, rows if rule is REQUIRED else values[column], count)
        for (column, rule), count in failed.items()
    ]
    return ConformityReport(rows, tuple(counts), tuple(failures))


def _judged(
    batch: pa.RecordBatch, texts: pa.StringArray, standard: ColumnStandard
) -> Iterator[tuple[Fault, Broken]]:
    """Each rule of the column with the values that break it."""
    if standard.column not in batch.schema.names:
        yield MISSING, np.ones(batch.num_rows, bool)
        return
    if standard.is_required:
        yield REQUIRED, np.asarray(texts.is_null())
    if standard.kind is not None:
        rule = RULES[standard.kind]
        numbers = np.asarray(rule.faults_of(texts).fill_null(0))
        for place in np.flatnonzero(np.bincount(numbers)):
            if place:
                yield rule.faults[place - 1], numbers == place
    if standard.permitted is not None:
        inside = pc.is_in(texts, value_set=standard.permitted)
        yield OUTSIDE, np.asarray(pc.invert(pc.or_(inside, texts.is_null())))


def _texts(batch: pa.RecordBatch, name: str) -> pa.StringArray:
    """The values as they read, null for an empty one; all null where there is no such column."""
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.string())
    texts = batch.column(name).cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.nulls(len(texts), pa.string()), texts)


def _named(
    standard: ColumnStandard, rule: Fault, broken: Broken, texts: pa.StringArray, first: int
) -> list[Failure]:
    return [
        Failure(first + int(row), standard.column, rule.code, _shown(standard, texts[int(row)]))
        for row in np.flatnonzero(broken)[:FAILURES_NAMED]
    ]


def _shown(standard: ColumnStandard, value: pa.StringScalar) -> str:
    """Of a column of identity numbers nothing is shown whole, whatever stands in it."""
    text = str(value.as_py() or "")
    return masked(text) if standard.kind is CodeKind.IDENTITY_NUMBER else mask_inside(text)[:_SHOWN]
