"""Parquet to record batches of plain types. The footer is read for its shape and never believed. Runs in the child.

What leaves here has string, integer, floating-point, decimal, boolean, date or timestamp (microseconds) columns: no
metadata, no extension types, no dictionaries, nothing nested.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuqiao.arrow.dialects import Column, name_columns
from shuqiao.arrow.options import DecodeLimits
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _

_BATCH_BYTES: Final = 2 * 1_048_576
_FOOTER_BYTES: Final = 32 * 1_048_576
_FOOTER_ENTRIES: Final = 1_000_000


class ParquetReader:
    """Iterates over the batches of one file, columns renamed and cast to ``schema``. Raises :class:`DecodeRefused`."""

    def __init__(self, path: Path, limits: DecodeLimits) -> None:
        self._limits = limits
        try:
            self._file = pq.ParquetFile(
                pa.OSFile(str(path)),  # no memory map: a file cut short meanwhile must not end in SIGBUS
                buffer_size=65_536,
                thrift_string_size_limit=_FOOTER_BYTES,
                thrift_container_size_limit=_FOOTER_ENTRIES,
            )
            own = self._file.schema_arrow
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged() from error
        self.columns, self.warnings = _columns(own, limits)
        fields = [pa.field(c.name, plain_type(c.name, f.type)) for c, f in zip(self.columns, own, strict=True)]
        self.schema = pa.schema(fields)

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
                yield self._plain(batch)
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, MemoryError):
                raise
            raise _damaged() from error
        if rows != self.claimed_rows:
            raise _damaged()

    def _batch_rows(self) -> int:
        metadata = self._file.metadata
        size = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
        width = max(size // max(metadata.num_rows, 1), 8 * len(self.schema), 1)
        return int(max(64, min(65_536, _BATCH_BYTES // width)))

    def _plain(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = []
        for column, field in zip(batch.columns, self.schema, strict=True):
            storage = column.storage if isinstance(column, pa.ExtensionArray) else column
            try:
                columns.append(storage.cast(field.type))
            except pa.ArrowInvalid:
                raise _does_not_fit(field) from None
        return pa.record_batch(columns, schema=self.schema)


def _columns(schema: pa.Schema, limits: DecodeLimits) -> tuple[tuple[Column, ...], tuple[Message, ...]]:
    if not len(schema):
        raise DecodeRefused("empty", _("The file holds no columns."))
    return name_columns(schema.names, limits)


def plain_type(name: str, arrow: pa.DataType) -> pa.DataType:
    """The type a column is handed on with. Raises :class:`DecodeRefused` naming a column that has none."""
    types = pa.types
    while isinstance(arrow, pa.BaseExtensionType) or types.is_dictionary(arrow):
        arrow = arrow.value_type if types.is_dictionary(arrow) else arrow.storage_type
    if types.is_nested(arrow):
        detail = _(
            "Column “%(column)s” holds lists or records, not single values. Split it into plain columns.", column=name
        )
        raise DecodeRefused("nested_column", detail)
    if types.is_null(arrow) or _is_text(arrow):
        return pa.string()
    if types.is_float16(arrow):
        return pa.float32()
    if types.is_date(arrow):
        return pa.date32()
    if types.is_decimal(arrow) and arrow.precision <= 38:
        return pa.decimal128(arrow.precision, arrow.scale)
    if types.is_timestamp(arrow):
        return pa.timestamp("us", arrow.tz)
    for test in (types.is_integer, types.is_floating, types.is_boolean):
        if test(arrow):
            return arrow
    detail = _("Column “%(column)s” is of the type %(type)s, which is not taken.", column=name, type=str(arrow))
    raise DecodeRefused("column_type", detail)


def _is_text(arrow: pa.DataType) -> bool:
    # BYTE_ARRAY without the UTF-8 mark is how older writers store text; the cast checks every value.
    tests = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_binary_view,
    )
    return any(test(arrow) for test in tests)


def _does_not_fit(field: pa.Field) -> DecodeRefused:
    if pa.types.is_string(field.type):
        return DecodeRefused(
            "binary_column", _("Column “%(column)s” holds bytes that are no UTF-8 text.", column=field.name)
        )
    detail = _("Column “%(column)s” holds times finer than a microsecond, which would be cut.", column=field.name)
    return DecodeRefused("too_fine", detail)


def _damaged() -> DecodeRefused:
    return DecodeRefused("parquet_damaged", _("The Parquet file is damaged or not complete. Export it again."))
