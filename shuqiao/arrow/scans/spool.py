"""Between a department's database and whoever reads its rows: a bounded store, so that the
connection there is held for as long as the database takes, not the reader.

A few batches wait in memory; what is beyond lies in a file without a name, of this process alone,
that is gone with it. Only rows as they leave, filtered and masked, come here.
"""

import asyncio
import os
import tempfile
import threading
import time
from collections import deque
from typing import IO, Final

import pyarrow as pa

from shuqiao.errors import ShuqiaoError
from shuqiao.home import folder
from shuqiao.i18n import _

#: Batches that wait as they are.
IN_MEMORY: Final = 2


class ReaderTooSlow(ShuqiaoError):
    """The store is full, and the source has waited long enough."""

    code = "reader_too_slow"
    title = _("The reader takes too long while a department's database waits")


class Left(Exception):
    """Nobody takes anything any more."""


class Spool:
    """Batches of ``schema`` from the one thread that puts to the one event loop that takes.

    ``limit``: bytes of the file. ``patience``: seconds that ``put`` waits for room, in all.
    """

    def __init__(self, schema: pa.Schema, *, limit: int, patience: float) -> None:
        self._schema, self._limit, self._patience = schema, limit, patience
        self._loop, self._arrived = asyncio.get_running_loop(), asyncio.Event()
        self._changed = threading.Condition()
        #: A batch, or the length of one in the file; None is the end.
        self._waiting: deque[pa.RecordBatch | int | None] = deque()
        self._file: IO[bytes] | None = None
        self._written = self._taken = 0
        self._error: BaseException | None = None
        self._is_left, self._users = False, 2
        #: Held while the file is read: it is not closed under a thread that was given up.
        self._reading = threading.Lock()

    def put(self, batch: pa.RecordBatch) -> None:
        """Raises ``ReaderTooSlow``, ``Left``."""
        with self._changed:
            if sum(isinstance(each, pa.RecordBatch) for each in self._waiting) < IN_MEMORY:
                self._add(batch)
                return
        body = batch.serialize()
        with self._changed:
            self._make_room(body.size)
            at = self._written
        self._write(memoryview(body), at)
        with self._changed:
            self._written += body.size
            self._add(body.size)

    def end(self, error: BaseException | None = None) -> None:
        """No batch comes any more."""
        with self._changed:
            self._error = error
            self._add(None)

    async def take(self) -> pa.RecordBatch | None:
        """The next batch, None at the end. Raises what :meth:`end` was given."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        found = self._waiting[0]
        if isinstance(found, int):
            body = await asyncio.to_thread(self._read, found)
            batch = pa.ipc.read_record_batch(pa.py_buffer(body), self._schema)
        else:
            batch = found
        with self._changed:
            self._waiting.popleft()
            self._taken += found if isinstance(found, int) else 0
            self._changed.notify()
        if found is None and self._error is not None:
            raise self._error
        return batch

    def leave(self) -> None:
        """Nobody takes anything any more; who puts is told."""
        with self._changed:
            self._is_left = True
            self._changed.notify()
        self.let_go()

    @property
    def is_left(self) -> bool:
        return self._is_left

    def let_go(self) -> None:
        """Called by whoever took and by whoever put: with the last of them the file is gone."""
        with self._reading:
            self._users -= 1
            if self._users == 0 and self._file is not None:
                self._file.close()
                self._file = None

    def _add(self, found: pa.RecordBatch | int | None) -> None:
        if self._is_left:
            raise Left
        self._waiting.append(found)
        self._loop.call_soon_threadsafe(self._arrived.set)

    def _make_room(self, size: int) -> None:
        while self._written - self._taken + size > self._limit and self._written > self._taken:
            if self._is_left:
                raise Left
            began = time.monotonic()
            self._changed.wait(max(0.0, self._patience))
            self._patience -= time.monotonic() - began
            if self._patience <= 0:
                raise ReaderTooSlow

    def _write(self, body: memoryview, at: int) -> None:
        """Round and round within the limit; a batch larger than that lies alone."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=folder("spool"))  # noqa: SIM115
        for piece, place in self._pieces(len(body), at):
            done, left = 0, body[piece]
            while done < len(left):
                done += os.pwrite(self._file.fileno(), left[done:], place + done)

    def _read(self, size: int) -> bytes:
        with self._reading:
            if self._file is None:
                raise Left
            found = [
                os.pread(self._file.fileno(), piece.stop - piece.start, place)
                for piece, place in self._pieces(size, self._taken)
            ]
        return found[0] if len(found) == 1 else b"".join(found)

    def _pieces(self, size: int, at: int) -> list[tuple[slice, int]]:
        place = at % self._limit
        first = size if size > self._limit else min(size, self._limit - place)
        if size > self._limit:
            place = 0
        whole = [(slice(0, first), place), (slice(first, size), 0)]
        return [(piece, where) for piece, where in whole if piece.stop > piece.start]
