"""JSON records as a table: names in the order of their first appearance are the columns.

Runs in the child.

Scalars are taken as they are written: numbers in their digits, ``true``, ``false``; ``null``, an
empty text and a member left out are no value. Columns whose values are all texts in the file are
not proposed as numbers.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shuqiao.arrow.intake.batches import Irregularities, TextBatch, text_batch
from shuqiao.arrow.intake.column_names import name_columns
from shuqiao.arrow.intake.encodings import detect_encoding, guess_warning
from shuqiao.arrow.intake.json_records import JsonRecords, Members, Number
from shuqiao.arrow.intake.options import DecodeLimits, FileKind, ReadOptions, SheetPreview
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _, ngettext

_BATCH_ROWS: Final = 4_096
#: Characters gathered for one batch at most, so that long records stay few at a time.
_BATCH_LENGTH: Final = 8 * 1_048_576


class JsonTable:
    """A :class:`~shuqiao.arrow.intake.text_tables.TextTable`.

    Reads the file once to know the columns.
    """

    sheets: tuple[SheetPreview, ...] = ()
    top: tuple[tuple[str | None, ...], ...] = ()
    percents: frozenset[str] = frozenset()

    def __init__(self, path: Path, stated: ReadOptions, limits: DecodeLimits) -> None:
        self._path = path
        self._encoding = detect_encoding(path, stated.encoding)
        self._nulls = {"", *stated.null_values}
        self.confidence, self.readings = self._encoding.confidence, self._encoding.readings
        self.irregularities = Irregularities()
        records = JsonRecords(path, self._encoding)
        self._names, is_text, lacking = _members_of(records, limits)
        self.kind: FileKind = records.kind
        self.columns, said = name_columns(self._names, limits)
        self.quoted = frozenset(
            c.name for c, name in zip(self.columns, self._names, strict=True) if name in is_text
        )
        self.warnings: list[Message] = [*guess_warning(self._encoding), *said]
        if lacking:
            words = ngettext(
                "At least %(count)s record lacks some of the columns; there is no value there.",
                "At least %(count)s records lack some of the columns; there is no value there.",
                lacking,
            )
            self.warnings.append(words)

    def __iter__(self) -> Iterator[TextBatch]:
        self.irregularities = Irregularities()
        places = {name: place for place, name in enumerate(self._names)}
        rows: list[list[str | None]] = []
        numbers: list[int] = []
        length = 0
        for number, members in enumerate(JsonRecords(self._path, self._encoding), start=1):
            row: list[str | None] = [None] * len(places)
            for name, value in members:
                row[places[name]] = self._text(value)
            if not any(cell is not None for cell in row):
                self.irregularities.empty_count += 1
                continue
            rows.append(row)
            numbers.append(number)
            length += sum(len(cell) for cell in row if cell)
            if len(rows) == _BATCH_ROWS or length > _BATCH_LENGTH:
                yield text_batch(self.columns, rows, numbers)
                rows, numbers, length = [], [], 0
        if rows:
            yield text_batch(self.columns, rows, numbers)

    def _text(self, value: Any) -> str | None:
        if isinstance(value, bool):
            return "true" if value else "false"
        return None if value is None or value in self._nulls else str(value)

    def reads_again(self) -> bool:
        """Never: no row is uneven."""
        return False

    def settled(self, stated: ReadOptions) -> ReadOptions:
        return replace(
            stated, encoding=self._encoding.settled, delimiter=None, header_row=None, sheet=None
        )


def _members_of(records: JsonRecords, limits: DecodeLimits) -> tuple[list[str], set[str], int]:
    """Names in order of appearance, those whose values are all texts,
    and how many records lack some of the names.
    """
    count: dict[str, int] = {}
    no_text: set[str] = set()
    number = 0
    for members in records:
        number += 1
        _note(members, records, count, no_text)
        if len(count) > limits.columns:
            words = _("The table has more than %(limit)s columns.", limit=limits.columns)
            raise DecodeRefused("too_many_columns", words)
    if not count:
        raise DecodeRefused("empty", _("The file holds no rows."))
    is_text = set(count) - no_text
    return list(count), is_text, number - min(count.values())


def _note(members: Members, records: JsonRecords, count: dict[str, int], no_text: set[str]) -> None:
    for name, value in members:
        if isinstance(value, list):
            raise records.nested(name)
        count[name] = count.get(name, 0) + 1
        if isinstance(value, Number) or value is True or value is False:
            no_text.add(name)
