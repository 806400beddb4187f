"""Delimited text as a table: how it is laid out is found out, then its rows are read in batches.

Runs in the child.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from shuqiao.arrow.intake.batches import Irregularities, TextBatch
from shuqiao.arrow.intake.csv_reader import CsvReader
from shuqiao.arrow.intake.dialects import Layout, find_layout, read_head
from shuqiao.arrow.intake.encodings import Encoding, detect_encoding, guess_warning
from shuqiao.arrow.intake.options import DecodeLimits, FileKind, ReadOptions, SheetPreview
from shuqiao.arrow.intake.patient_reader import PatientReader


class CsvTable:
    """A :class:`~shuqiao.arrow.intake.text_tables.TextTable`."""

    kind: FileKind = "csv"
    sheets: tuple[SheetPreview, ...] = ()
    quoted: frozenset[str] = frozenset()
    percents: frozenset[str] = frozenset()

    def __init__(self, path: Path, stated: ReadOptions, limits: DecodeLimits) -> None:
        self._path, self._null_values = path, stated.null_values
        self._encoding: Encoding = detect_encoding(path, stated.encoding)
        head = read_head(path, self._encoding)
        self._layout: Layout = find_layout(
            head, stated.delimiter, stated.header_row, limits, stated.header_rows
        )
        #: Read row by row, at a tenth of the speed: where blanks stand before quotes, or rows are
        #: not as long as the table is wide.
        self._is_patient = self._layout.has_late_quotes
        self.columns = self._layout.columns
        self.confidence, self.readings = self._encoding.confidence, self._encoding.readings
        self.top = self._layout.top
        self.irregularities = Irregularities()
        self.warnings = [*guess_warning(self._encoding), *self._layout.warnings]

    def __iter__(self) -> Iterator[TextBatch]:
        kind = PatientReader if self._is_patient else CsvReader
        reader = kind(self._path, self._encoding, self._layout, self._null_values)
        self.irregularities = reader.irregularities
        return iter(reader)

    def reads_again(self) -> bool:
        """Whether the rows have to be iterated once more, since some are uneven."""
        if self._is_patient or not self.irregularities.uneven_count:
            return False
        self._is_patient = True
        return True

    def settled(self, stated: ReadOptions) -> ReadOptions:
        return replace(
            stated,
            encoding=self._encoding.settled,
            delimiter=self._layout.delimiter,
            header_row=self._layout.header_row,
            header_rows=self._layout.header_rows,
            sheet=None,
        )
