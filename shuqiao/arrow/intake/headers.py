"""Which row of a table names its columns, and what the columns are then called.

For text tables and spreadsheets.

- **Header row**: the first row filled in at least a third as far as the rows usually are (two cells
  at least), so that titles and units above a table are skipped. When every typed column (number,
  date) has a fitting value in that row too, and these are not just years, there is no header (0).
- **Several header rows** (group headings above the names): rows below it that have texts where the
  rows further down have numbers and dates are names too, up to three; the last one counts. Its
  blank cells take the name above them, as a cell merged downwards looks. A first row less than half
  filled above a full one of texts gives way to that as well.
- **Names**: invisible characters removed, blank ones become ``column_<n>``, repeated ones get
  ``_2``, ``_3``.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuqiao.arrow.intake.options import LAST_HEADER_ROW, DecodeLimits
from shuqiao.arrow.intake.proposals import MARKERS, looks_typed
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _, ngettext

_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}年?")
_FURTHER_HEADERS: Final = 3
_ROWS_COMPARED: Final = 100

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    original_name: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The header row (0: none), the columns, and what is worth saying about them."""

    header_row: int
    columns: tuple[Column, ...]
    warnings: tuple[Message, ...]


def arrange(rows: Sequence[Cells], stated: int | None, limits: DecodeLimits) -> Arrangement:
    """Columns of the table that begins with ``rows`` (one at least filled).

    Raises :class:`DecodeRefused`.
    """
    _check_width(max(len(cells) for cells in rows), limits)
    header_row = find_header(rows) if stated is None else stated
    if header_row > len(rows):
        raise DecodeRefused("header_row", _("The file has no row %(row)s.", row=header_row))
    header = list(rows[header_row - 1]) if header_row else []
    data = rows[header_row:]
    usual = Counter(len(cells) for cells in data if filled(cells)).most_common(1)
    named = len(header) if filled(header) else 0
    while named and usual and named > usual[0][0] and not header[named - 1].strip():
        named -= 1  # blank names beyond the data
    width = max(usual[0][0] if usual else 0, named)
    header = [*header[:width], *[""] * (width - len(header))]
    has_names_above = header_row > 1 and _names_above(rows, header_row)
    if has_names_above:
        above = rows[header_row - 2]
        header = [
            name if name.strip() or n >= len(above) else above[n] for n, name in enumerate(header)
        ]
    columns, about_names = name_columns(header, limits)
    if header_row == 0:
        return Arrangement(0, columns, (_("No header row was found: the columns are numbered."),))
    return Arrangement(
        header_row, columns, (*_said(header, header_row, has_names_above, data), *about_names)
    )


def _said(
    header: Cells, header_row: int, has_names_above: bool, data: Sequence[Cells]
) -> list[Message]:
    said: list[Message] = []
    if header_row > 1:
        said.append(
            ngettext(
                "The %(count)s row above the header row is left out.",
                "The %(count)s rows above the header row are left out.",
                header_row - 1,
            )
        )
    if has_names_above:
        words = _(
            "Rows %(above)s and %(row)s both look like names of columns: row %(row)s counts, and "
            "row %(above)s where "
            "it is blank. Choose another header row if that is wrong.",
            above=header_row - 1,
            row=header_row,
        )
        said.append(words)
    blank = [n for n, name in enumerate(header) if not name.strip()]
    below = data[0] if data else ()
    if len(blank) > 2 and all(
        n < len(below) and below[n].strip() and not looks_typed(below[n]) for n in blank
    ):
        row = header_row + 1
        words = _(
            "Row %(row)s may hold the missing names. Choose it as header row if it does.", row=row
        )
        said.append(words)
    return said


def filled(cells: Cells) -> int:
    """How many cells hold something visible."""
    return sum(1 for cell in cells if cell.strip())


