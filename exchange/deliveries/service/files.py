"""A plan's run as a file for people, CSV or Excel, with the same receipt growing beside it.

The rows are those of the Arrow stream, in the same order, from the same run; only how they are
written differs. The last piece is held back until all rows have left and the end is recorded, so
that a file is whole or its download has visibly failed.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from tempfile import SpooledTemporaryFile
from typing import Any, Final, Protocol

import pyarrow as pa

from exchange.deliveries.service import csv_rows
from exchange.deliveries.service.downloads import rows_at_most
from exchange.deliveries.service.worksheets import Worksheet
from exchange.deliveries.words import FileFace
from shuqiao.arrow.scans.places import Places
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.scans.receipts import ReceiptBuilder
from shuqiao.arrow.scans.scan import Told, run
from shuqiao.web.downloads import XLSX_ROWS, FileKind

MEDIA_TYPES: Final[Mapping[FileFace, str]] = {
    FileFace.CSV: FileKind.CSV.media,
    FileFace.XLSX: FileKind.XLSX.media,
}
_MEMORY_BYTES: Final = 4 * 1_048_576
_PIECE_BYTES: Final = 262_144


class Writer(Protocol):
    """Rows to bytes; each gives what is ready."""

    def add(self, batch: pa.RecordBatch) -> bytes: ...

    def close(self) -> bytes: ...


class CsvWriter:
    """CSV: the head with the first rows, nothing at the end."""

    def __init__(self, schema: pa.Schema) -> None:
        self._head = csv_rows.head(schema)

    def add(self, batch: pa.RecordBatch) -> bytes:
        head, self._head = self._head, b""
        return head + csv_rows.lines(batch)

    def close(self) -> bytes:
        return self._head


class FileChunks:
    """The pieces of one file; ``face`` says which. Memory: one batch, whatever the length."""

    def __init__(
        self,
        plan: DeliveryPlan,
        keys: Mapping[str, bytes],
        places: Places,
        edition_no: int | None,
        too_slow: Callable[[], None],
        *,
        face: FileFace,
        title: str,
    ) -> None:
        self._plan, self._keys, self._places = plan, keys, places
        self._edition_no, self._too_slow = edition_no, too_slow
        self._builder = ReceiptBuilder(plan)
        self._face, self._title = face, title
        self._end = b""

    async def pieces(self) -> AsyncGenerator[tuple[memoryview, int], None]:
        """(bytes, rows) in order, the first when rows follow. A worksheet of which it is not known
        beforehand whether its rows fit is written whole before its first byte leaves, so that
        ``WorksheetFull`` is an answer and no broken file.

        Raises ``SnapshotDamaged`` likewise.
        """
        if self._is_sure_to_fit():
            async with aclosing(self._written()) as written:
                async for piece, rows in written:
                    yield memoryview(piece), rows
            return
        with SpooledTemporaryFile(max_size=_MEMORY_BYTES) as file:
            async with aclosing(self._written()) as written:
                async for written_piece, _rows in written:
                    await asyncio.to_thread(file.write, written_piece)
            await asyncio.to_thread(file.seek, 0)
            yield memoryview(b""), 0
            rows = self._builder.rows
            while piece := await asyncio.to_thread(file.read, _PIECE_BYTES):
                yield memoryview(piece), rows  # of a file that is cut, all rows may have left
                rows = 0

    def last(self) -> tuple[bytes, dict[str, Any]]:
        receipt = self._builder.whole()
        if self._edition_no is not None:
            receipt["edition"] = self._edition_no
        return self._end, receipt

    def _is_sure_to_fit(self) -> bool:
        rows = rows_at_most(self._plan)
        return self._face is FileFace.CSV or (rows is not None and rows <= XLSX_ROWS)

    async def _written(self) -> AsyncGenerator[tuple[bytes, int], None]:
        told = Told(self._builder.begin, self._too_slow, self._builder.read)
        writer = await asyncio.to_thread(self._begun)
        async with aclosing(run(self._plan, self._keys, self._places, told)) as batches:
            batch = await anext(batches, None)
            yield b"", 0  # it begins, with rows or without
            while batch is not None:
                await asyncio.to_thread(self._builder.add, batch)
                yield await asyncio.to_thread(writer.add, batch), batch.num_rows
                batch = await anext(batches, None)
        self._end = await asyncio.to_thread(writer.close)

    def _begun(self) -> Writer:
        schema = self._plan.schema
        return CsvWriter(schema) if self._face is FileFace.CSV else Worksheet(schema, self._title)
