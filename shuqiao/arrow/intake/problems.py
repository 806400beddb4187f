"""Refusals that another way of reading ends: the file is kept, and what there is to choose from is
told. Runs in the child.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuqiao.arrow.intake.csv_table import CsvTable
from shuqiao.arrow.intake.file_kinds import file_kind
from shuqiao.arrow.intake.options import (
    TYPED_KINDS,
    WORKBOOK_KINDS,
    ColumnPreview,
    DecodeLimits,
    Preview,
    ReadOptions,
    SheetPreview,
)
from shuqiao.arrow.intake.workbooks import Workbook
from shuqiao.arrow.refusals import DecodeRefused

#: What may be another sheet, another header row or another encoding.
_OF_TEXTS: Final = frozenset(
    {
        "column_name_length",
        "too_many_columns",
        "header_row",
        "encoding_unknown",
        "not_this_encoding",
        "unknown_columns",
    }
)
_OF_WORKBOOKS: Final = frozenset({"not_a_table", "empty", "no_such_sheet", "sheet_cells"})
#: What a column left out ends.
_OF_COLUMNS: Final = frozenset({"column_type", "nested_column", "binary_column", "too_fine"})


def problem_of(
    path: Path, file_name: str, stated: ReadOptions, limits: DecodeLimits, refused: DecodeRefused
) -> Preview | None:
    """The file as far as it is known, with the reason why it cannot be read as ``stated``; None
    when no other way of reading would help.
    """
    try:
        kind = file_kind(path, file_name, limits)
    except DecodeRefused:
        return None
    sheets: tuple[SheetPreview, ...] = ()
    columns: tuple[ColumnPreview, ...] = ()
    head: tuple[tuple[str | None, ...], ...] = ()
    helps = refused.reason in _OF_TEXTS and kind not in TYPED_KINDS
    if kind in TYPED_KINDS:
        columns = _columns(path, kind)
        helps = refused.reason in _OF_COLUMNS and len(columns) > 1
    elif kind in WORKBOOK_KINDS:
        sheets = Workbook(path, kind, limits).described()
        helps = helps or (refused.reason in _OF_WORKBOOKS and len(sheets) > 1)
    elif kind == "csv" and helps:
        with suppress(DecodeRefused):
            plain = CsvTable(path, replace(stated, header_row=0), limits)
            head = tuple(tuple(cell[:100] or None for cell in row[:100]) for row in plain.top)
    if not helps or (kind in WORKBOOK_KINDS and not any(sheet.rows for sheet in sheets)):
        return None
    words = refused.detail or refused.title
    return Preview(
        kind, stated, 0.0, columns, (), 0, (), head, sheets, problem=words, reason=refused.reason
    )


def _columns(path: Path, kind: str) -> tuple[ColumnPreview, ...]:
    with suppress(pa.ArrowException, OSError, ValueError):
        if kind == "parquet":
            names = pq.read_schema(str(path)).names
        else:
            with pa.OSFile(str(path)) as source:
                is_file = source.read(6) == b"ARROW1"
                source.seek(0)
                opened = pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)
                names = opened.schema.names
        if len(set(names)) == len(names):
            return tuple(ColumnPreview(name, name, "string", 0, ()) for name in names)
    return ()
