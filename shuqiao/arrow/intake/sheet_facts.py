"""What the XML of a sheet says before and beside the values: how far it reaches, formulas, errors.

Runs in the child.

The reader of workbooks takes memory for the whole rectangle in use and gives neither errors nor
formulas away, so the XML is looked through once: a rectangle too large is refused, and what a clerk
should know is counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from shuqiao.arrow.intake.archives import Archive, damaged_archive
from shuqiao.arrow.intake.cell_styles import PERCENT, styles_of
from shuqiao.arrow.intake.hidden_parts import hidden_columns, hidden_rows
from shuqiao.arrow.intake.options import DecodeLimits
from shuqiao.arrow.intake.workbook_parts import UNREAD, elements, main_part, parse, relationships
from shuqiao.arrow.refusals import DecodeTooLarge
from shuqiao.i18n import _

_PREFIX: Final = rb"<(?:[A-Za-z0-9_.-]{1,40}:)?"
_PLACE: Final = re.compile(
    _PREFIX + rb"""(?:c|row)\s(?:[^<>]{0,400}?\s)?r\s*=\s*["']\s*([A-Za-z]{0,9})([0-9]{0,12})"""
)
_ERROR: Final = re.compile(_PREFIX + rb"""c\s[^<>]{0,400}?\bt\s*=\s*["']e["']""")
_FORMULA: Final = re.compile(_PREFIX + rb"f[\s>/]")
_NO_RESULT: Final = re.compile(
    rb"(?:</(?:[A-Za-z0-9_.-]{1,40}:)?f>|" + _PREFIX + rb"f(?:\s[^<>]{0,400})?/>)\s*"
    rb"(?:<v\s*/>|<v>\s*</v>)?\s*</(?:[A-Za-z0-9_.-]{1,40}:)?c>"
)
_CELL: Final = re.compile(_PREFIX + rb"c\s([^<>]{0,400})>")
_ATTRIBUTE: Final = re.compile(rb"""\b([rst])\s*=\s*["']([A-Za-z0-9]{1,20})["']""")
_CARRIED: Final = 65_536


@dataclass(slots=True)
class SheetFacts:
    """Rows and columns in use (as far as any cell is named), and how
    many cells are out of the ordinary.

    ``padded`` names columns (0 is A) all of whose numbers are shown with leading zeros, and to how
    many digits; ``percents`` those in which a number is shown as percent.
    ``hidden_rows`` counts from 1, as a clerk does, ``hidden_columns`` from 0.
    """

    rows: int = 0
    columns: int = 0
    formulas: int = 0
    formulas_without_result: int = 0
    errors: int = 0
    merged: int = 0
    padded: dict[int, int] = field(default_factory=dict)
    percents: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def check(self, limits: DecodeLimits) -> None:
        """Refuse a rectangle that would take too much memory, however few cells are in it."""
        if self.rows * self.columns > limits.sheet_cells:
            detail = _(
                "A sheet of the workbook reaches over %(rows)s rows and %(columns)s columns; at "
                "most %(limit)s cells "
                "are read. Delete what stands far from the table, "
                "or save the sheet as CSV (UTF-8).",
                rows=self.rows,
                columns=self.columns,
                limit=limits.sheet_cells,
            )
            raise DecodeTooLarge("sheet_cells", detail)


def excel_facts(archive: Archive) -> dict[str, SheetFacts]:
    """Facts of the worksheets of an XLSX or XLSM workbook, by sheet
    name, in the order of the workbook.
    """
    main = main_part(archive)
    if main is None:
        raise damaged_archive()
    kept_in = PurePosixPath(main).parent
    found = relationships(archive, kept_in, PurePosixPath(main).name)
    targets = {name: target for name, (_kind, target) in found.items()}
    read = ("/worksheet", "/sharedStrings", "/styles")
    if main.startswith(UNREAD) or any(
        kind.endswith(read) and target.startswith(UNREAD) for kind, target in found.values()
    ):
        raise damaged_archive()  # a part would be read that was not looked through
    styles = next((target for kind, target in found.values() if kind.endswith("/styles")), "")
    widths = (
        styles_of(elements(archive.read(styles, limit=32 * 1_048_576))) if styles in archive else {}
    )
    facts: dict[str, SheetFacts] = {}
    for tag, at in elements(archive.read(main)):
        part = targets.get(
            next((value for name, value in at.items() if name.rpartition(":")[2] == "id"), "")
        )
        if tag == "sheet" and part is not None and part in archive:
            facts[at.get("name", "")] = _excel_sheet(archive.pieces(part), widths)
    return facts


