"""Parquet to record batches of plain types.

The footer is read for its shape and never believed. Runs in the child.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuqiao.arrow.intake.options import DecodeLimits, FileKind
from shuqiao.arrow.intake.plain_columns import PlainColumns
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import _

_BATCH_BYTES: Final = 2 * 1_048_576
_FOOTER_BYTES: Final = 32 * 1_048_576
_FOOTER_ENTRIES: Final = 1_000_000


class ParquetReader:
    """Iterates over the batches of one file, columns renamed and cast to ``schema``.

    Raises :class:`DecodeRefused`.
    """

    kind: FileKind = "parquet"

    def __init__(self, path: Path, limits: DecodeLimits, dropped: Sequence[str] = ()) -> None:
        self._limits = limits
        try:
            self._file = pq.ParquetFile(
                pa.OSFile(
                    str(path)
                ),  # no memory map: a file cut short meanwhile must not end in SIGBUS
                buffer_size=65_536,
                page_checksum_verification=True,
                thrift_string_size_limit=_FOOTER_BYTES,
                thrift_container_size_limit=_FOOTER_ENTRIES,
            )
            self._plain = PlainColumns(self._file.schema_arrow, limits, dropped)
        except (pa.ArrowException, OSError, ValueError) as error:  # of names that are no UTF-8, too
            raise _damaged() from error
        self.columns, self.warnings, self.schema = (
            self._plain.columns,
            self._plain.warnings,
            self._plain.schema,
        )

    @property
    def claimed_rows(self) -> int:
        """What the footer says; only a claim beyond the limit is taken at its word."""
        return int(self._file.metadata.num_rows)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        rows = 0
        try:
            for batch in self._file.iter_batches(batch_size=self._batch_rows(), use_threads=False):
                batch.validate(full=True)
                rows += batch.num_rows
                yield self._plain.plain(batch)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, MemoryError):
                raise
            raise _damaged() from error
        if rows != self.claimed_rows:
            raise _damaged()

    def _batch_rows(self) -> int:
        metadata = self._file.metadata
        size = sum(
            metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups)
        )
        width = max(size // max(metadata.num_rows, 1), 8 * len(self.schema), 1)
        return int(max(64, min(65_536, _BATCH_BYTES // width)))


def _damaged() -> DecodeRefused:
    return DecodeRefused(
        "parquet_damaged", _("The Parquet file is damaged or not complete. Export it again.")
    )
