"""Which row of a table names its columns, and what the columns are then called.

For text tables and spreadsheets.

- **Header row**: the first row filled in at least a third as far as the rows usually are (two cells
  at least), so that titles and units above a table are skipped. When every typed column (number,
  date) has a fitting value in that row too, and these are not just years, there is no header (0).
- **Several header rows** (group headings above the names, units below them): rows below it that
  have texts where the rows further down have numbers and dates, up to three; they are joined,
  ``2024年_男``. A first row less than half filled above a full one of texts gives way to that one.
- **Names**: invisible characters removed, blank ones become ``column_<n>``, repeated ones get
  ``_2``, ``_3``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from shuqiao.arrow.intake.column_names import Column, check_width, joined, name_columns
from shuqiao.arrow.intake.header_evidence import (
    ROWS_COMPARED,
    YEAR,
    is_caption,
    is_said,
    is_series,
    may_be_data,
)
from shuqiao.arrow.intake.options import HEADER_ROWS, LAST_HEADER_ROW, DecodeLimits
from shuqiao.arrow.intake.proposals import MARKERS, looks_typed
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _, ngettext

#: A unit of measurement, or anything short in brackets.
_UNIT: Final = re.compile(
    r"[（(\[][^（()）]{1,12}[)）\]]|[A-Za-zμΩ℃℉°%％‰²³/·]{1,8}|[十百千万亿]*(?:元|人|人次|个|家|所|户|亩|公顷|"
    r"吨|公斤|千克|克|米|千米|公里|毫米|平方米|平方公里|立方米|升|度|千瓦时|件|次|天|年|月|日|小时)"
)
_FURTHER_HEADERS: Final = 3

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The header row (0: none), the columns, and what is worth saying about them."""

    header_row: int
    columns: tuple[Column, ...]
    warnings: tuple[Message, ...]
    header_rows: int | None = None


def arrange(
    rows: Sequence[Cells],
    stated: int | None,
    limits: DecodeLimits,
    header_rows: int | None = None,
) -> Arrangement:
    """Columns of the table that begins with ``rows`` (one at least filled); ``stated`` is the last
    header row, ``header_rows`` how many there are.

    Raises :class:`DecodeRefused`.
    """
    check_width(max(len(cells) for cells in rows), limits)
    first, last = find_header(rows, limits) if stated is None else (stated, stated)
    if last > len(rows):
        raise DecodeRefused("header_row", _("The file has no row %(row)s.", row=last))
    if last and header_rows is not None:
        first = max(1, last - header_rows + 1)
    header = rows[first - 1 : last] if last else []
    if header_rows is None and stated is not None and stated > 1 and _names_above(rows, stated):
        header = [_filled_from(rows[stated - 1], rows[stated - 2])]
    data = rows[last:]
    usual = Counter(len(cells) for cells in data if filled(cells)).most_common(1)
    named = max((len(cells) for cells in header if filled(cells)), default=0)
    while named and usual and named > usual[0][0] and not _is_named(header, named - 1):
        named -= 1  # blank names beyond the data
    width = max(usual[0][0] if usual else 0, named)
    names = joined(header, width, limits)
    columns, about_names = name_columns(names, limits)
    if last == 0:
        return Arrangement(0, columns, (_("No header row was found: the columns are numbered."),))
    said = _said(names, first, last, data)
    if stated is None and last == 1 and may_be_data(rows[0], data):
        said.append(
            _(
                "Row 1 reads like the rows below it and may be data. If it is, choose that no row "
                "names the columns."
            )
        )
    # what was stated alone, and a first row alone, are read the same way again without a number
    is_told = last > 1 and (stated is None or header_rows is not None)
    return Arrangement(last, columns, (*said, *about_names), last - first + 1 if is_told else None)


def _filled_from(cells: Cells, above: Cells) -> Cells:
    """A row of names whose blank cells take the name above them."""
    return [name if name.strip() or n >= len(above) else above[n] for n, name in enumerate(cells)]


def _is_named(header: Sequence[Cells], index: int) -> bool:
    return any(index < len(cells) and cells[index].strip() for cells in header)


def _said(names: Cells, first: int, last: int, data: Sequence[Cells]) -> list[Message]:
    said: list[Message] = []
    if first > 1:
        said.append(
            ngettext(
                "The %(count)s row above the header row is left out.",
                "The %(count)s rows above the header row are left out.",
                first - 1,
            )
        )
    if first < last:
        said.append(
            _(
                "Rows %(first)s to %(last)s name the columns and are joined. State one header row "
                "if that is wrong.",
                first=first,
                last=last,
            )
        )
    blank = [n for n, name in enumerate(names) if not name.strip()]
    below = data[0] if data else ()
    if len(blank) > 2 and all(
        n < len(below) and below[n].strip() and not looks_typed(below[n]) for n in blank
    ):
        row = last + 1
        words = _(
            "Row %(row)s may hold the missing names. Choose it as header row if it does.", row=row
        )
        said.append(words)
    return said


def filled(cells: Cells) -> int:
    """How many cells hold something visible."""
    return sum(1 for cell in cells if cell.strip())


