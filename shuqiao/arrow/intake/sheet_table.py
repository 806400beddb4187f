"""One sheet of a workbook as a table. Runs in the child."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from shuqiao.arrow.intake.batches import Irregularities, TextBatch, text_batch
from shuqiao.arrow.intake.dialects import ROWS_AT_TOP, ROWS_LOOKED_AT, TOP_LIMIT
from shuqiao.arrow.intake.headers import arrange, filled
from shuqiao.arrow.intake.options import DecodeLimits, FileKind, ReadOptions
from shuqiao.arrow.intake.workbooks import DIGITS_KEPT, CellTexts, Workbook
from shuqiao.arrow.refusals import ROWS_NAMED, DecodeRefused, named_rows
from shuqiao.i18n import Message, _

_BATCH_ROWS: Final = 4_096
_NAMES_SAID: Final = 10


class SheetTable:
    """A :class:`~shuqiao.arrow.intake.text_tables.TextTable`.

    ``with_sheets`` asks for the sizes of all sheets too.
    """

    confidence = 1.0
    readings: tuple[str, ...] = ()
    quoted: frozenset[str] = frozenset()

    def __init__(
        self,
        path: Path,
        kind: FileKind,
        stated: ReadOptions,
        limits: DecodeLimits,
        *,
        with_sheets: bool,
    ) -> None:
        self.kind = kind
        book = Workbook(path, kind, limits)
        self.sheets = book.described() if with_sheets else ()
        self._sheet_name = book.chosen(stated.sheet)
        sheet = book.sheet(self._sheet_name)
        self._texts = CellTexts(sheet, book.facts(self._sheet_name).padded)
        self._nulls = {"", *stated.null_values}
        looked_at = max(ROWS_LOOKED_AT, (stated.header_row or 0) + 1)
        rows = [[cell or "" for cell in cells] for cells in islice(self._texts.rows(), looked_at)]
        self._refuse_no_table(rows, sheet.total_height)
        ranges = sheet.merged_cell_ranges or []
        found = arrange(
            _names_repeated(rows, ranges, sheet.start),
            stated.header_row,
            limits,
            stated.header_rows,
        )
        self._header_rows = found.header_rows
        self._header_row, self.columns = found.header_row, found.columns
        self.top: Sequence[Sequence[str | None]] = rows[: max(ROWS_AT_TOP, found.header_row + 3)][
            :TOP_LIMIT
        ]
        self.irregularities = Irregularities()
        left = sheet.start[1] if sheet.start else 0
        percents = {place - left for place in book.facts(self._sheet_name).percents}
        self.percents = frozenset(
            column.name for place, column in enumerate(self.columns) if place in percents
        )
        facts = book.facts(self._sheet_name)
        self._hidden = facts.hidden_rows
        self._skips_hidden = stated.skip_hidden_rows
        hidden_columns = {place - left for place in facts.hidden_columns}
        hidden_names = [c.name for place, c in enumerate(self.columns) if place in hidden_columns]
        merged = len(ranges) or book.facts(self._sheet_name).merged
        self.warnings = [
            *self._about_sheets(book, stated),
            *found.warnings,
            *self._about_hidden(hidden_names),
            *self._about_cells(book, merged),
        ]

    @staticmethod
    def _refuse_no_table(rows: list[list[str]], height: int) -> None:
        if not any(filled(cells) for cells in rows):
            raise DecodeRefused("empty", _("The sheet holds no values."))
        if height <= len(rows) and sum(map(filled, rows)) == 1:
            raise DecodeRefused("not_a_table", _("The sheet holds a single value, not a table."))

    def _about_sheets(self, book: Workbook, stated: ReadOptions) -> Iterator[Message]:
        if len(book.names) > 1 and stated.sheet is None:
            yield _(
                "The workbook has %(count)s sheets; “%(sheet)s” is read. Choose another one if "
                "that is wrong.",
                count=len(book.names),
                sheet=self._sheet_name,
            )
        hidden = [name for name in book.names if name in book.hidden]
        if hidden:
            named = ", ".join(hidden[:_NAMES_SAID]) + (" …" if len(hidden) > _NAMES_SAID else "")
            yield _("Sheets hidden in the workbook: %(names)s.", names=named)
        if book.kind == "xlsm":
            yield _("The macros of the workbook are not run.")

    def _about_hidden(self, columns: Sequence[str]) -> Iterator[Message]:
        if columns:
            yield _(
                "Columns hidden in the workbook, read like the others: %(names)s. Leave them out "
                "if they are not to be shared.",
                names=", ".join(columns[:_NAMES_SAID])
                + (" …" if len(columns) > _NAMES_SAID else ""),
            )
        hidden = sorted(number for number in self._hidden if number > self._header_row)
        if hidden and self._skips_hidden:
            yield _("Rows hidden in the workbook are left out: %(count)s.", count=len(hidden))
        elif hidden:
            yield _(
                "Rows hidden in the workbook, read like the others: %(count)s, in rows %(rows)s. "
                "Leave them out if they are not to be shared.",
                count=len(hidden),
                rows=named_rows(hidden[:ROWS_NAMED], len(hidden)),
            )

    def _about_cells(self, book: Workbook, merged: int) -> Iterator[Message]:
        facts = book.facts(self._sheet_name)
        if merged:
            yield _(
                "Merged cells: %(count)s. Only the first cell of each has the value.", count=merged
            )
        if facts.errors:
            yield _(
                "Cells with errors such as #DIV/0!, read as empty: %(count)s.", count=facts.errors
            )
        if facts.formulas_without_result:
            yield _(
                "Formulas without a stored result, read as empty: %(count)s. Open the workbook in "
                "a spreadsheet "
                "program, save it, and upload the new file.",
                count=facts.formulas_without_result,
            )
        if facts.formulas - facts.formulas_without_result > 0:
            results = facts.formulas - facts.formulas_without_result
            yield _("Formulas, of which the stored results are read: %(count)s.", count=results)
        if self._texts.long_count:
            yield _(
                "Numbers of more than %(digits)s digits, which spreadsheet programs do not keep: "
                "%(count)s, in rows "
                "%(rows)s. Codes such as identity numbers must be entered as text.",
                count=self._texts.long_count,
                digits=DIGITS_KEPT,
                rows=named_rows(self._texts.long_numbers, self._texts.long_count),
            )

    def __iter__(self) -> Iterator[TextBatch]:
        self.irregularities = Irregularities()
        width = len(self.columns)
        rows: list[list[str | None]] = []
        numbers: list[int] = []
        for number, cells in enumerate(self._texts.rows(), start=1):
            if number <= self._header_row:
                continue
            if self._skips_hidden and number in self._hidden:
                continue
            row = [None if cell in self._nulls else cell for cell in cells[:width]]
            if not any(cell is not None for cell in row):
                self.irregularities.empty_count += 1
                continue
            rows.append(row)
            numbers.append(number)
            if len(rows) == _BATCH_ROWS:
                yield text_batch(self.columns, rows, numbers)
                rows, numbers = [], []
        if rows:
            yield text_batch(self.columns, rows, numbers)

    def reads_again(self) -> bool:
        """Never: no row is uneven."""
        return False

    def settled(self, stated: ReadOptions) -> ReadOptions:
        return replace(
            stated,
            encoding=None,
            delimiter=None,
            header_row=self._header_row,
            header_rows=self._header_rows,
            sheet=self._sheet_name,
        )


def _names_repeated(
    rows: list[list[str]],
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    start: tuple[int, int] | None,
) -> list[list[str]]:
    """The rows with cells merged downwards near the top filled in,
    which is how names above several rows are set.
    """
    repeated = [list(cells) for cells in rows]
    left = start[1] if start else 0
    for (top, column), (bottom, _right) in ranges:
        if top < bottom < min(TOP_LIMIT, len(rows)) and 0 <= column - left < len(rows[top]):
            for row in range(top + 1, bottom + 1):
                repeated[row][column - left] = rows[top][column - left]
    return repeated
