"""Delimited text as a table: encoding and layout found out, then read batch by batch.

Runs in the child.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from shuqiao.arrow.intake.csv_reader import CsvReader
from shuqiao.arrow.intake.dialects import Layout, find_layout, read_head
from shuqiao.arrow.intake.encodings import Encoding, detect_encoding
from shuqiao.arrow.intake.options import DecodeLimits, FileKind, ReadOptions, SheetPreview
from shuqiao.arrow.intake.text_tables import Irregularities, TextBatch
from shuqiao.i18n import Message, _


class CsvTable:
    """A :class:`~shuqiao.arrow.intake.text_tables.TextTable`."""

    kind: FileKind = "csv"
    sheets: tuple[SheetPreview, ...] = ()
    quoted: frozenset[str] = frozenset()

    def __init__(self, path: Path, stated: ReadOptions, limits: DecodeLimits) -> None:
        self._path, self._null_values = path, stated.null_values
        self._encoding: Encoding = detect_encoding(path, stated.encoding)
        head = read_head(path, self._encoding)
        self._layout: Layout = find_layout(head, stated.delimiter, stated.header_row, limits)
        self.columns = self._layout.columns
        self.confidence, self.readings = self._encoding.confidence, self._encoding.readings
        self.top = self._layout.top
        self.irregularities = Irregularities()
        self.warnings = [*guess_warning(self._encoding), *self._layout.warnings]

    def __iter__(self) -> Iterator[TextBatch]:
        reader = CsvReader(self._path, self._encoding, self._layout, self._null_values)
        self.irregularities = reader.irregularities
        return iter(reader)

    def settled(self, stated: ReadOptions) -> ReadOptions:
        return replace(
            stated,
            encoding=self._encoding.settled,
            delimiter=self._layout.delimiter,
            header_row=self._layout.header_row,
            sheet=None,
        )


def guess_warning(encoding: Encoding) -> list[Message]:
    """Nothing when the encoding is sure, nor when it is asked for."""
    if encoding.is_sure or encoding.readings:
        return []
    words = _(
        "The encoding %(encoding)s is a guess. Check the first rows; state another one if they are "
        "garbled.",
        encoding=encoding.name,
    )
    return [words]
