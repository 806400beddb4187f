"""Cutting a stream of batches anew, at the same rows whatever the sizes they arrive in."""

from collections import deque
from collections.abc import Iterator

import pyarrow as pa


class Recutter:
    """Takes batches of any size, gives batches of exactly the sizes
    asked for; a batch that fits passes uncopied.
    """

    def __init__(self, sizes: Iterator[int]) -> None:
        self._sizes = sizes
        self._wanted = 0
        self._waiting: deque[pa.RecordBatch] = deque()
        self._rows = 0

    def push(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Take one batch, yield those that are complete.

        Raises ``ValueError`` for rows beyond the last size.
        """
        if batch.num_rows:
            self._waiting.append(batch)
            self._rows += batch.num_rows
        while self._rows and self._rows >= self._next_size():
            yield self._take(self._wanted)
            self._wanted = 0

    def rest(self) -> Iterator[pa.RecordBatch]:
        """The rows left over, as one short batch, at the end of the stream."""
        if self._rows:
            yield self._take(self._rows)

    def _next_size(self) -> int:
        self._wanted = self._wanted or next(self._sizes, 0)
        if not self._wanted:
            raise ValueError("more rows than expected")
        return self._wanted

    def _take(self, rows: int) -> pa.RecordBatch:
        self._rows -= rows
        pieces: list[pa.RecordBatch] = []
        while rows:
            batch = self._waiting.popleft()
            if batch.num_rows > rows:
                self._waiting.appendleft(batch.slice(rows))
                batch = batch.slice(0, rows)
            pieces.append(batch)
            rows -= batch.num_rows
        return pieces[0] if len(pieces) == 1 else pa.concat_batches(pieces)
