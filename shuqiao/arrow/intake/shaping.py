"""What a person chose to be done to the rows of a table before they are used: rows left out at the
end, merged cells filled down; and which rows look like no data. Runs in the child.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.batches import TextBatch
from shuqiao.arrow.refusals import ROWS_NAMED, named_rows
from shuqiao.i18n import Message, ngettext

#: First cells of rows that are no data: totals, notes, who filled in the table.
_TOTALS: Final = (
    r"^\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|(?i:grand total|subtotal|total))\s*[:：]?\s*$"
)
_NOTES: Final = (
    r"^\s*(?:[*※]?\s*(?:备?注|说明|附注|数据来源|资料来源|来源|填表人|制表人?|审核人?|复核人?|单位负责人|"
    r"填报人|填报单位|填表日期|(?i:notes?|source))\s*[:：])"
)
_COLUMNS_LOOKED_AT: Final = 3
LAST_SHOWN: Final = 5


def shaped(
    texts: Iterable[TextBatch], fill: tuple[str, ...], skip_last: int
) -> Iterator[TextBatch]:
    """The rows with the columns of ``fill`` filled down, without the last ``skip_last``."""
    return _without_last(_filled(texts, fill), skip_last)


def _filled(texts: Iterable[TextBatch], names: tuple[str, ...]) -> Iterator[TextBatch]:
    last: dict[str, str | None] = dict.fromkeys(names)
    for text in texts:
        batch = text.batch
        for name in names:
            column = pc.fill_null_forward(batch[name])
            if column.null_count and last[name] is not None:
                column = column.fill_null(last[name])
            if len(column):
                last[name] = column[-1].as_py()
            batch = batch.set_column(batch.schema.get_field_index(name), name, column)
        yield TextBatch(batch, text.row_number) if names else text


def _without_last(texts: Iterable[TextBatch], count: int) -> Iterator[TextBatch]:
    held: deque[TextBatch] = deque()
    rows = 0
    for text in texts:
        held.append(text)
        rows += text.batch.num_rows
        while held and rows - held[0].batch.num_rows >= count:
            first = held.popleft()
            rows -= first.batch.num_rows
            yield first
    kept = rows - count
    while held and kept > 0:
        text = held.popleft()
        yield TextBatch(text.batch.slice(0, kept), text.row_number)
        kept -= text.batch.num_rows


class Remarks:
    """Rows that look like no data, and the last rows as they are."""

    def __init__(self) -> None:
        self._totals: list[int] = []
        self._notes: list[int] = []
        self._total_count = self._note_count = 0
        self._last: deque[tuple[int, tuple[str | None, ...]]] = deque(maxlen=LAST_SHOWN)

    def add(self, text: TextBatch) -> None:
        """Take in one batch."""
        batch = text.batch
        start = max(0, batch.num_rows - LAST_SHOWN)
        columns = [column[start:].to_pylist() for column in batch.columns]
        for place, cells in enumerate(zip(*columns, strict=True), start=start):
            self._last.append((text.row_number(place), cells))
        for rule, rows in ((_TOTALS, self._totals), (_NOTES, self._notes)):
            found = self._found(text, rule)
            if rule == _TOTALS:
                self._total_count += len(found)
            else:
                self._note_count += len(found)
            rows.extend(text.row_number(n) for n in found[: ROWS_NAMED - len(rows)])

    def last(self, is_long: bool) -> list[tuple[int, tuple[str | None, ...]]]:
        """The last rows with their numbers; none of a table that is short."""
        return list(self._last) if is_long else []

    def warnings(self) -> Iterator[Message]:
        """Rows that look like no data, by their numbers."""
        if self._total_count:
            yield ngettext(
                "%(count)s row looks like a total: row %(rows)s. Leave it out at the end, or "
                "delete it in the file, if it is no data.",
                "%(count)s rows look like totals: rows %(rows)s. Leave them out at the end, or "
                "delete them in the file, if they are no data.",
                self._total_count,
                rows=named_rows(self._totals, self._total_count),
            )
        if self._note_count:
            yield ngettext(
                "%(count)s row looks like a note: row %(rows)s. Leave it out at the end, or delete "
                "it in the file, if it is no data.",
                "%(count)s rows look like notes: rows %(rows)s. Leave them out at the end, or "
                "delete them in the file, if they are no data.",
                self._note_count,
                rows=named_rows(self._notes, self._note_count),
            )

    @staticmethod
    def _found(text: TextBatch, rule: str) -> list[int]:
        columns = text.batch.columns[:_COLUMNS_LOOKED_AT]
        found = [pc.match_substring_regex(column, rule).fill_null(False) for column in columns]
        matching = found[0]
        for each in found[1:]:
            matching = pc.or_(matching, each)
        positions: list[int] = pc.indices_nonzero(pa.array(matching)).to_pylist()
        return positions
