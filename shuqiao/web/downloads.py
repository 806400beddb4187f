"""Tables as files to download: CSV, XLSX and JSON lines of any length.

A file is written whole, to disk beyond a few megabytes, before its first byte leaves: a failure
half-way is an error page and never half a file, and a slow reader holds a file open but no database
connection.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from urllib.parse import quote

import xlsxwriter
from starlette.responses import Response, StreamingResponse

from shuqiao import clock, deadline
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.settings import settings

#: Rows below the header that a worksheet can hold.
XLSX_ROWS: Final = 1_048_575
_MEMORY_BYTES: Final = 4 * 1_048_576
_CHUNK_BYTES: Final = 65_536
#: What a spreadsheet takes for the start of a formula (OWASP, CSV injection); of the full-width
#: signs, Chinese and Japanese ones too.
FORMULA: Final = r"^\s*[=+\-@＝＋－＠]|^[\t\r]"
#: Of these what runs nothing: a number, a sign by itself, a telephone number. No name, no cell and
#: no function can stand in it, whatever a spreadsheet makes of it.
HARMLESS: Final = r"^ *[+\-＋－][0-9 .,()%/\-–—]*(?:[eE][+\-]?[0-9]+)?$"
Cell = str | int | float | bool | date | datetime | None


class FileKind(StrEnum):
    """Kinds of export files."""

    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"

    @property
    def media(self) -> str:
        return _MEDIA[self]


_MEDIA: Final = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.JSONL: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class TitledColumn:
    """The head of a column, and its width in a worksheet in characters."""

    title: Message
    width: int = 14


def table_file(
    kind: FileKind,
    sheet: Message,
    columns: Sequence[TitledColumn],
    rows: Iterable[Sequence[Cell]],
    cover: Sequence[tuple[Message, Cell]] = (),
) -> IO[bytes]:
    """``rows`` under their titles, in the reader's language, as XLSX or CSV; ``cover``: facts on a
    sheet of their own before it, in XLSX.
    Raises ``Invalid`` (422) when the rows are more than a worksheet holds.
    """
    return _xlsx(sheet, columns, rows, cover) if kind is FileKind.XLSX else _csv(columns, rows)


def jsonl_file(objects: Iterable[Any]) -> IO[bytes]:
    """One JSON object a line, UTF-8."""
    with _spool() as file:
        for each in objects:
            file.write(json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return file


def download(file: IO[bytes], kind: FileKind, name: str) -> Response:
    """``file`` from its start as a download called ``name`` (without
    ending); closed when it has been sent.
    """
    length = file.tell()
    file.seek(0)
    full = quote(f"{name}.{kind.value}", safe="")
    headers = {
        "content-length": str(length),
        "cache-control": "no-store",
        "content-disposition": f'attachment; filename="export.{kind.value}"; '
        f"filename*=UTF-8''{full}",
    }
    return StreamingResponse(_chunks(file), media_type=kind.media, headers=headers)


def guarded(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet would run it as a formula."""
    runs = re.match(FORMULA, text) and not re.match(HARMLESS, text)
    return f"'{text}" if runs else text


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:  # closed too when the reader leaves and the rest is never asked for
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


@contextmanager
def _spool() -> Iterator[IO[bytes]]:
    """A file for what is written in the block, in the time of an export; closed when that fails."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115 – handed on open
    try:
        with deadline.apart(settings().export_seconds):
            yield file
    except BaseException:
        file.close()
        raise


def _csv(columns: Sequence[TitledColumn], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """With a byte order mark, by which spreadsheets know UTF-8."""
    with _spool() as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        text.write("\ufeff")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([guarded(str(column.title)) for column in columns])
        for row in rows:
            writer.writerow([_in_csv(cell) for cell in row])
        text.detach()
    return file


def _in_csv(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(clock.BEIJING):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, bool):
        return str(_("Yes") if cell else _("No"))
    return guarded(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _xlsx(
    sheet: Message,
    columns: Sequence[TitledColumn],
    rows: Iterable[Sequence[Cell]],
    cover: Sequence[tuple[Message, Cell]],
) -> IO[bytes]:
    """Row by row in constant memory.

    Texts are written as texts: codes keep their zeros, formulas stay letters.
    """
    with _spool() as file, xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EAEEF5", "bottom": 1})
        formats: dict[type, Any] = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        if cover:
            _cover(book.add_worksheet(str(_("Cover"))), cover, head, formats)
        page = book.add_worksheet(str(sheet)[:31])
        page.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            page.set_column(place, place, column.width)
            page.write_string(0, place, str(column.title), head)
        for number, row in enumerate(rows, start=1):
            if number > XLSX_ROWS:
                raise Invalid(
                    _("A worksheet holds %(limit)s rows; export as CSV.", limit=XLSX_ROWS)
                )
            for place, cell in enumerate(row):
                _write(page, number, place, cell, formats)
    file.seek(0, io.SEEK_END)
    return file


def _cover(page: Any, facts: Sequence[tuple[Message, Cell]], head: Any, formats: Any) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 60)
    for number, (label, value) in enumerate(facts):
        page.write_string(number, 0, str(label), head)
        _write(page, number, 1, value, formats)


def _write(page: Any, row: int, place: int, cell: Cell, formats: dict[type, Any]) -> None:
    if isinstance(cell, datetime):
        page.write_datetime(
            row, place, cell.astimezone(clock.BEIJING).replace(tzinfo=None), formats[datetime]
        )
    elif isinstance(cell, date):
        page.write_datetime(row, place, cell, formats[date])
    elif isinstance(cell, bool):
        page.write_string(row, place, str(_("Yes") if cell else _("No")))
    elif isinstance(cell, int | float):
        page.write_number(row, place, cell)
    elif cell:
        page.write_string(row, place, cell)
