"""Tables read as text – CSV, a sheet, JSON records: described, and written out as Arrow.

Runs in the child.

A table gives batches of text columns; kinds are proposed from all values and taken only as stated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from shuqiao.arrow.intake.batches import TextBatch, TextTable
from shuqiao.arrow.intake.bounded_writer import BoundedWriter, Budget
from shuqiao.arrow.intake.column_names import Column
from shuqiao.arrow.intake.conversions import Misfits, convert, refuse_misfits
from shuqiao.arrow.intake.options import (
    ColumnPreview,
    DecodeLimits,
    Preview,
    ReadOptions,
)
from shuqiao.arrow.intake.profiles import ColumnProfile
from shuqiao.arrow.intake.proposals import arrow_type
from shuqiao.arrow.intake.shaping import Remarks, shaped
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _, ngettext

ROWS_SHOWN: Final = 20
#: A table longer than its first rows are shown has last ones too.
ROWS_BEFORE_LAST: Final = 10
_CELL_SHOWN: Final = 200
_TOP_COLUMNS: Final = 100
_TOP_CELL: Final = 100
_NUMBERS: Final = ("integer", "decimal", "float")


@dataclass(slots=True)
class _Scan:
    """What one iteration over all rows found."""

    budget: Budget
    profiles: list[ColumnProfile]
    remarks: Remarks
    shown: list[tuple[str | None, ...]]


def describe(table: TextTable, stated: ReadOptions, limits: DecodeLimits) -> Preview:
    """The preview; all rows are read once, twice when some are uneven."""
    refuse_unknown(stated, table.columns)
    scan = _scan(table, stated, limits)
    if table.reads_again():
        scan = _scan(table, stated, limits)
    dropped = _dropped(table, stated, [profile.values for profile in scan.profiles])
    kept = [
        (c, p) for c, p in zip(table.columns, scan.profiles, strict=True) if c.name not in dropped
    ]
    rows = scan.budget.rows
    last = scan.remarks.last(rows > ROWS_BEFORE_LAST)
    return Preview(
        kind=table.kind,
        options=replace(table.settled(stated), drop_columns=dropped),
        confidence=table.confidence,
        columns=tuple(_preview_of(column, profile, table) for column, profile in kept),
        rows=tuple(without(table.columns, dropped, row) for row in scan.shown),
        row_count=rows,
        warnings=tuple(_warnings(table, stated, dropped, rows, scan.remarks)),
        head=tuple(_top_row(row) for row in table.top),
        sheets=table.sheets,
        last_rows=tuple(
            (number, without(table.columns, dropped, tuple(map(shown_cell, cells))))
            for number, cells in last
        ),
    )


def _scan(table: TextTable, stated: ReadOptions, limits: DecodeLimits) -> _Scan:
    scan = _Scan(Budget(limits), [ColumnProfile(c.name) for c in table.columns], Remarks(), [])
    for text in shaped(table, stated.fill_down, stated.skip_last):
        scan.budget.spend(text.batch)
        scan.remarks.add(text)
        scan.shown.extend(shown_rows(text.batch, ROWS_SHOWN - len(scan.shown)))
        for profile, values in zip(scan.profiles, text.batch.columns, strict=True):
            profile.add(values)
    return scan


def decode(
    table: TextTable, stated: ReadOptions, limits: DecodeLimits, target: Path
) -> dict[str, Any]:
    """Write the table to ``target``; what :func:`decoded` gives back."""
    refuse_unknown(stated, table.columns)
    dropped = stated.drop_columns
    if dropped is None:
        dropped = _dropped(table, stated, _filled_counts(table))
    kept = [column.name for column in table.columns if column.name not in dropped]
    if not kept:
        raise DecodeRefused("empty", _("All columns are left out."))
    kinds = {name: stated.types.get(name, "string") for name in kept}
    writer, budget = _written(table, stated, kinds, limits, target)
    if table.reads_again():
        writer, budget = _written(table, stated, kinds, limits, target)
    if table.irregularities.uneven_count:
        raise DecodeRefused("uneven_rows", table.irregularities.uneven_rows())
    settled = replace(table.settled(stated), drop_columns=dropped)
    said = list(_warnings(table, stated, dropped, budget.rows))
    return decoded(table.kind, settled, writer, budget, said)


def _written(
    table: TextTable,
    stated: ReadOptions,
    kinds: Mapping[str, str],
    limits: DecodeLimits,
    target: Path,
) -> tuple[BoundedWriter, Budget]:
    budget = Budget(limits)
    misfits = {name: Misfits() for name in kinds}
    with BoundedWriter(target, _schema(kinds), budget) as writer:
        for text in shaped(table, stated.fill_down, stated.skip_last):
            typed = _typed(text, kinds, misfits)
            if any(found.count for found in misfits.values()) or table.irregularities.uneven_count:
                continue  # refused at the end, with all that is wrong; nothing more is written
            writer.write(typed)
    if not table.irregularities.uneven_count:
        refuse_misfits(dict(kinds), misfits)
    return writer, budget


def _filled_counts(table: TextTable) -> list[int]:
    """Values per column: one more pass, made only when there are nameless columns."""
    counts = [0] * len(table.columns)
    if all(column.original_name.strip() for column in table.columns):
        return [1] * len(counts)
    for text in table:
        counts = [
            n + len(c) - c.null_count for n, c in zip(counts, text.batch.columns, strict=True)
        ]
    return counts


def _dropped(table: TextTable, stated: ReadOptions, values: Sequence[int]) -> tuple[str, ...]:
    """The columns stated, else those that have neither a name nor a single value."""
    if stated.drop_columns is not None:
        return stated.drop_columns
    empty = [
        c.name
        for c, n in zip(table.columns, values, strict=True)
        if not n and not c.original_name.strip()
    ]
    return tuple(empty[: len(table.columns) - 1])


def _warnings(
    table: TextTable,
    stated: ReadOptions,
    dropped: Sequence[str],
    rows: int,
    remarks: Remarks | None = None,
) -> Iterator[Message]:
    if not rows:
        yield _("There are no rows with values: nothing but the names of columns was found.")
    yield from table.warnings
    if dropped:
        yield _("Columns left out: %(names)s.", names=", ".join(dropped))
    if stated.skip_last:
        yield ngettext(
            "%(count)s row is left out at the end.",
            "%(count)s rows are left out at the end.",
            stated.skip_last,
        )
    if stated.fill_down:
        yield _(
            "Empty cells take the value above them: %(names)s.", names=", ".join(stated.fill_down)
        )
    yield from table.irregularities.warnings()
    yield from remarks.warnings() if remarks else ()


def _typed(
    text: TextBatch, kinds: Mapping[str, str], misfits: Mapping[str, Misfits]
) -> pa.RecordBatch:
    columns = [
        convert(text.batch[name], kind, misfits[name], text.row_number)
        for name, kind in kinds.items()
    ]
    return pa.record_batch(columns, schema=_schema(kinds))


def _schema(kinds: Mapping[str, str]) -> pa.Schema:
    return pa.schema([pa.field(name, arrow_type(kind)) for name, kind in kinds.items()])


def _preview_of(column: Column, profile: ColumnProfile, table: TextTable) -> ColumnPreview:
    kind, note = profile.proposal()
    if column.name in table.percents:
        note = _(
            "The workbook shows numbers of this column as percent; what is stored is the number "
            "itself, such as %(value)s.",
            value=profile.samples[0] if profile.samples else "0.475",
        )
    if column.name in table.quoted and kind.partition("(")[0] in _NUMBERS:
        kind, note = "string", _("Kept as text: the file itself marks these values as texts.")
    return ColumnPreview(
        column.name,
        column.original_name,
        kind,
        profile.nulls,
        tuple(profile.samples),
        note,
        profile.personal.are_there,
    )


def _top_row(cells: Sequence[str | None]) -> tuple[str | None, ...]:
    return tuple(
        (cell.replace("\0", "")[:_TOP_CELL] or None) if cell else None
        for cell in cells[:_TOP_COLUMNS]
    )


def shown_rows(batch: pa.RecordBatch, most: int) -> Iterator[tuple[str | None, ...]]:
    """The first rows of a batch as texts of at most 200 characters."""
    columns = [column[: max(most, 0)].to_pylist() for column in batch.columns]
    for row in zip(*columns, strict=True):
        yield tuple(map(shown_cell, row))


def shown_cell(cell: object) -> str | None:
    """One value as text of at most 200 characters."""
    return None if cell is None else str(cell)[:_CELL_SHOWN].replace("\0", "␀")


def without(
    columns: Sequence[Column], dropped: Sequence[str], row: tuple[str | None, ...]
) -> tuple[str | None, ...]:
    """The cells of ``row`` that stand in columns not dropped."""
    return tuple(
        cell for column, cell in zip(columns, row, strict=True) if column.name not in dropped
    )


def refuse_unknown(options: ReadOptions, columns: Sequence[Column]) -> None:
    """Refuse options that name columns the file does not have."""
    unknown = {*options.types, *(options.drop_columns or ()), *options.fill_down} - {
        column.name for column in columns
    }
    if unknown:
        detail = _(
            "Columns named in the options but not in the file: %(count)s.", count=len(unknown)
        )
        raise DecodeRefused("unknown_columns", detail)


def decoded(
    kind: str,
    options: ReadOptions,
    writer: BoundedWriter,
    budget: Budget,
    warnings: Sequence[Message],
) -> dict[str, Any]:
    """What the child answers after writing a table."""
    return {
        "kind": kind,
        "options": options.to_json(),
        "rows": budget.rows,
        "bytes": budget.bytes,
        "batches": writer.batches,
        "warnings": [warning.to_json() for warning in warnings],
    }
