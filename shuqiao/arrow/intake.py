"""What the limited child does with an uploaded file: describe it, or write it out as Arrow. Started by ``readers.py``.

Arguments and answers are plain JSON values, since they cross a process boundary.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from shuqiao.arrow.bounded_writer import BoundedWriter, Budget
from shuqiao.arrow.conversions import Misfits, convert, refuse_misfits
from shuqiao.arrow.csv_reader import CsvReader, TextBatch
from shuqiao.arrow.dialects import Column, Layout, find_layout, read_head
from shuqiao.arrow.encodings import Encoding, detect_encoding
from shuqiao.arrow.file_kinds import file_kind
from shuqiao.arrow.options import ColumnPreview, DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.parquet_reader import ParquetReader
from shuqiao.arrow.proposals import ColumnProfile, arrow_type, kind_of
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _

_ROWS_SHOWN: Final = 20
_CELL_SHOWN: Final = 200


def describe_file(path: str, file_name: str, options: Mapping[str, Any], limits: Mapping[str, int]) -> dict[str, Any]:
    """The :class:`Preview` of a file, as JSON. Reads all of it once."""
    bounds, stated = DecodeLimits(**limits), ReadOptions.from_json(options)
    _prepare_libraries(bounds)
    if file_kind(Path(path), file_name) == "parquet":
        return _describe_parquet(ParquetReader(Path(path), bounds), stated, bounds).to_json()
    return _CsvFile(Path(path), stated, bounds).describe().to_json()


def decode_file(
    path: str, file_name: str, options: Mapping[str, Any], limits: Mapping[str, int], target: str
) -> dict[str, Any]:
    """Write the table to ``target`` as an Arrow IPC file. Gives kind, options used, rows, bytes, batches, warnings."""
    bounds, stated = DecodeLimits(**limits), ReadOptions.from_json(options)
    _prepare_libraries(bounds)
    if file_kind(Path(path), file_name) == "parquet":
        return _decode_parquet(ParquetReader(Path(path), bounds), stated, bounds, Path(target))
    return _CsvFile(Path(path), stated, bounds).decode(Path(target))


def _prepare_libraries(limits: DecodeLimits) -> None:
    """One thread for work and one for reading ahead, so that memory stays at a few blocks; long cells bounded."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    csv.field_size_limit(2 * limits.cell_bytes)


