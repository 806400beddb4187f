"""Decoded batches on their way into an Arrow file, counted as they go:
a bomb ends at the budget, whatever it says.
"""

from pathlib import Path
from types import TracebackType
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.options import DecodeLimits
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import _

#: Batches are written in slices of about this many bytes, so that
#: whoever reads them needs no more at a time.
SLICE_BYTES: Final = 2 * 1_048_576


class Budget:
    """Counts rows and decoded bytes. :meth:`spend` raises :class:`DecodeTooLarge` at the limit."""

    def __init__(self, limits: DecodeLimits) -> None:
        self._limits = limits
        self.rows = 0
        self.bytes = 0

    def spend(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        self.bytes += batch.nbytes
        self.expect_rows(self.rows)
        if self.bytes > self._limits.decoded_bytes:
            detail = _(
                "Decoded, the table is larger than %(limit)s MB. Split it into smaller files.",
                limit=self._limits.decoded_bytes // 1_048_576,
            )
            raise DecodeTooLarge("decoded_size", detail)
        check_cells(batch, self._limits)

    def expect_rows(self, rows: int) -> None:
        if rows > self._limits.rows:
            detail = _(
                "The table has more than %(limit)s rows. Split it into smaller files.",
                limit=self._limits.rows,
            )
            raise DecodeTooLarge("too_many_rows", detail)


def check_cells(batch: pa.RecordBatch, limits: DecodeLimits) -> None:
    """Refuse texts longer than the limit, naming the column."""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if not pa.types.is_string(column.type) or column.nbytes <= limits.cell_bytes:
            continue
        if (pc.max(pc.binary_length(column)).as_py() or 0) > limits.cell_bytes:
            detail = _(
                "Column “%(column)s” holds a text of more than %(limit)s kB. A quotation mark may "
                "not be closed.",
                column=name,
                limit=limits.cell_bytes // 1_024,
            )
            raise DecodeRefused("cell_length", detail)


class BoundedWriter:
    """Writes batches of one schema to an Arrow IPC file within a :class:`Budget`.

    Use as a context manager.
    """

    def __init__(self, target: Path, schema: pa.Schema, budget: Budget) -> None:
        self._budget = budget
        self._sink = pa.OSFile(str(target), "wb")
        self._writer = pa.ipc.new_file(self._sink, schema)
        self.batches = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._budget.spend(batch)
        if not batch.num_rows:
            return
        rows = max(64, min(65_536, SLICE_BYTES * batch.num_rows // max(batch.nbytes, 1)))
        for start in range(0, batch.num_rows, rows):
            self._writer.write_batch(batch.slice(start, rows))
            self.batches += 1

    def __enter__(self) -> "BoundedWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._writer.close()
        self._sink.close()
