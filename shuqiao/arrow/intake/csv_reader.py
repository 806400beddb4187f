"""Delimited text as a table, whatever its encoding and line ends: found out, then read in batches.

Streams; runs in the child.

Arrow's parser does the work on UTF-8 that :class:`DataStream` hands it. Two things it would let
pass are caught here: a quotation mark never closed (it would swallow the rest of the file: a *last
row* of our own must come out again as the last row) and rows with more or fewer cells than there
are columns (they are counted and named). Rows are numbered as a spreadsheet numbers them. Rows
without any value are left out, and said to be.
"""

import io
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from shuqiao.arrow.intake.batches import Irregularities, TextBatch
from shuqiao.arrow.intake.dialects import Layout
from shuqiao.arrow.intake.encodings import (
    Encoding,
    decoded_chunks,
)
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import _

#: Arrow parses text in blocks of this size; a longer row is refused.
BLOCK_BYTES: Final = 2 * 1_048_576


class DataStream(io.RawIOBase):
    """The rows below the header as UTF-8, followed by one row that begins with ``last_cell``."""

    def __init__(self, path: Path, encoding: Encoding, layout: Layout) -> None:
        self.last_cell = secrets.token_hex(16)
        self._chunks = self._encoded(path, encoding, layout)
        self._rest = memoryview(b"")

    def _encoded(self, path: Path, encoding: Encoding, layout: Layout) -> Iterator[bytes]:
        skip, last = layout.data_offset, b"\n"
        for text in decoded_chunks(path, encoding):
            data = text.encode()
            if skip:
                data, skip = data[skip:], max(0, skip - len(data))
            if data:
                last = data[-1:]
                yield data
        last_row = self.last_cell + layout.delimiter * (len(layout.columns) - 1) + "\n"
        yield last_row.encode() if last in b"\r\n" else b"\n" + last_row.encode()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts: list[bytes] = []
        while size:
            if not self._rest:
                self._rest = memoryview(next(self._chunks, b""))
            if not self._rest:
                break
            taken = self._rest if size < 0 else self._rest[:size]
            parts.append(bytes(taken))
            self._rest = self._rest[len(taken) :]
            size -= len(taken) if size > 0 else 0
        return b"".join(parts)


class CsvReader:
    """Iterates over the batches of one file. Afterwards ``irregularities`` says what was odd."""

    def __init__(
        self, path: Path, encoding: Encoding, layout: Layout, null_values: tuple[str, ...]
    ) -> None:
        self._path, self._encoding, self._layout = path, encoding, layout
        self._null_values = null_values
        self.irregularities = Irregularities()
        self._unclosed: int | None = None

    def __iter__(self) -> Iterator[TextBatch]:
        stream = DataStream(self._path, self._encoding, self._layout)
        first = self._layout.header_row + 1
        pending: pa.RecordBatch | None = None
        try:
            for batch in self._open(stream):
                if not batch.num_rows:
                    continue
                if pending is not None:
                    yield self._without_empty(pending, first)
                    first += pending.num_rows
                pending = batch
        except pa.ArrowInvalid as error:
            raise self._refusal(
                error, first + (pending.num_rows if pending is not None else 0)
            ) from None
        if pending is None or pending[0][-1].as_py() != stream.last_cell:
            raise never_closed(
                self._unclosed or first + (pending.num_rows if pending is not None else 1) - 1
            )
        if pending.num_rows > 1:
            yield self._without_empty(pending.slice(0, pending.num_rows - 1), first)

    def _open(self, stream: DataStream) -> pv.CSVStreamingReader:
        names = [column.name for column in self._layout.columns]
        first = self._layout.header_row

        def uneven(row: pv.InvalidRow) -> str:
            number = first + (row.number or 0)
            if stream.last_cell in row.text:
                self._unclosed = number
            self.irregularities.add_uneven(number)
            return "skip"

        return pv.open_csv(
            pa.PythonFile(stream, mode="r"),
            # One thread: rows then come with their numbers, and the
            # child's address space is not spent on stacks.
            read_options=pv.ReadOptions(
                column_names=names, block_size=BLOCK_BYTES, use_threads=False
            ),
            parse_options=pv.ParseOptions(
                delimiter=self._layout.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=uneven,
            ),
            convert_options=pv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                null_values=["", *self._null_values],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )

    def _without_empty(self, batch: pa.RecordBatch, first: int) -> TextBatch:
        if all(column.null_count for column in batch.columns):
            filled = batch[0].is_valid()
            for column in batch.columns[1:]:
                filled = pc.or_(filled, column.is_valid())
            if not pc.all(filled).as_py():
                positions = pc.indices_nonzero(filled)
                self.irregularities.empty_count += batch.num_rows - len(positions)
                return TextBatch(
                    batch.filter(filled), lambda position: first + int(positions[position].as_py())
                )
        return TextBatch(batch, lambda position: first + position)

    def _refusal(self, error: pa.ArrowInvalid, row: int) -> DecodeRefused:
        if "straddling" in str(error):
            detail = _(
                "A row after row %(row)s is longer than %(limit)s MB. "
                "Most often a quotation mark is opened there and never closed.",
                row=row - 1,
                limit=BLOCK_BYTES // 1_048_576,
            )
            return DecodeTooLarge("row_length", detail)
        return DecodeRefused(
            "csv_damaged", _("The rows after row %(row)s cannot be read.", row=row - 1)
        )


def never_closed(row: int) -> DecodeRefused:
    detail = _(
        "In row %(row)s a quotation mark is opened and never closed: the rest of the file would be "
        "one cell.",
        row=row,
    )
    return DecodeRefused("quote_not_closed", detail)