class _CsvFile:
    """One text table with everything found out that the options left open, except the columns to drop."""

    def __init__(self, path: Path, stated: ReadOptions, limits: DecodeLimits) -> None:
        self._path, self._stated, self._limits = path, stated, limits
        self._encoding: Encoding = detect_encoding(path, stated.encoding)
        head = read_head(path, self._encoding)
        self._layout: Layout = find_layout(head, stated.delimiter, stated.header_row, limits)

    def describe(self) -> Preview:
        reader, budget = self._reader(), Budget(self._limits)
        columns = self._layout.columns
        profiles = [ColumnProfile(column.name) for column in columns]
        shown: list[tuple[str | None, ...]] = []
        for text in reader:
            budget.spend(text.batch)
            shown.extend(_shown(text.batch, _ROWS_SHOWN - len(shown)))
            for profile, values in zip(profiles, text.batch.columns, strict=True):
                profile.add(values)
        dropped = self._dropped(columns, [profile.values for profile in profiles])
        _refuse_unknown(self._stated, columns)
        warnings = [*self._warnings(dropped), *reader.irregularities.warnings()]
        return Preview(
            kind="csv",
            options=self._settled(dropped),
            confidence=self._encoding.confidence,
            columns=tuple(_preview_of(c, p) for c, p in zip(columns, profiles, strict=True) if c.name not in dropped),
            rows=tuple(_without(columns, dropped, row) for row in shown),
            row_count=budget.rows,
            warnings=tuple(warnings),
        )

    def decode(self, target: Path) -> dict[str, Any]:
        columns = self._layout.columns
        _refuse_unknown(self._stated, columns)
        dropped = self._stated.drop_columns
        if dropped is None:
            dropped = self._dropped(columns, self._filled_counts())
        kept = [column.name for column in columns if column.name not in dropped]
        if not kept:
            raise DecodeRefused("empty", _("All columns are left out."))
        kinds = {name: self._stated.types.get(name, "string") for name in kept}
        reader, budget = self._reader(), Budget(self._limits)
        misfits = {name: Misfits() for name in kept}
        with BoundedWriter(target, _schema(kinds), budget) as writer:
            for text in reader:
                typed = _typed(text, kinds, misfits)
                if any(found.count for found in misfits.values()) or reader.irregularities.uneven_count:
                    continue  # refused at the end, with all that is wrong; nothing more is written
                writer.write(typed)
        if reader.irregularities.uneven_count:
            raise DecodeRefused("uneven_rows", reader.irregularities.uneven_rows())
        refuse_misfits(kinds, misfits)
        warnings = [*self._warnings(dropped), *reader.irregularities.warnings()]
        return _decoded("csv", self._settled(dropped), writer, budget, warnings)

    def _reader(self) -> CsvReader:
        return CsvReader(self._path, self._encoding, self._layout, self._stated.null_values)

    def _settled(self, dropped: Sequence[str]) -> ReadOptions:
        return replace(
            self._stated,
            encoding=self._encoding.name,
            delimiter=self._layout.delimiter,
            header_row=self._layout.header_row,
            drop_columns=tuple(dropped),
        )

    def _filled_counts(self) -> list[int]:
        """Values per column: one more pass, made only when there are nameless columns at the end."""
        counts = [0] * len(self._layout.columns)
        if self._layout.columns[-1].original_name.strip():
            return [1] * len(counts)
        for text in self._reader():
            counts = [n + len(c) - c.null_count for n, c in zip(counts, text.batch.columns, strict=True)]
        return counts

    def _dropped(self, columns: Sequence[Column], values: Sequence[int]) -> tuple[str, ...]:
        """The columns stated, else those at the end that have neither a name nor a single value."""
        if self._stated.drop_columns is not None:
            return self._stated.drop_columns
        kept = len(columns)
        while kept > 1 and not columns[kept - 1].original_name.strip() and not values[kept - 1]:
            kept -= 1
        return tuple(column.name for column in columns[kept:])

    def _warnings(self, dropped: Sequence[str]) -> Iterator[Message]:
        if self._encoding.confidence < 0.75:
            yield _(
                "The encoding %(encoding)s is a guess. Check the first rows; state another one if they are garbled.",
                encoding=self._encoding.name,
            )
        yield from self._layout.warnings
        if dropped:
            yield _("Columns left out: %(names)s.", names=", ".join(dropped))


def _describe_parquet(reader: ParquetReader, stated: ReadOptions, limits: DecodeLimits) -> Preview:
    budget = Budget(limits)
    budget.expect_rows(reader.claimed_rows)
    _refuse_unknown(stated, reader.columns)
    nulls = [0] * len(reader.schema)
    samples: list[list[str]] = [[] for _field in reader.schema]
    shown: list[tuple[str | None, ...]] = []
    for batch in reader:
        budget.spend(batch)
        shown.extend(_shown(batch, _ROWS_SHOWN - len(shown)))
        nulls = [n + column.null_count for n, column in zip(nulls, batch.columns, strict=True)]
        for taken, column in zip(samples, batch.columns, strict=True):
            if len(taken) < 5:
                values = [str(value) for value in column[:1_000].unique().drop_null()[:5].to_pylist()]
                taken.extend([value[:100] for value in values if value[:100] not in taken][: 5 - len(taken)])
    columns = tuple(
        ColumnPreview(column.name, column.original_name, kind_of(field.type), null_count, tuple(taken))
        for column, field, null_count, taken in zip(reader.columns, reader.schema, nulls, samples, strict=True)
        if column.name not in (stated.drop_columns or ())
    )
    rows = tuple(_without(reader.columns, stated.drop_columns or (), row) for row in shown)
    settled = replace(stated, drop_columns=stated.drop_columns or ())
    return Preview("parquet", settled, 1.0, columns, rows, budget.rows, reader.warnings)


