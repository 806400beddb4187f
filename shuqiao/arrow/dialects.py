"""How a text table is laid out: delimiter, header row, column names. Looks at the first megabyte. Runs in the child.

- **Delimiter**: the one of ``, ; tab |`` for which most of the first 1,000 rows have the same number (≥ 2) of cells;
  the wider one when two are equal; none at all means a table of one column.
- **Header row**: the first row filled in at least a third as far as the rows usually are (two cells at least), so that
  titles and units above a table are skipped. When every typed column (number, date) has a fitting value in that row
  too, and these are not just years, there is no header (0).
- **Names**: invisible characters removed, blank ones become ``column_<n>``, repeated ones get ``_2``, ``_3``.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shuqiao.arrow.encodings import Encoding, decoded_chunks
from shuqiao.arrow.options import DELIMITERS, LAST_HEADER_ROW, DecodeLimits
from shuqiao.arrow.proposals import looks_typed
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import Message, _

#: Characters looked at; the header must end within them.
HEAD_LENGTH: Final = 1_048_576
_ROWS_LOOKED_AT: Final = 1_000
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")


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

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    original_name: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the data begins (UTF-8 bytes into the decoded text) and what the columns are called."""

    delimiter: str
    header_row: int
    data_offset: int
    columns: tuple[Column, ...]
    warnings: tuple[Message, ...]


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


def find_layout(head: Head, delimiter: str | None, header_row: int | None, limits: DecodeLimits) -> Layout:
    """Find what was not stated. Raises :class:`DecodeRefused` for names and numbers of columns beyond the limits."""
    if delimiter is None:
        delimiter = _guess_delimiter(head)
    records = list(_records(head, delimiter, max(_ROWS_LOOKED_AT, (header_row or 0) + 1)))
    if not any(record.filled for record in records):
        raise _no_rows(head)
    if len(records) == 1 and len(records[0].cells) == 1 and head.whole and "\n" not in head.text.rstrip("\n"):
        raise DecodeRefused("not_a_table", _("The file holds a single value, not a table."))
    widest = max(len(record.cells) for record in records)
    _check_width(widest, limits)
    if header_row is None:
        header_row = _guess_header(records)
    if header_row > len(records):
        raise DecodeRefused("header_row", _("The file has no row %(row)s.", row=header_row))
    return _laid_out(head, delimiter, header_row, records, limits)


def _laid_out(head: Head, delimiter: str, header_row: int, records: Sequence[Record], limits: DecodeLimits) -> Layout:
    header = records[header_row - 1].cells if header_row else ()
    data = records[header_row:]
    usual = Counter(len(record.cells) for record in data if record.filled).most_common(1)
    named = len(header) if any(cell.strip() for cell in header) else 0
    while named and usual and named > usual[0][0] and not header[named - 1].strip():
        named -= 1  # blank names beyond the data
    width = max(usual[0][0] if usual else 0, named)
    columns, warnings = name_columns([*header[:width], *[""] * (width - len(header))], limits)
    start = records[header_row - 1].end if header_row else 0
    if header_row > 1:
        skipped = _("The %(count)s rows above the header row are left out.", count=header_row - 1)
        warnings = (skipped, *warnings)
    if header_row == 0:
        warnings = (_("No header row was found: the columns are numbered."),)
    return Layout(delimiter, header_row, len(head.text[:start].encode()), columns, warnings)


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
        widths = Counter(len(r.cells) for r in _records(head, delimiter, _ROWS_LOOKED_AT) if r.cells)
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = (round(rows / widths.total(), 1), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _guess_header(records: Sequence[Record]) -> int:
    usual = Counter(record.filled for record in records if record.filled).most_common(1)[0][0]
    enough = max(min(2, usual), -(-usual // 3))
    row = next(number for number, record in enumerate(records, start=1) if record.filled >= enough)
    if row > LAST_HEADER_ROW:
        return 0
    return 0 if _is_data(records[row - 1], records[row:]) else row


def _is_data(first: Record, below: Sequence[Record]) -> bool:
    """Whether the first full row looks like those below it in every typed column."""
    fitting: list[str] = []
    for index, cell in enumerate(first.cells):
        values = [r.cells[index] for r in below[:100] if index < len(r.cells) and r.cells[index].strip()]
        if not values or not all(looks_typed(value) for value in values):
            continue
        if cell.strip() and not looks_typed(cell):
            return False
        if cell.strip():
            fitting.append(cell.strip())
    return len(fitting) >= 2 and not all(_YEAR.fullmatch(cell) for cell in fitting)


def name_columns(originals: Sequence[str], limits: DecodeLimits) -> tuple[tuple[Column, ...], tuple[Message, ...]]:
    """Unique, visible names for ``originals``, and a warning for each sort of change."""
    _check_width(len(originals), limits)
    cleaned = [visible(name) for name in originals]
    for number, name in enumerate(cleaned, start=1):
        if len(name) > limits.name_length:
            raise _long_name(number, limits)
    taken = {name for name in cleaned if name}
    used: set[str] = set()
    columns: list[Column] = []
    blank: list[str] = []
    repeated: list[str] = []
    for number, (original, name) in enumerate(zip(originals, cleaned, strict=True), start=1):
        unique = name or f"column_{number}"
        copy = 1
        while unique in used or ((copy > 1 or not name) and unique in taken):
            copy += 1
            unique = f"{name or f'column_{number}'}_{copy}"
        used.add(unique)
        if not name:
            blank.append(unique)
        elif copy > 1:
            repeated.append(unique)
        columns.append(Column(unique, original))
    warnings: list[Message] = []
    if blank:
        warnings.append(_("Columns without a name are called %(names)s.", names=_some(blank)))
    if repeated:
        warnings.append(_("Repeated column names were made unique: %(names)s.", names=_some(repeated)))
    return tuple(columns), tuple(warnings)


def visible(name: str) -> str:
    """``name`` in NFC on one line, without control, bidi and zero-width characters, without quotes left around it."""
    shown = "".join(" " if char in "\r\n\t" else char for char in unicodedata.normalize("NFC", name))
    shown = "".join(char for char in shown if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    shown = " ".join(shown.split())
    if len(shown) > 1 and shown[0] == shown[-1] == '"':
        shown = shown[1:-1].strip()
    return shown


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" … ({len(names)})" if len(names) > 5 else "")


def _check_width(width: int, limits: DecodeLimits) -> None:
    if width > limits.columns:
        detail = _("The table has %(count)s columns; at most %(limit)s are taken.", count=width, limit=limits.columns)
        raise DecodeRefused("too_many_columns", detail)


def _long_name(number: int, limits: DecodeLimits) -> DecodeRefused:
    detail = _(
        "The name of column %(number)s is longer than %(limit)s characters.", number=number, limit=limits.name_length
    )
    return DecodeRefused("column_name_length", detail)


def _no_rows(head: Head) -> DecodeRefused:
    if head.whole:
        return DecodeRefused("empty", _("The file holds no rows."))
    detail = _("The first row is longer than a megabyte: a quotation mark is not closed, or this is not a table.")
    return DecodeTooLarge("row_length", detail)
