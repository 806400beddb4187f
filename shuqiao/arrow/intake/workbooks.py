"""Spreadsheet workbooks: their sheets, and one sheet as a table of texts. Macros are never run.
Runs in the child.

Values are what a clerk sees in the cell, as far as no number format is needed to know it:

- numbers without a needless ``.0`` and with the 15 digits a spreadsheet program keeps; never with
  an exponent; in XLSX with the leading zeros of a format of zeros (501 shown as 00501), when all
  numbers of the column have it;
- dates as ``2026-02-11``, times of a day as ``09:05:00``, both as ``2026-02-11 09:05:00``; a column
  that has both dates and dates with times gives all of them a time; TRUE and FALSE; the stored
  result of a formula;
- texts as they are: codes keep their zeros, ``=1+1`` typed as text stays text; an error and an
  empty cell are no value;
- of merged cells the first one has the value.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine

from shuqiao.arrow.intake.archives import Archive, damaged_archive, protected
from shuqiao.arrow.intake.options import DecodeLimits, FileKind, SheetPreview
from shuqiao.arrow.intake.sheet_facts import (
    SheetFacts,
    excel_facts,
    open_document_facts,
)
from shuqiao.arrow.intake.workbook_parts import refuse_doctype
from shuqiao.arrow.refusals import ROWS_NAMED, DecodeRefused
from shuqiao.errors import FieldError
from shuqiao.i18n import _

_SHEETS_LIMIT: Final = 1_000
#: Numbers of more digits than these are not what was typed in: the program has rounded them.
DIGITS_KEPT: Final = 15
_TOO_LONG: Final = 10.0**DIGITS_KEPT


class Workbook:
    """An opened workbook. Raises :class:`DecodeRefused` for one that cannot be read."""

    def __init__(self, path: Path, kind: FileKind, limits: DecodeLimits) -> None:
        self.kind = kind
        self._facts: dict[str, SheetFacts] = {}
        self._limits = limits
        if kind != "xls":
            archive = Archive(path, limits)
            refuse_doctype(archive)
            self._facts = open_document_facts(archive) if kind == "ods" else excel_facts(archive)
            for facts in self._facts.values():
                facts.check(limits)
        self._book: calamine.CalamineWorkbook = _tried(
            lambda: calamine.CalamineWorkbook.from_path(str(path))
        )
        found = [m for m in self._book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        if len(found) > _SHEETS_LIMIT:
            raise damaged_archive()
        self.hidden = {m.name for m in found if m.visible != calamine.SheetVisibleEnum.Visible}
        self.names: list[str] = [m.name for m in found]
        self._loaded: tuple[str, calamine.CalamineSheet] | None = None

    def facts(self, name: str) -> SheetFacts:
        """What the sheet's XML says; nothing is known of sheets in the old format."""
        return self._facts.get(name, SheetFacts())

    def sheet(self, name: str) -> calamine.CalamineSheet:
        """One sheet, loaded as a whole; only the last one asked for is kept."""
        if self._loaded is None or self._loaded[0] != name:
            self._loaded = None
            self._loaded = (name, _tried(lambda: self._book.get_sheet_by_name(name)))
        return self._loaded[1]

    def described(self) -> tuple[SheetPreview, ...]:
        """All worksheets with their sizes; each is loaded for a moment,
        the first visible ones last.
        """
        found = {name: self._described(name) for name in reversed(self.names)}
        return tuple(found[name] for name in self.names)

    def _described(self, name: str) -> SheetPreview:
        end = self.sheet(name).end
        rows, columns = (end[0] + 1, end[1] + 1) if end else (0, 0)
        return SheetPreview(name, rows, columns, name in self.hidden)

    def chosen(self, stated: str | None) -> str:
        """The sheet stated, else the first one with values that is not
        hidden, else the first one with values.
        """
        if stated is not None:
            if stated not in self.names:
                raise _no_such_sheet(self.names)
            return stated
        visible = [name for name in self.names if name not in self.hidden]
        for name in [*visible, *(name for name in self.names if name in self.hidden)]:
            if self.sheet(name).end is not None:
                return name
        raise DecodeRefused("empty", _("The workbook holds no values."))


class CellTexts:
    """Turns rows of cells into rows of texts.

    Made with one pass over the sheet that says what its columns hold.
    """

    def __init__(self, sheet: calamine.CalamineSheet, padded: Mapping[int, int]) -> None:
        self._sheet = sheet
        left = sheet.start[1] if sheet.start else 0
        self._padded = {column - left: width for column, width in padded.items()}
        #: Columns in which some date has a time of day; rows with
        #: numbers longer than spreadsheet programs keep.
        self._timed: set[int] = set()
        self.long_numbers: list[int] = []
        self.long_count = 0
        for number, cells in enumerate(_tried_rows(sheet), start=1):
            for index, cell in enumerate(cells):
                kind_of_cell = type(cell)
                if kind_of_cell is dt.datetime:
                    self._timed.add(index)
                elif kind_of_cell is float and abs(cell) >= _TOO_LONG:
                    self.long_count += 1
                    if len(self.long_numbers) < ROWS_NAMED:
                        self.long_numbers.append(number)

    def rows(self) -> Iterator[list[str | None]]:
        """All rows from the first of the sheet on; None is an empty cell."""
        for cells in _tried_rows(self._sheet):
            yield [self._text(cell, index) for index, cell in enumerate(cells)]

    def _text(self, cell: Any, index: int) -> str | None:
        kind = type(cell)
        if kind is str:
            return str(cell).replace("\0", "") or None
        if kind is float:
            text = number_text(cell)
            return (
                text.zfill(self._padded[index])
                if index in self._padded and text.isdigit()
                else text
            ) or None
        if kind is bool:
            return "TRUE" if cell else "FALSE"
        if kind is dt.datetime:
            return f"{cell.isoformat(' ')}"
        if kind is dt.date:
            return f"{cell.isoformat()} 00:00:00" if index in self._timed else f"{cell.isoformat()}"
        if kind is dt.timedelta:
            return _duration_text(cell)
        return str(cell)


def number_text(value: float) -> str:
    """A number as a cell of general format shows it, in full: ``1``, ``0.3``, ``-1234567.5``."""
    if not math.isfinite(value):
        return ""
    if abs(value) < _TOO_LONG and value == int(value):
        return str(int(value))
    return _plain(Decimal(format(value, f".{DIGITS_KEPT}g")))


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _duration_text(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3_600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _tried(read: Any) -> Any:
    """``read()``, with whatever the library makes of hostile bytes turned into a refusal."""
    try:
        return read()
    except calamine.PasswordError as error:
        raise protected() from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged_archive() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of its Rust core; derives from BaseException
            raise damaged_archive() from error
        raise


def _tried_rows(sheet: calamine.CalamineSheet) -> Iterator[Sequence[Any]]:
    rows = iter(sheet.iter_rows())
    while (cells := _tried(lambda: next(rows, None))) is not None:
        yield cells


def _no_such_sheet(names: Sequence[str]) -> DecodeRefused:
    detail = _("The workbook has no sheet of this name.")
    fix = _("Choose one of: %(choices)s.", choices=", ".join(names[:50]))
    return DecodeRefused(
        "no_such_sheet", detail, errors=[FieldError("/sheet", "no_such_sheet", detail, fix)]
    )
