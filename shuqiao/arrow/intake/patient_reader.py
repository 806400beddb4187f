"""Delimited text row by row, for tables whose rows are not all alike. Runs in the child.

Blank cells beyond the last column are nothing; cells that lack at the end of a row are missing
values, counted and named; a row with more values than there are columns is uneven. Quotes after
blanks are read as quotes where the layout says so. Streams, like the reader for even rows.
"""

import csv
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shuqiao.arrow.intake.batches import Irregularities, TextBatch, text_batch
from shuqiao.arrow.intake.csv_reader import never_closed
from shuqiao.arrow.intake.dialects import Layout
from shuqiao.arrow.intake.encodings import Encoding, decoded_chunks
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import _

_BATCH_ROWS: Final = 4_096
_BATCH_LENGTH: Final = 2 * 1_048_576
_LINES: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")


class PatientReader:
    """Iterates over the batches of one file. Afterwards ``irregularities`` says what was odd."""

    def __init__(
        self, path: Path, encoding: Encoding, layout: Layout, null_values: tuple[str, ...]
    ) -> None:
        self._path, self._encoding, self._layout = path, encoding, layout
        self._nulls = {"", *null_values}
        self._last_cell = secrets.token_hex(16)
        self.irregularities = Irregularities()

    def __iter__(self) -> Iterator[TextBatch]:
        rows: list[list[str | None]] = []
        numbers: list[int] = []
        length = 0
        for number, cells in self._data():
            row = self._even(number, cells)
            if row is None:
                continue
            rows.append(row)
            numbers.append(number)
            length += sum(map(len, cells))
            if len(rows) == _BATCH_ROWS or length > _BATCH_LENGTH:
                yield text_batch(self._layout.columns, rows, numbers)
                rows, numbers, length = [], [], 0
        if rows:
            yield text_batch(self._layout.columns, rows, numbers)

    def _data(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header with their numbers; refuses a quotation mark never closed."""
        read = csv.reader(
            self._lines(),
            delimiter=self._layout.delimiter,
            skipinitialspace=self._layout.has_late_quotes,
        )
        number = 0
        try:
            for number, cells in enumerate(read, start=1):
                if cells == [self._last_cell]:
                    return
                if number > self._layout.header_row:
                    yield number, cells
        except csv.Error:
            detail = _("The rows after row %(row)s cannot be read.", row=number)
            raise DecodeRefused("csv_damaged", detail) from None
        raise never_closed(number)

    def _lines(self) -> Iterator[str]:
        rest = ""
        for text in decoded_chunks(self._path, self._encoding):
            rest += text
            whole = 0
            for match in _LINES.finditer(rest):
                if match.group().endswith("\r") and match.end() == len(rest):
                    break  # its line feed may be in the next piece
                whole = match.end()
                yield match.group()
            rest = rest[whole:]
        if rest:
            yield rest if rest.endswith("\r") else rest + "\n"
        yield self._last_cell

    def _even(self, number: int, cells: list[str]) -> list[str | None] | None:
        width = len(self._layout.columns)
        row: list[str | None] = [None if cell in self._nulls else cell for cell in cells[:width]]
        if any(cell.strip() for cell in cells[width:]):
            self.irregularities.add_uneven(number)
            return None
        if not any(cell is not None for cell in row):
            self.irregularities.empty_count += 1
            return None
        if len(row) < width:
            self.irregularities.add_short(number)
            row += [None] * (width - len(row))
        return row