def find_header(rows: Sequence[Cells], limits: DecodeLimits) -> tuple[int, int]:
    """The first and the last header row by the rule above, 1 is the first row, 0 means none."""
    usual = _usual(rows)
    enough = max(min(2, usual), -(-usual // 3))
    wide = [number for number, cells in enumerate(rows, start=1) if filled(cells) >= enough]
    row = wide[0]
    if row > LAST_HEADER_ROW:
        return 0, 0
    if _is_data(rows[row - 1], rows[row:]):
        return 0, 0
    row = _below_captions(rows, wide, row)
    first = last = row
    below = [
        number for number in range(row + 1, len(rows)) if filled(rows[number - 1])
    ]  # the last row is none
    for place, further in enumerate(below[:_FURTHER_HEADERS]):
        cells = rows[further - 1]
        if place == 0 and _gives_way(rows[row - 1], cells, usual):
            first, last = row if _are_headings(rows[row - 1], cells) else further, further
        elif _names_typed_columns(cells, rows[further:], usual) and _is_below_names(
            rows[last - 1], cells
        ):
            first, last = (further if is_caption(rows[last - 1]) else first), further
    if max(map(len, rows[last - 1])) > limits.name_length:
        # a cell too long for a name is an instruction to whoever fills in the table
        for number in wide:
            cells = rows[number - 1]
            if number > last and max(map(len, cells)) <= limits.name_length:
                return (last, last) if any(map(looks_typed, cells)) else (number, number)
    return max(first, last - HEADER_ROWS + 1), last


def _are_headings(above: Cells, cells: Cells) -> bool:
    """Whether a thin row above the names heads groups of them: one of the two leaves out the first
    column, where a title would stand.
    """
    is_beside = not above[0].strip() or not (cells and cells[0].strip())
    return is_beside and not is_caption(above)


def _below_captions(rows: Sequence[Cells], wide: Sequence[int], row: int) -> int:
    """The first of the ``wide`` rows from ``row`` on that is no caption; ``row`` itself if what
    stands below is no row of names.
    """
    for above, below in pairwise(number for number in wide if number >= row):
        if not is_caption(rows[above - 1]):
            return above
        named = _named_typed(rows[below - 1], rows[below:])
        if any(map(looks_typed, rows[below - 1])) or not (
            is_said(rows[above - 1]) or (named and named[1])
        ):
            break
    return row


def _is_below_names(above: Cells, cells: Cells) -> bool:
    """Whether a row of texts stands below names rather than being the first of the data: it gives
    units, leaves out or repeats the first name, or names what the row above leaves open.
    """
    named = [cell.strip() for cell in above if cell.strip()]
    told = [cell.strip() for cell in cells if cell.strip()]
    is_open = len(named) < len(told) or len(set(named)) < len(named)
    first = cells[0].strip() if cells else ""
    is_repeated = bool(above) and first == above[0].strip()
    return not first or is_repeated or is_open or all(_UNIT.fullmatch(cell) for cell in told)


def _usual(rows: Sequence[Cells]) -> int:
    """How far rows are filled, by the cells beyond the first in such rows: notes above a table are
    many lines of one cell each.
    """
    counted = Counter(count for cells in rows if (count := filled(cells)))
    return max(counted, key=lambda count: ((count - 1) * counted[count], count))


def _is_data(first: Cells, below: Sequence[Cells]) -> bool:
    """Whether the first full row looks like those below it in every typed column."""
    if is_series(first, below):
        return False
    fitting: list[str] = []
    for index, cell in enumerate(first):
        values = [
            row[index] for row in below[:ROWS_COMPARED] if index < len(row) and row[index].strip()
        ]
        if not values or not all(looks_typed(value) for value in values):
            continue
        if cell.strip() and not looks_typed(cell):
            return False
        if cell.strip():
            fitting.append(cell.strip())
    return len(fitting) >= 2 and not all(YEAR.fullmatch(cell) for cell in fitting)


def _names_typed_columns(cells: Cells, below: Sequence[Cells], usual: int) -> bool:
    """Whether texts (or years) stand in ``cells`` where the rows below
    mostly have numbers and dates.
    """
    if 2 * filled(cells) < usual:
        return False
    found = _named_typed(cells, below)
    if found is None:
        return False
    typed, texts = found
    told = [cell.strip() for cell in cells if cell.strip()]
    least = 1 if all(_UNIT.fullmatch(cell) for cell in told) else 2
    return texts >= least and 2 * texts >= typed


def _named_typed(cells: Cells, below: Sequence[Cells]) -> tuple[int, int] | None:
    """Over how many columns of numbers and dates ``cells`` stand, and over how many of them as
    texts; None where one of them fits in its column.
    """
    typed, texts = 0, 0
    for index, cell in enumerate(cells):
        values = [
            row[index].strip()
            for row in below[:ROWS_COMPARED]
            if index < len(row) and row[index].strip()
        ]
        values = [value for value in values if value not in MARKERS]
        if len(values) < 2 or 5 * sum(map(looks_typed, values)) < 4 * len(values):
            continue
        typed += 1
        name = cell.strip()
        if looks_typed(name):
            years = sum(1 for value in values if YEAR.fullmatch(value))
            if not YEAR.fullmatch(name) or 2 * years >= len(values):
                return None
        texts += any(char.isalnum() for char in name) and name not in MARKERS
    return typed, texts


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
    return not any(looks_typed(value) and not YEAR.fullmatch(value) for value in values)
