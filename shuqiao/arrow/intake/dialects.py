"""How a text table is laid out: delimiter, header row, column names.

Looks at the first megabyte. Runs in the child.

- **Delimiter**: the one of ``, ; tab |`` for which most of the first 1,000 rows have the same
  number (≥ 2) of cells; the wider one when two are equal; none at all means a table of one column.
- **Header row and names**: see ``headers.py``.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuqiao.arrow.intake.encodings import Encoding, decoded_chunks
from shuqiao.arrow.intake.headers import Column, arrange, filled
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
    head: Head, delimiter: str | None, header_row: int | None, limits: DecodeLimits
) -> Layout:
    """Find what was not stated.

    Raises :class:`DecodeRefused` for names and numbers of columns beyond the limits.
    """
    if delimiter is None:
        delimiter = _guess_delimiter(head)
    records = list(_records(head, delimiter, max(ROWS_LOOKED_AT, (header_row or 0) + 1)))
    if not any(filled(record.cells) for record in records):
        raise _no_rows(head)
    if (
        len(records) == 1
        and len(records[0].cells) == 1
        and head.whole
        and "\n" not in head.text.rstrip("\n")
    ):
        raise DecodeRefused("not_a_table", _("The file holds a single value, not a table."))
    found = arrange([record.cells for record in records], header_row, limits)
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
        _has_late_quotes(records, delimiter, head),
    )


def _has_late_quotes(records: Sequence[Record], delimiter: str, head: Head) -> bool:
    """Whether cells are quoted after a blank (``1, "Greg"``), which no
    reader of strict CSV sees as quotes.
    """
    if f'{delimiter} "' not in head.text:
        return False
    late = [cell for record in records for cell in record.cells if cell.startswith(' "')]
    return bool(late) and all(
        len(cell.rstrip()) > 2 and cell.rstrip().endswith('"') for cell in late
    )


def _records(head: Head, delimiter: str, most: int) -> Iterator[Record]:
    """The complete rows of the head, in order; a row cut off at its end is left out."""
    position = 0

    def lines() -> Iterator[str]:
        nonlocal position
        for match in _LINE.finditer(head.text):
            if match.group():
                position = match.end()
                yield match.group()

    rows = csv.reader(lines(), delimiter=delimiter)
    try:
        for _number, cells in zip(range(most), rows, strict=False):
            if position >= len(head.text) and not head.whole:
                return
            yield Record(tuple(cells), position)
    except csv.Error:  # a cell beyond the field limit: what came before it is all we show
        return


def _guess_delimiter(head: Head) -> str:
    best, best_score = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        widths = Counter(len(r.cells) for r in _records(head, delimiter, ROWS_LOOKED_AT) if r.cells)
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = (round(rows / widths.total(), 1), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _no_rows(head: Head) -> DecodeRefused:
    if head.whole:
        return DecodeRefused("empty", _("The file holds no rows."))
    detail = _(
        "The first row is longer than a megabyte: a quotation mark is not closed, or this is not a "
        "table."
    )
    return DecodeTooLarge("row_length", detail)