def _excel_sheet(pieces: Iterator[bytes], widths: dict[bytes, int]) -> SheetFacts:
    facts = SheetFacts()
    columns: set[bytes] = set()
    numbers: Counter[tuple[bytes, int]] = Counter()
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = max(text.rfind(b"<c "), text.rfind(b"<row"), len(text) - _CARRIED)
        cut = cut if cut > 0 else len(text)
        _count(text[:cut], facts, columns)
        numbers.update(_numbers(text[:cut], widths))
        rest = text[cut:]
    _count(rest, facts, columns)
    numbers.update(_numbers(rest, widths))
    shown = Counter(letters for letters, _width in numbers)
    facts.padded = {
        _column_number(c) - 1: width for c, width in numbers if width > 0 and shown[c] == 1
    }
    facts.percents = {_column_number(c) - 1 for c, width in numbers if width == PERCENT}
    facts.columns = max(map(_column_number, columns), default=0)
    return facts


def _numbers(text: bytes, widths: dict[bytes, int]) -> Iterator[tuple[bytes, int]]:
    """Column and digits shown (0: no leading zeros, or ``PERCENT``) of every cell with a number,
    where the workbook has such styles.
    """
    for inner in _CELL.findall(text) if widths else ():
        at = dict(_ATTRIBUTE.findall(inner))
        if at.get(b"t", b"n") == b"n" and not inner.endswith(b"/"):
            yield at.get(b"r", b"").rstrip(b"0123456789"), widths.get(at.get(b"s", b""), 0)


def _count(text: bytes, facts: SheetFacts, columns: set[bytes]) -> None:
    facts.hidden_rows.update(hidden_rows(text))
    facts.hidden_columns.update(hidden_columns(text))
    places = _PLACE.findall(text)
    columns.update({letters for letters, _row in places})
    facts.rows = max(facts.rows, max((int(row or 0) for _letters, row in places), default=0))
    facts.errors += len(_ERROR.findall(text))
    facts.formulas += len(_FORMULA.findall(text))
    facts.formulas_without_result += len(_NO_RESULT.findall(text))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def open_document_facts(archive: Archive) -> dict[str, SheetFacts]:
    """Facts of the tables of an ODS document; cells and rows said to be
    repeated count as often as they are.
    """
    reader = _OpenDocument()
    parse(archive.pieces("content.xml"), reader.start, reader.end)
    return reader.facts


class _OpenDocument:
    """Follows rows and cells of ``content.xml``."""

    def __init__(self) -> None:
        self.facts: dict[str, SheetFacts] = {}
        self._sheet = SheetFacts()
        self._row = self._width = self._column = self._column_at = 0
        self._repeats = self._cell_repeats = 1
        self._cell_open = False

    def start(self, tag: str, at: dict[str, str]) -> None:
        if tag == "table:table":
            self._sheet = self.facts.setdefault(at.get("table:name", ""), SheetFacts())
            self._row = self._column_at = 0
        elif tag == "table:table-column":
            repeats = min(_repeated(at, "table:number-columns-repeated"), 16_384)
            if _is_hidden(at):
                self._sheet.hidden_columns.update(range(self._column_at, self._column_at + repeats))
            self._column_at += repeats
        elif tag == "table:table-row":
            self._repeats, self._width, self._column = (
                _repeated(at, "table:number-rows-repeated"),
                0,
                0,
            )
            if _is_hidden(at):
                hidden = range(self._row + 1, self._row + 1 + min(self._repeats, 1_048_576))
                self._sheet.hidden_rows.update(hidden)
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell_repeats, self._cell_open = (
                _repeated(at, "table:number-columns-repeated"),
                True,
            )
            self._column += self._cell_repeats
            self._note(at)
            if any(name.startswith("office:") for name in at):
                self._width = self._column
        elif tag == "text:p" and self._cell_open:
            self._width = self._column

    def end(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell_open = False
        elif tag == "table:table-row":
            self._row += self._repeats
            if self._width:
                self._sheet.rows = self._row
                self._sheet.columns = max(self._sheet.columns, self._width)

    def _note(self, at: dict[str, str]) -> None:
        is_error = at.get("calcext:value-type") == "error"
        self._sheet.errors += is_error
        self._sheet.merged += any(
            at.get(f"table:number-{which}-spanned", "1") != "1" for which in ("rows", "columns")
        )
        if "table:formula" in at:
            self._sheet.formulas += 1
            self._sheet.formulas_without_result += not is_error and "office:value-type" not in at


def _is_hidden(at: dict[str, str]) -> bool:
    return at.get("table:visibility") in ("collapse", "filter")


def _repeated(at: dict[str, str], name: str) -> int:
    stated = at.get(name, "1")
    return min(int(stated), 10_000_000) if stated.isascii() and stated.isdigit() else 1