def _decode_parquet(reader: ParquetReader, stated: ReadOptions, limits: DecodeLimits, target: Path) -> dict[str, Any]:
    budget = Budget(limits)
    budget.expect_rows(reader.claimed_rows)
    _refuse_unknown(stated, reader.columns)
    dropped = stated.drop_columns or ()
    kept = [field for field in reader.schema if field.name not in dropped]
    # A column that has the kind asked for already keeps its own type: int16 stays int16.
    own = {field.name: kind_of(field.type) for field in kept}
    recast = {name: kind for name, kind in stated.types.items() if own.get(name, kind) != kind}
    schema = pa.schema([pa.field(f.name, arrow_type(recast[f.name]) if f.name in recast else f.type) for f in kept])
    if not kept:
        raise DecodeRefused("empty", _("All columns are left out."))
    misfits = {name: Misfits() for name in recast}
    first = 1
    with BoundedWriter(target, schema, budget) as writer:
        for batch in reader:
            columns = [_recast(batch[f.name], recast.get(f.name), misfits.get(f.name), first) for f in kept]
            first += batch.num_rows
            if not any(found.count for found in misfits.values()):
                writer.write(pa.record_batch(columns, schema=schema))
    refuse_misfits(recast, misfits)
    return _decoded("parquet", replace(stated, drop_columns=dropped), writer, budget, list(reader.warnings))


def _recast(column: pa.Array, kind: str | None, misfits: Misfits | None, first: int) -> pa.Array:
    if kind is None or misfits is None:
        return column
    return convert(column.cast(pa.string()), kind, misfits, lambda position: first + position)


def _typed(text: TextBatch, kinds: Mapping[str, str], misfits: Mapping[str, Misfits]) -> pa.RecordBatch:
    columns = [convert(text.batch[name], kind, misfits[name], text.row_number) for name, kind in kinds.items()]
    return pa.record_batch(columns, schema=_schema(kinds))


def _schema(kinds: Mapping[str, str]) -> pa.Schema:
    return pa.schema([pa.field(name, arrow_type(kind)) for name, kind in kinds.items()])


def _preview_of(column: Column, profile: ColumnProfile) -> ColumnPreview:
    kind, note = profile.proposal()
    return ColumnPreview(column.name, column.original_name, kind, profile.nulls, tuple(profile.samples), note)


def _shown(batch: pa.RecordBatch, most: int) -> Iterator[tuple[str | None, ...]]:
    columns = [column[: max(most, 0)].to_pylist() for column in batch.columns]
    for row in zip(*columns, strict=True):
        yield tuple(None if cell is None else str(cell)[:_CELL_SHOWN] for cell in row)


def _without(columns: Sequence[Column], dropped: Sequence[str], row: tuple[str | None, ...]) -> tuple[str | None, ...]:
    return tuple(cell for column, cell in zip(columns, row, strict=True) if column.name not in dropped)


def _refuse_unknown(options: ReadOptions, columns: Sequence[Column]) -> None:
    unknown = {*options.types, *(options.drop_columns or ())} - {column.name for column in columns}
    if unknown:
        detail = _("The options name %(count)s columns that the file does not have.", count=len(unknown))
        raise DecodeRefused("unknown_columns", detail)


def _decoded(
    kind: str, options: ReadOptions, writer: BoundedWriter, budget: Budget, warnings: Sequence[Message]
) -> dict[str, Any]:
    return {
        "kind": kind,
        "options": options.to_json(),
        "rows": budget.rows,
        "bytes": budget.bytes,
        "batches": writer.batches,
        "warnings": [warning.to_json() for warning in warnings],
    }
