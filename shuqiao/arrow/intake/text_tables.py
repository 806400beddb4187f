"""Tables read as text – CSV, a sheet, JSON records: described, and written out as Arrow.

Runs in the child.

A table gives batches of text columns; kinds are proposed from all values and taken only as stated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.bounded_writer import BoundedWriter, Budget
from shuqiao.arrow.intake.conversions import Misfits, convert, refuse_misfits
from shuqiao.arrow.intake.headers import Column
from shuqiao.arrow.intake.options import (
    ColumnPreview,
    DecodeLimits,
    FileKind,
    Preview,
    ReadOptions,
    SheetPreview,
)
from shuqiao.arrow.intake.proposals import ColumnProfile, arrow_type
from shuqiao.arrow.refusals import DecodeRefused, named_rows
from shuqiao.i18n import Message, _, ngettext

ROWS_SHOWN: Final = 20
_CELL_SHOWN: Final = 200
_TOP_COLUMNS: Final = 100
_TOP_CELL: Final = 100
_NUMBERS: Final = ("integer", "decimal", "float")


@dataclass(slots=True)
class TextBatch:
    """Text columns of consecutive rows; ``row_number`` gives the file's
    row for a position in the batch.
    """

    batch: pa.RecordBatch
    row_number: Callable[[int], int]


@dataclass(slots=True)
class Irregularities:
    """Rows that are not like the others."""

    uneven: list[int] = field(default_factory=list)
    uneven_count: int = 0
    empty_count: int = 0

    def warnings(self) -> list[Message]:
        found: list[Message] = []
        if self.uneven_count:
            found.append(self.uneven_rows())
        if self.empty_count:
            found.append(
                ngettext(
                    "%(count)s row without any value is left out.",
                    "%(count)s rows without any value are left out.",
                    self.empty_count,
                )
            )
        return found

    def uneven_rows(self) -> Message:
        return ngettext(
            "%(count)s row has more or fewer cells than the table has columns: row %(rows)s.",
            "%(count)s rows have more or fewer cells than the table has columns: rows %(rows)s.",
            self.uneven_count,
            rows=named_rows(self.uneven, self.uneven_count),
        )


class TextTable(Protocol):
    """What is known of a table before its rows are read; iterating
    reads them, as often as is wanted.

    ``top`` are the first rows as they are, ``quoted`` the columns whose values the file itself
    marks as texts, ``irregularities`` those of the last iteration, ``warnings`` what else should be
    said, ``readings`` the encodings it may as well be in while that is an open question.
    """

    @property
    def kind(self) -> FileKind: ...

    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def confidence(self) -> float: ...

    @property
    def readings(self) -> tuple[str, ...]: ...

    @property
    def top(self) -> Sequence[Sequence[str | None]]: ...

    @property
    def sheets(self) -> tuple[SheetPreview, ...]: ...

    @property
    def quoted(self) -> frozenset[str]: ...

    @property
    def irregularities(self) -> Irregularities: ...

    @property
    def warnings(self) -> Sequence[Message]: ...

    def __iter__(self) -> Iterator[TextBatch]: ...

    def settled(self, stated: ReadOptions) -> ReadOptions:
        """``stated`` with what was found out."""


def describe(table: TextTable, stated: ReadOptions, limits: DecodeLimits) -> Preview:
    """The preview; all rows are read once."""
    budget = Budget(limits)
    profiles = [ColumnProfile(column.name) for column in table.columns]
    shown: list[tuple[str | None, ...]] = []
    for text in table:
        budget.spend(text.batch)
        shown.extend(shown_rows(text.batch, ROWS_SHOWN - len(shown)))
        for profile, values in zip(profiles, text.batch.columns, strict=True):
            profile.add(values)
    dropped = _dropped(table, stated, [profile.values for profile in profiles])
    refuse_unknown(stated, table.columns)
    kept = [(c, p) for c, p in zip(table.columns, profiles, strict=True) if c.name not in dropped]
    return Preview(
        kind=table.kind,
        options=replace(table.settled(stated), drop_columns=dropped),
        confidence=table.confidence,
        columns=tuple(_preview_of(column, profile, table.quoted) for column, profile in kept),
        rows=tuple(without(table.columns, dropped, row) for row in shown),
        row_count=budget.rows,
        warnings=tuple(_warnings(table, dropped)),
        head=tuple(_top_row(row) for row in table.top),
        sheets=table.sheets,
    )


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
    budget = Budget(limits)
    misfits = {name: Misfits() for name in kept}
    with BoundedWriter(target, _schema(kinds), budget) as writer:
        for text in table:
            typed = _typed(text, kinds, misfits)
            if any(found.count for found in misfits.values()) or table.irregularities.uneven_count:
                continue  # refused at the end, with all that is wrong; nothing more is written
            writer.write(typed)
    if table.irregularities.uneven_count:
        raise DecodeRefused("uneven_rows", table.irregularities.uneven_rows())
    refuse_misfits(kinds, misfits)
    settled = replace(table.settled(stated), drop_columns=dropped)
    return decoded(table.kind, settled, writer, budget, list(_warnings(table, dropped)))


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


def _warnings(table: TextTable, dropped: Sequence[str]) -> Iterator[Message]:
    yield from table.warnings
    if dropped:
        yield _("Columns left out: %(names)s.", names=", ".join(dropped))
    yield from table.irregularities.warnings()


def text_batch(
    columns: Sequence[Column], rows: Sequence[Sequence[str | None]], numbers: Sequence[int]
) -> TextBatch:
    """Rows of as many texts as there are columns. Refuses what no text holds, naming the column."""
    arrays = []
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        try:
            array = pa.array(values, pa.string())
        except (UnicodeEncodeError, pa.ArrowException) as error:
            raise _no_text(column) from error
        if pc.any(pc.match_substring(array, "\0")).as_py():
            raise _no_text(column)
        arrays.append(array)
    batch = pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])
    return TextBatch(batch, numbers.__getitem__)


def _no_text(column: Column) -> DecodeRefused:
    detail = _("Column “%(column)s” holds characters that no text holds.", column=column.name)
    return DecodeRefused("binary", detail)


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


def _preview_of(column: Column, profile: ColumnProfile, quoted: frozenset[str]) -> ColumnPreview:
    kind, note = profile.proposal()
    if column.name in quoted and kind.partition("(")[0] in _NUMBERS:
        kind, note = "string", _("Kept as text: the file itself marks these values as texts.")
    return ColumnPreview(
        column.name, column.original_name, kind, profile.nulls, tuple(profile.samples), note
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
        yield tuple(
            None if cell is None else str(cell)[:_CELL_SHOWN].replace("\0", "␀") for cell in row
        )


def without(
    columns: Sequence[Column], dropped: Sequence[str], row: tuple[str | None, ...]
) -> tuple[str | None, ...]:
    """The cells of ``row`` that stand in columns not dropped."""
    return tuple(
        cell for column, cell in zip(columns, row, strict=True) if column.name not in dropped
    )


def refuse_unknown(options: ReadOptions, columns: Sequence[Column]) -> None:
    """Refuse options that name columns the file does not have."""
    unknown = {*options.types, *(options.drop_columns or ())} - {column.name for column in columns}
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