def find_header(rows: Sequence[Cells]) -> int:
    """The header row by the rule above, 1 is the first row, 0 means none."""
    usual = _usual(rows)
    enough = max(min(2, usual), -(-usual // 3))
    row = next(number for number, cells in enumerate(rows, start=1) if filled(cells) >= enough)
    if row > LAST_HEADER_ROW:
        return 0
    if _is_data(rows[row - 1], rows[row:]):
        return 0
    last = row
    below = [
        number for number in range(row + 1, len(rows)) if filled(rows[number - 1])
    ]  # the last row is none
    for place, further in enumerate(below[:_FURTHER_HEADERS]):
        cells = rows[further - 1]
        gives_way = place == 0 and _gives_way(rows[row - 1], cells, usual)
        if gives_way or _names_typed_columns(cells, rows[further:], usual):
            last = further
    return last


def _usual(rows: Sequence[Cells]) -> int:
    return Counter(count for cells in rows if (count := filled(cells))).most_common(1)[0][0]


def _is_data(first: Cells, below: Sequence[Cells]) -> bool:
    """Whether the first full row looks like those below it in every typed column."""
    fitting: list[str] = []
    for index, cell in enumerate(first):
        values = [
            row[index] for row in below[:_ROWS_COMPARED] if index < len(row) and row[index].strip()
        ]
        if not values or not all(looks_typed(value) for value in values):
            continue
        if cell.strip() and not looks_typed(cell):
            return False
        if cell.strip():
            fitting.append(cell.strip())
    return len(fitting) >= 2 and not all(_YEAR.fullmatch(cell) for cell in fitting)


def _names_typed_columns(cells: Cells, below: Sequence[Cells], usual: int) -> bool:
    """Whether texts (or years) stand in ``cells`` where the rows below
    mostly have numbers and dates.
    """
    if 2 * filled(cells) < usual:
        return False
    typed, texts = 0, 0
    for index, cell in enumerate(cells):
        values = [
            row[index].strip()
            for row in below[:_ROWS_COMPARED]
            if index < len(row) and row[index].strip()
        ]
        values = [value for value in values if value not in MARKERS]
        if len(values) < 2 or 5 * sum(map(looks_typed, values)) < 4 * len(values):
            continue
        typed += 1
        name = cell.strip()
        if looks_typed(name):
            years = sum(1 for value in values if _YEAR.fullmatch(value))
            if not _YEAR.fullmatch(name) or 2 * years >= len(values):
                return False
        texts += any(char.isalnum() for char in name) and name not in MARKERS
    return texts >= 2 and 2 * texts >= typed


def _gives_way(first: Cells, second: Cells, usual: int) -> bool:
    return 2 * filled(first) < usual <= filled(second) and not any(
        looks_typed(cell) for cell in second
    )


def _names_above(rows: Sequence[Cells], header_row: int) -> bool:
    """Whether the row above the header is one of names too: three cells
    at least, without numbers and dates.
    """
    usual = _usual(rows)
    values = [cell.strip() for cell in rows[header_row - 2] if cell.strip()]
    if len(values) < min(3, usual) or 3 * len(values) < usual:
        return False
    return not any(looks_typed(value) and not _YEAR.fullmatch(value) for value in values)


def name_columns(
    originals: Sequence[str], limits: DecodeLimits
) -> tuple[tuple[Column, ...], tuple[Message, ...]]:
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
        columns.append(Column(unique, original.replace("\0", "")))
    warnings: list[Message] = []
    if blank:
        warnings.append(_("Columns without a name are called %(names)s.", names=_some(blank)))
    if repeated:
        warnings.append(
            _("Repeated column names were made unique: %(names)s.", names=_some(repeated))
        )
    return tuple(columns), tuple(warnings)


def visible(name: str) -> str:
    """``name`` in NFC on one line, without control, bidi and zero-width
    characters, without quotes left around it.
    """
    shown = "".join(
        " " if char in "\r\n\t" else char for char in unicodedata.normalize("NFC", name)
    )
    shown = "".join(
        char for char in shown if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    shown = " ".join(shown.split())
    if len(shown) > 1 and shown[0] == shown[-1] == '"':
        shown = shown[1:-1].strip()
    return shown


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" … ({len(names)})" if len(names) > 5 else "")


def _check_width(width: int, limits: DecodeLimits) -> None:
    if width > limits.columns:
        detail = _(
            "The table has %(count)s columns; at most %(limit)s are taken.",
            count=width,
            limit=limits.columns,
        )
        raise DecodeRefused("too_many_columns", detail)


def _long_name(number: int, limits: DecodeLimits) -> DecodeRefused:
    detail = _(
        "The name of column %(number)s is longer than %(limit)s characters.",
        number=number,
        limit=limits.name_length,
    )
    return DecodeRefused("column_name_length", detail)
