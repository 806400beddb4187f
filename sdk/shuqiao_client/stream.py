"""A governed Arrow stream (受控数据流) as it arrives: read batch by
batch, checked against its receipt at the end.

A stream that ends without its receipt was cut, however politely the connection closed. Nothing of a
cut or differing stream may be used, so the end is an error that cannot be overlooked, never a
shorter table.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pyarrow as pa

from shuqiao_client.canonical import UnknownType
from shuqiao_client.errors import ReceiptDiffers, ShuqiaoError, StreamCut
from shuqiao_client.receipts import METADATA_KEY, Arrived
from shuqiao_client.records import Receipt
from shuqiao_client.words import say

#: Called with (bytes, rows) that have arrived since the last call.
Progress = Callable[[int, int], None]


class DataStream:
    """One delivery on its way.

    Iterate over its batches once; ``receipt`` is there after the last one. ``edition_no``: the
    edition of the data whose rows these are, None where it has none.

    Memory: the batch being read and what the reader keeps. Close it, or use it in ``with``, to
    leave early. Raises ``StreamCut`` and ``ReceiptDiffers`` from the iteration; batches handed out
    before are then worthless.
    """

    def __init__(
        self,
        response: httpx2.Response,
        grant_no: str,
        *,
        progress: Progress | None = None,
        arrived: Callable[[Receipt], None] | None = None,
    ) -> None:
        self.receipt: Receipt | None = None
        self.delivery_no = response.headers.get("shuqiao-delivery", "")
        self.edition_no = _number(response.headers.get("shuqiao-edition", ""))
        self._grant_no, self._headers = grant_no, response.headers
        self._response, self._on_receipt = response, arrived
        self._progress = progress or (lambda _bytes, _rows: None)
        self._body = _Body(response, self._progress)
        self._is_used = False
        try:
            with self._translated(0):
                self._reader = pa.ipc.open_stream(pa.PythonFile(self._body, mode="r"))
                self.schema: pa.Schema = self._reader.schema
                self._arrived = Arrived(self.schema)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        if self._is_used:
            raise ShuqiaoError(say("stream.used"), code="stream_used")
        self._is_used = True
        try:
            yield from self._batches()
        finally:
            self.close()

    def __enter__(self) -> "DataStream":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the stream; the service records a reader who left early."""
        self._response.close()

    def read_all(self) -> pa.Table:
        """Every row as a table, its columns over the received bytes."""
        return pa.Table.from_batches(list(self), schema=self.schema)

    def reader(self) -> pa.RecordBatchReader:
        """A reader for DuckDB, polars and every other Arrow library; errors end their query."""
        return pa.RecordBatchReader.from_batches(self.schema, iter(self))

    def _batches(self) -> Iterator[pa.RecordBatch]:
        while True:
            with self._translated(self._arrived.rows):
                batch, metadata = self._next()
                self._arrived.add(batch)
            text = (metadata or {}).get(METADATA_KEY)
            if text is not None:
                self._settle(batch, text)
                return
            self._progress(0, batch.num_rows)
            if batch.num_rows:
                yield batch

    def _next(self) -> tuple[pa.RecordBatch, Any]:
        try:
            found = self._reader.read_next_batch_with_custom_metadata()
        except StopIteration:
            raise self._cut() from None
        found.batch.validate()
        return found.batch, found.custom_metadata

    def _settle(self, closing: pa.RecordBatch, text: bytes) -> None:
        """The receipt has come: nothing may come after it, and it must say what arrived."""
        with self._translated(self._arrived.rows):
            is_over = self._body.is_over(self._reader)
        try:
            receipt = json.loads(text)
        except ValueError:
            receipt = None
        if not isinstance(receipt, dict):
            raise self._differs(["shuqiao.receipt"])
        members = self._arrived.differences(receipt)
        if members or closing.num_rows or not is_over:
            raise self._differs(members or ["end"])
        self.receipt = Receipt(
            delivery_no=self.delivery_no,
            grant_no=self._grant_no,
            edition_no=self.edition_no,
            rows=self._arrived.rows,
            bytes=self._arrived.bytes,
            root=str(receipt["root"]),
            event_id=self._headers.get("shuqiao-event-id", ""),
            leaf_hash=self._headers.get("shuqiao-leaf-hash", ""),
            checked=self._arrived.checked(),
            not_checked=sorted(set(receipt) - set(self._arrived.checked())),
            raw=receipt,
        )
        if self._on_receipt is not None:
            self._on_receipt(self.receipt)

    def _cut(self) -> StreamCut:
        rows = self._arrived.rows if hasattr(self, "_arrived") else 0
        return StreamCut(say("stream.cut", rows=rows))

    def _differs(self, members: list[str]) -> ReceiptDiffers:
        return ReceiptDiffers(
            say("stream.differs", members=", ".join(members), delivery=self.delivery_no or "–")
        )

    @contextlib.contextmanager
    def _translated(self, rows: int) -> Iterator[None]:
        """Whatever breaks below is a cut stream to the reader: a lost
        connection, a half batch, bytes that are none.
        """
        try:
            yield
        except UnknownType as error:
            raise ReceiptDiffers(say("stream.type", type=error)) from None
        except (
            httpx2.HTTPError,
            httpx2.StreamError,
            pa.ArrowException,
            OSError,
            EOFError,
        ) as error:
            raise StreamCut(say("stream.cut", rows=rows)) from error


def _number(header: str) -> int | None:
    return int(header) if header.isascii() and header.isdigit() else None


class _Body:
    """The response's body as the file that Arrow reads: every message
    lands once in an aligned buffer of its own.
    """

    closed = False

    def __init__(self, response: httpx2.Response, progress: Progress) -> None:
        self._chunks = response.iter_raw()
        self._rest = memoryview(b"")
        self._progress = progress

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The stream closes the response."""

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, fewer only at the end."""
        return b"".join(self._pieces(size))

    def read_buffer(self, size: int) -> pa.Buffer:
        """The same in memory that Arrow's columns can live in."""
        buffer = pa.allocate_buffer(size, resizable=True)
        target, filled = memoryview(buffer).cast("B"), 0
        for piece in self._pieces(size):
            target[filled : filled + len(piece)] = piece
            filled += len(piece)
        target.release()
        if filled < size:
            buffer.resize(filled)
        return buffer

    def is_over(self, reader: pa.RecordBatchStreamReader) -> bool:
        """Whether nothing but the end marker is left, in the Arrow stream and in the HTTP body."""
        try:
            reader.read_next_batch()
        except StopIteration:
            return not self.read(1)
        return False

    def _pieces(self, size: int) -> Iterator[memoryview]:
        size = size if size >= 0 else sys.maxsize
        while size > 0:
            if not self._rest:
                chunk = next(self._chunks, None)
                if chunk is None:
                    return
                self._rest = memoryview(chunk)
                self._progress(len(chunk), 0)
            piece, self._rest = self._rest[:size], self._rest[size:]
            size -= len(piece)
            yield piece
