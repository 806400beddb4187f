"""From Arrow to data frames; the libraries are loaded when they are asked for."""

import importlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from shuqiao_client.errors import LibraryMissing
from shuqiao_client.reading import Record, types_of
from shuqiao_client.words import say

if TYPE_CHECKING:
    import pandas
    import polars

_ARROW: Final[dict[Any, pa.DataType]] = {
    str: pa.string(),
    int: pa.int64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", "UTC"),
    list[str]: pa.list_(pa.string()),
}


def to_polars(table: pa.Table) -> "polars.DataFrame":
    """A polars frame over the table's buffers. Raises ``LibraryMissing``."""
    frame: polars.DataFrame = _library("polars").from_arrow(table)
    return frame


def to_pandas(table: pa.Table) -> "pandas.DataFrame":
    """A pandas frame. Raises ``LibraryMissing``."""
    _library("pandas")
    return table.to_pandas()


def to_table(kind: type[Record], records: Sequence[Record]) -> pa.Table:
    """Records as a table of their ``COLUMNS``: parts of their own by
    name, lists of parts as lists of names.
    """
    schema = pa.schema(
        [pa.field(name, _arrow_type(type_)) for name, type_ in types_of(kind).items()]
    )
    columns = [
        pa.array([_cell(getattr(r, field.name)) for r in records], field.type) for field in schema
    ]
    return pa.table(columns, schema=schema)


def _arrow_type(type_: Any) -> pa.DataType:
    if type_ in _ARROW:
        return _ARROW[type_]
    is_list = getattr(type_, "__origin__", None) is list
    return pa.list_(pa.string()) if is_list else pa.string()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return [_cell(each) for each in value]
    return value.raw.get("name") if isinstance(value, Record) else value


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise LibraryMissing(say("library.missing", library=name)) from None
