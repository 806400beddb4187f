"""How a text table is laid out: delimiter, header row, column names.

Looks at the first megabyte. Runs in the child.

- **Delimiter**: the one of ``, ; tab |`` for which most of the first 1,000 rows have the same
  number (≥ 2) of cells; the wider one when two are equal. Rows of that width, once begun, have to
  go on: signs in a column of free text are none, and the table has one column.
- **Quotes after blanks** (``1, "Greg"``): read as quotes when a blank follows every delimiter and
  all rows then have as many cells; otherwise the text is taken as it stands.
- **Header row and names**: see ``headers.py``.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuqiao.arrow.intake.column_names import Column
from shuqiao.arrow.intake.encodings import Encoding, decoded_chunks
from shuqiao.arrow.intake.headers import arrange, filled
from shuqiao.arrow.intake.options import DELIMITERS, DecodeLimits
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import Message, _

#: Characters looked at; the header must end within them.
HEAD_LENGTH: Final = 1_048_576
ROWS_LOOKED_AT: Final = 1_000
#: Rows shown as they are, so that a person can choose the header row;
#: more when it lies further down.
ROWS_AT_TOP: Final = 10
TOP_LIMIT: Final = 40
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Head:
    """The first characters of a file; ``whole`` when there are no more."""

    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One row of cells and the place in the head where it ends."""

    cells: tuple[str, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the data begins (UTF-8 bytes into the decoded text), the
    columns, the first rows as they are (``top``).
    """

    delimiter: str
    header_row: int
    data_offset: int
    columns: tuple[Column, ...]
    warnings: tuple[Message, ...]
    top: tuple[tuple[str, ...], ...] = ()
    has_late_quotes: bool = False
    header_rows: int | None = None


def read_head(path: Path, encoding: Encoding) -> Head:
    """The first ``HEAD_LENGTH`` characters, read from as many chunks as that takes."""
    parts: list[str] = []
    length = 0
    for text in decoded_chunks(path, encoding):
        parts.append(text)
        length += len(text)
        if length > HEAD_LENGTH:
            break
    return Head("".join(parts)[:HEAD_LENGTH], length <= HEAD_LENGTH)


def find_layout(
    head: Head,
    delimiter: str | None,
    header_row: int | None,
    limits: DecodeLimits,
    header_rows: int | None = None,
) -> Layout:
    """Find what was not stated.

    Raises :class:`DecodeRefused` for names and numbers of columns beyond the limits.
    """
    if delimiter is None:
        delimiter = _guess_delimiter(head)
    most = max(ROWS_LOOKED_AT, (header_row or 0) + 1)
    records = list(_records(head, delimiter, most))
    has_late_quotes = _has_late_quotes(records, delimiter, head)
    if has_late_quotes:
        records = list(_records(head, delimiter, most, skips_blanks=True))
    if not any(filled(record.cells) for record in records):
        raise _no_rows(head)
    if (
        len(records) == 1
        and len(records[0].cells) == 1
        and head.whole
        and "\n" not in head.text.rstrip("\n")
    ):
        raise DecodeRefused("not_a_table", _("The file holds a single value, not a table."))
    found = arrange([record.cells for record in records], header_row, limits, header_rows)
    start = records[found.header_row - 1].end if found.header_row else 0
    return Layout(
        delimiter,
        found.header_row,
        len(head.text[:start].encode()),
        found.columns,
        found.warnings,
        tuple(
            record.cells for record in records[: max(ROWS_AT_TOP, found.header_row + 3)][:TOP_LIMIT]
        ),
        has_late_quotes,
        found.header_rows,
    )


def _has_late_quotes(records: Sequence[Record], delimiter: str, head: Head) -> bool:
    """Whether cells are quoted after a blank (``1, "Greg"``), which no
    reader of strict CSV sees as quotes.
    """
    if f'{delimiter} "' not in head.text:
        return False
    later = [cell for record in records for cell in record.cells[1:] if cell]
    if not later or not all(cell.startswith(" ") for cell in later):
        return False  # read so, blanks that belong to a value would go
    widths = {
        len(record.cells)
        for record in _records(head, delimiter, ROWS_LOOKED_AT, skips_blanks=True)
        if filled(record.cells)
    }
    return len(widths) == 1


def _records(
    head: Head, delimiter: str, most: int, *, skips_blanks: bool = False
) -> Iterator[Record]:
    """The complete rows of the head, in order; a row cut off at its end is left out."""
    position = 0

    def lines() -> Iterator[str]:
        nonlocal position
        for match in _LINE.finditer(head.text):
            if match.group():
                position = match.end()
                yield match.group()

    rows = csv.reader(lines(), delimiter=delimiter, skipinitialspace=skips_blanks)
    try:
        for _number, cells in zip(range(most), rows, strict=False):
            if position >= len(head.text) and not head.whole:
                return
            yield Record(tuple(cells), position)
    except csv.Error:  # a cell beyond the field limit: what came before it is all we show
        return


def _guess_delimiter(head: Head) -> str:
    unused = [delimiter for delimiter in DELIMITERS if delimiter not in head.text]
    best, best_score = (unused or ["\t"])[0], (0.0, 1)
    for delimiter in DELIMITERS:
        found = [len(r.cells) for r in _records(head, delimiter, ROWS_LOOKED_AT) if r.cells]
        widths = Counter(found)
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = (round(rows / widths.total(), 1), width)
        if width > 1 and score > best_score and _goes_on(found, width):
            best, best_score = delimiter, score
    return best


def _goes_on(widths: Sequence[int], width: int) -> bool:
    """Whether rows of ``width`` cells, once begun, go on: signs in a column of free text do not."""
    below = widths[widths.index(width) :]
    alike = sum(1 for each in below if each == width)
    if len(below) == len(widths):
        return 2 * alike >= len(below)
    return alike > 1 and 2 * alike >= len(below)


def _no_rows(head: Head) -> DecodeRefused:
    if head.whole:
        return DecodeRefused("empty", _("The file holds no rows."))
    detail = _(
        "The first row is longer than a megabyte: a quotation mark is not closed, or this is not a "
        "table."
    )
    return DecodeTooLarge("row_length", detail)
