"""Granted data into a file: Parquet, Arrow or CSV.

The file appears only when everything agrees with the receipt.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import pyarrow.types as pat

from shuqiao_client.receipts import METADATA_KEY
from shuqiao_client.records import Receipt
from shuqiao_client.stream import DataStream

#: What a spreadsheet would run: a sign at the start, also behind
#: blanks, in both widths; TAB and CR at the start.
_FORMULA: Final = r"^\s*[=+\-@＝＋－＠]|^[\t\r]"
#: Of these what runs nothing: a number, a sign by itself, a telephone number.
_HARMLESS: Final = r"^ *[+\-＋－][0-9 .,()%/\-–—]*(?:[eE][+\-]?[0-9]+)?$"
_DELIVERY: Final = "shuqiao.delivery"
_BOM: Final = b"\xef\xbb\xbf"

Write = Callable[[DataStream, BinaryIO], None]


def save(stream: DataStream, target: Path) -> Receipt:
    """Read ``stream`` to its end into ``target`` (0600), kind by
    suffix; what was there is replaced at once.

    Memory: one row group. Raises ``StreamCut``, ``ReceiptDiffers``, ``OSError``; then nothing new
    is at ``target``.
    """
    write = WRITERS[target.suffix.lower()]
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
    try:
        with (
            stream,
            open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
        ):
            write(stream, file)
            file.flush()
            os.fsync(file.fileno())
        assert stream.receipt is not None  # reading to the end gives a receipt or raises
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return stream.receipt


def _parquet(stream: DataStream, file: BinaryIO) -> None:
    """zstd Parquet; the receipt is in the file's key-value metadata."""
    with pyarrow.parquet.ParquetWriter(file, _marked(stream), compression="zstd") as writer:
        for batch in stream:
            writer.write_batch(batch)
        writer.add_key_value_metadata({METADATA_KEY.decode(): _text(stream)})


def _arrow(stream: DataStream, file: BinaryIO) -> None:
    """An Arrow IPC file; the receipt is with the last batch, which has
    no rows, as it was in the stream.
    """
    with pa.ipc.new_file(file, _marked(stream)) as writer:
        for batch in stream:
            writer.write_batch(batch)
        empty = pa.RecordBatch.from_arrays(
            [pa.array([], field.type) for field in stream.schema], schema=stream.schema
        )
        writer.write_batch(empty, custom_metadata={METADATA_KEY.decode(): _text(stream)})


def _csv(stream: DataStream, file: BinaryIO) -> None:
    """UTF-8 with a byte order mark, for spreadsheets; text that they
    would run gets an apostrophe in front.
    """
    file.write(_BOM)
    names = [_neutral(pa.array([name]))[0].as_py() for name in stream.schema.names]
    columns = [_readable(pa.array([], field.type)).type for field in stream.schema]
    schema = pa.schema(list(zip(names, columns, strict=True)))
    with pyarrow.csv.CSVWriter(file, schema) as writer:
        for batch in stream:
            cells = [_readable(column) for column in batch.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(cells, schema=schema))


WRITERS: Final[Mapping[str, Write]] = {".parquet": _parquet, ".arrow": _arrow, ".csv": _csv}


def _marked(stream: DataStream) -> pa.Schema:
    """The schema with the delivery's number: the bytes are those of every fetch, the file is of
    this one.
    """
    marks = stream.schema.metadata or {}
    return stream.schema.with_metadata({**marks, _DELIVERY: stream.delivery_no})


def _readable(column: pa.Array) -> pa.Array:
    """A column as CSV can hold it: text neutralised, bytes as hexadecimal digits."""
    if pat.is_string(column.type):
        return _neutral(column)
    if pat.is_binary(column.type):
        return pa.array(
            [None if value is None else value.hex() for value in column.to_pylist()], pa.string()
        )
    if pat.is_null(column.type):
        return column.cast(pa.string())
    return column


def _neutral(texts: pa.Array) -> pa.Array:
    is_formula = pc.match_substring_regex(texts, _FORMULA)
    if not pc.any(is_formula).as_py():
        return texts
    is_harmless = pc.match_substring_regex(texts, _HARMLESS)
    is_formula = pc.and_(is_formula, pc.invert(is_harmless))
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", texts, ""), texts)


def _text(stream: DataStream) -> str:
    assert stream.receipt is not None
    raw: Mapping[str, Any] = stream.receipt.raw
    return json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
