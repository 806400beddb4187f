"""What the limited child does with an uploaded file: describe it, or write it out as Arrow.

Started by ``readers.py``.

Arguments and answers are plain JSON values, since they cross a process boundary.
"""

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from shuqiao.arrow.intake import text_tables, typed_tables
from shuqiao.arrow.intake.arrow_reader import ArrowReader
from shuqiao.arrow.intake.csv_table import CsvTable
from shuqiao.arrow.intake.encoding_question import encoding_open, readings_shown
from shuqiao.arrow.intake.file_kinds import file_kind
from shuqiao.arrow.intake.json_table import JsonTable
from shuqiao.arrow.intake.options import WORKBOOK_KINDS, DecodeLimits, FileKind, ReadOptions
from shuqiao.arrow.intake.parquet_reader import ParquetReader
from shuqiao.arrow.intake.problems import problem_of
from shuqiao.arrow.intake.sheet_table import SheetTable
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.errors import FieldError
from shuqiao.i18n import _


def describe_file(
    path: str,
    file_name: str,
    options: Mapping[str, Any],
    limits: Mapping[str, int],
    keeps: bool = False,
) -> dict[str, Any]:
    """The :class:`Preview` of a file, as JSON.

    Reads all of it once, and again in each encoding it may be in. With ``keeps`` a refusal that
    another way of reading would end is told in the preview, beside what there is to choose from.
    """
    bounds, stated = DecodeLimits(**limits), ReadOptions.from_json(options)
    try:
        return _described(path, file_name, stated, bounds)
    except DecodeRefused as refused:
        found = problem_of(Path(path), file_name, stated, bounds, refused) if keeps else None
        if found is None:
            raise
        return found.to_json()


def _described(
    path: str, file_name: str, stated: ReadOptions, bounds: DecodeLimits
) -> dict[str, Any]:
    table = _opened(Path(path), file_name, stated, bounds, with_sheets=True)
    if isinstance(table, ParquetReader | ArrowReader):
        return typed_tables.describe(table, stated, bounds).to_json()
    found = text_tables.describe(table, stated, bounds)
    if isinstance(table, CsvTable | JsonTable) and table.readings:
        kind = type(table)
        shown = readings_shown(
            table.readings, lambda name: kind(Path(path), replace(stated, encoding=name), bounds)
        )
        found = replace(found, readings=shown)
    return found.to_json()


def decode_file(
    path: str, file_name: str, options: Mapping[str, Any], limits: Mapping[str, int], target: str
) -> dict[str, Any]:
    """Write the table to ``target`` as an Arrow IPC file.

    Gives kind, options used, rows, bytes, batches, warnings.
    """
    bounds, stated = DecodeLimits(**limits), ReadOptions.from_json(options)
    table = _opened(Path(path), file_name, stated, bounds, with_sheets=False)
    if isinstance(table, ParquetReader | ArrowReader):
        return typed_tables.decode(table, stated, bounds, Path(target))
    if table.readings:
        raise encoding_open()
    return text_tables.decode(table, stated, bounds, Path(target))


def _opened(
    path: Path, file_name: str, stated: ReadOptions, limits: DecodeLimits, *, with_sheets: bool
) -> ParquetReader | ArrowReader | SheetTable | JsonTable | CsvTable:
    _prepare_libraries(limits)
    kind = file_kind(path, file_name, limits)
    _refuse_sheet(stated, kind)
    if kind == "parquet":
        return ParquetReader(path, limits, stated.drop_columns or ())
    if kind == "arrow":
        return ArrowReader(path, limits, stated.drop_columns or ())
    if kind in WORKBOOK_KINDS:
        return SheetTable(path, kind, stated, limits, with_sheets=with_sheets)
    if kind == "json":
        return JsonTable(path, stated, limits)
    return CsvTable(path, stated, limits)


def _refuse_sheet(stated: ReadOptions, kind: FileKind) -> None:
    if stated.sheet is not None and kind not in WORKBOOK_KINDS:
        detail = _("Only workbooks have sheets; this file is none.")
        error = FieldError("/sheet", "no_such_sheet", detail, _("Leave it out."))
        raise DecodeRefused("no_such_sheet", detail, errors=[error])


def _prepare_libraries(limits: DecodeLimits) -> None:
    """One thread for work and one for reading ahead, so that memory
    stays at a few blocks; long cells bounded.
    """
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    csv.field_size_limit(2 * limits.cell_bytes)
