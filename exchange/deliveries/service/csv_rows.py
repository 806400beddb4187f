"""Rows as CSV for people: UTF-8 with a byte order mark, by which spreadsheets know it.

Values stay as they are. Only before a text that a spreadsheet would run as a formula stands an
apostrophe; a number, a sign or a telephone number is none (``shuqiao.web.downloads``).
"""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.types as pat

from shuqiao.web.downloads import FORMULA, HARMLESS, guarded

BOM: Final = b"\xef\xbb\xbf"
#: Of a time of day without parts of a second nothing is written behind the seconds.
_WHOLE_SECONDS: Final = r"\.0{6}(Z?)$"


def head(schema: pa.Schema) -> bytes:
    """The byte order mark and the names of the columns."""
    names = [guarded(name) for name in schema.names]
    cells = [pa.array([name], pa.string()) for name in names]
    return BOM + _written(pa.RecordBatch.from_arrays(cells, names=names))


def lines(batch: pa.RecordBatch) -> bytes:
    """The rows of ``batch``, one a line; what is missing is empty, an empty text is ``""``."""
    cells = [_readable(column) for column in batch.columns]
    return _written(pa.RecordBatch.from_arrays(cells, names=batch.schema.names))


def as_text(column: pa.Array) -> pa.Array:
    """Any stored column as the texts by which people read it: bytes as hexadecimal digits, times
    to the second unless they have parts of one.
    """
    if pat.is_string(column.type):
        return column
    if pat.is_binary(column.type):
        values = column.to_pylist()
        return pa.array([None if value is None else value.hex() for value in values], pa.string())
    text = column.cast(pa.string())
    if pat.is_timestamp(column.type):
        return pc.replace_substring_regex(text, _WHOLE_SECONDS, r"\1")
    return text


def _readable(column: pa.Array) -> pa.Array:
    if pat.is_string(column.type):
        return _neutral(column)
    if pat.is_binary(column.type) or pat.is_timestamp(column.type) or pat.is_null(column.type):
        return as_text(column)
    return column


def _neutral(texts: pa.Array) -> pa.Array:
    runs = pc.match_substring_regex(texts, FORMULA)
    if not pc.any(runs).as_py():
        return texts
    runs = pc.and_(runs, pc.invert(pc.match_substring_regex(texts, HARMLESS)))
    return pc.if_else(runs, pc.binary_join_element_wise("'", texts, ""), texts)


def _written(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    options = pyarrow.csv.WriteOptions(include_header=False)
    pyarrow.csv.write_csv(batch, sink, options)
    return bytes(sink.getvalue())
