"""Arrow IPC files and streams to record batches of plain types.

Every batch is fully validated. Runs in the child.

Nothing the file says is believed: offsets and lengths are checked before a value is touched, what a
compressed buffer grows to is bounded by the child's memory and counted, metadata is left behind. A
stream must end with its end mark: without it nobody can tell a whole stream from one that was cut
off between two batches.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.options import DecodeLimits, FileKind
from shuqiao.arrow.intake.plain_columns import PlainColumns
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import _

_FILE_MAGIC: Final = b"ARROW1"
_END_OF_STREAM: Final = b"\xff\xff\xff\xff\0\0\0\0"
_ROWS_AT_ONCE: Final = 65_536
_VIEWS_AT_ONCE: Final = 4_096
#: Dictionaries and views may name one long text many times; so much of
#: it is written out at once at most.
_EXPANDED_BYTES: Final = 32 * 1_048_576


class ArrowReader:
    """Iterates over the batches of one file or stream. Raises :class:`DecodeRefused`."""

    kind: FileKind = "arrow"

    def __init__(self, path: Path, limits: DecodeLimits, dropped: Sequence[str] = ()) -> None:
        self._path = path
        with path.open("rb") as file:
            self._is_file = file.read(len(_FILE_MAGIC)) == _FILE_MAGIC
            file.seek(-min(path.stat().st_size, len(_END_OF_STREAM)), 2)
            if not self._is_file and file.read() != _END_OF_STREAM:
                raise _damaged()
        try:
            self._plain = PlainColumns(self._opened().schema, limits, dropped)
        except (pa.ArrowException, OSError, ValueError) as error:  # of names that are no UTF-8, too
            if isinstance(error, MemoryError):
                raise
            raise _damaged() from error
        self.columns, self.warnings, self.schema = (
            self._plain.columns,
            self._plain.warnings,
            self._plain.schema,
        )

    @property
    def claimed_rows(self) -> int:
        """Nothing is claimed before the batches are read."""
        return 0

    def _opened(self) -> Any:
        source = pa.OSFile(
            str(self._path)
        )  # no memory map: a file cut short meanwhile must not end in SIGBUS
        return pa.ipc.open_file(source) if self._is_file else pa.ipc.open_stream(source)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        reader = self._opened()
        try:
            for batch in self._batches(reader):
                batch.validate(full=True)
                if batch.schema != reader.schema:
                    raise _damaged()
                rows = _rows_at_once(batch)
                for start in range(0, batch.num_rows, rows):
                    yield self._plain.plain(batch.slice(start, rows))
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, MemoryError):
                raise
            raise _damaged() from error

    def _batches(self, reader: Any) -> Iterator[pa.RecordBatch]:
        if self._is_file:
            yield from (reader.get_batch(index) for index in range(reader.num_record_batches))
        else:
            yield from reader


def _rows_at_once(batch: pa.RecordBatch) -> int:
    return min((_rows_expanded(column) for column in batch.columns), default=_ROWS_AT_ONCE)


def _rows_expanded(column: pa.Array) -> int:
    """How many rows of a column to write out at once: fewer where it
    names long values instead of holding them.
    """
    while isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_string_view(column.type) or pa.types.is_binary_view(column.type):
        return _VIEWS_AT_ONCE
    if isinstance(column, pa.DictionaryArray) and _is_long(column.dictionary.type):
        longest = pc.max(pc.binary_length(column.dictionary)).as_py() or 1
        return max(1, min(_ROWS_AT_ONCE, _EXPANDED_BYTES // longest))
    return _ROWS_AT_ONCE


def _is_long(kind: pa.DataType) -> bool:
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_binary,
        pa.types.is_large_binary,
    )
    return any(test(kind) for test in tests)


def _damaged() -> DecodeRefused:
    return DecodeRefused(
        "arrow_damaged", _("The Arrow file is damaged or not complete. Export it again.")
    )
