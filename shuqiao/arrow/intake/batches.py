"""What a table read as text is: batches of text columns, and what is known beside them. Runs in the
child.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.column_names import Column
from shuqiao.arrow.intake.options import FileKind, ReadOptions, SheetPreview
from shuqiao.arrow.refusals import ROWS_NAMED, DecodeRefused, named_rows
from shuqiao.i18n import Message, _, ngettext


@dataclass(slots=True)
class TextBatch:
    """Text columns of consecutive rows; ``row_number`` gives the file's
    row for a position in the batch.
    """

    batch: pa.RecordBatch
    row_number: Callable[[int], int]


@dataclass(slots=True)
class Irregularities:
    """Rows that are not like the others."""

    uneven: list[int] = field(default_factory=list)
    uneven_count: int = 0
    short: list[int] = field(default_factory=list)
    short_count: int = 0
    empty_count: int = 0

    def add_uneven(self, number: int) -> None:
        """A row that does not fit the columns."""
        self.uneven_count += 1
        if len(self.uneven) < ROWS_NAMED:
            self.uneven.append(number)

    def add_short(self, number: int) -> None:
        """A row that ends before the last column."""
        self.short_count += 1
        if len(self.short) < ROWS_NAMED:
            self.short.append(number)

    def warnings(self) -> list[Message]:
        found: list[Message] = []
        if self.uneven_count:
            found.append(self.uneven_rows())
        if self.short_count:
            found.append(
                ngettext(
                    "%(count)s row ends before the last column and has no values there: row "
                    "%(rows)s.",
                    "%(count)s rows end before the last column and have no values there: rows "
                    "%(rows)s.",
                    self.short_count,
                    rows=named_rows(self.short, self.short_count),
                )
            )
        if self.empty_count:
            found.append(
                ngettext(
                    "%(count)s row without any value is left out.",
                    "%(count)s rows without any value are left out.",
                    self.empty_count,
                )
            )
        return found

    def uneven_rows(self) -> Message:
        return ngettext(
            "%(count)s row has values beyond the last column: row %(rows)s. Correct it, or choose "
            "another separator or header row.",
            "%(count)s rows have values beyond the last column: rows %(rows)s. Correct them, or "
            "choose another separator or header row.",
            self.uneven_count,
            rows=named_rows(self.uneven, self.uneven_count),
        )


class TextTable(Protocol):
    """What is known of a table before its rows are read; iterating
    reads them, as often as is wanted.

    ``top`` are the first rows as they are, ``quoted`` the columns whose values the file itself
    marks as texts, ``percents`` those whose numbers it shows as percent, ``irregularities`` those
    of the last iteration, ``warnings`` what else should be said, ``readings`` the encodings it may
    as well be in while that is an open question.
    """

    @property
    def kind(self) -> FileKind: ...

    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def confidence(self) -> float: ...

    @property
    def readings(self) -> tuple[str, ...]: ...

    @property
    def top(self) -> Sequence[Sequence[str | None]]: ...

    @property
    def sheets(self) -> tuple[SheetPreview, ...]: ...

    @property
    def quoted(self) -> frozenset[str]: ...

    @property
    def percents(self) -> frozenset[str]: ...

    @property
    def irregularities(self) -> Irregularities: ...

    @property
    def warnings(self) -> Sequence[Message]: ...

    def __iter__(self) -> Iterator[TextBatch]: ...

    def reads_again(self) -> bool:
        """Whether the last iteration found what needs another one, which then reads otherwise."""

    def settled(self, stated: ReadOptions) -> ReadOptions:
        """``stated`` with what was found out."""


def text_batch(
    columns: Sequence[Column], rows: Sequence[Sequence[str | None]], numbers: Sequence[int]
) -> TextBatch:
    """Rows of as many texts as there are columns. Refuses what no text holds, naming the column."""
    arrays = []
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        try:
            array = pa.array(values, pa.string())
        except (UnicodeEncodeError, pa.ArrowException) as error:
            raise _no_text(column) from error
        if pc.any(pc.match_substring(array, "\0")).as_py():
            raise _no_text(column)
        arrays.append(array)
    batch = pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])
    return TextBatch(batch, numbers.__getitem__)


def _no_text(column: Column) -> DecodeRefused:
    detail = _("Column “%(column)s” holds characters that no text holds.", column=column.name)
    return DecodeRefused("binary", detail)
