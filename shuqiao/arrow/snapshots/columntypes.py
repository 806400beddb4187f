"""The column types a snapshot can hold, the stable name of each, and
how near relatives are brought to them.

One logical type has one name and one Arrow type, whatever encoding the data arrived in:
``large_string``, string views and dictionaries of strings are all ``utf8``. Nested types are
refused; an item (信息项) is one flat field.
"""

import re
from typing import Final

import pyarrow as pa
import pyarrow.types as pat

from shuqiao.errors import Invalid
from shuqiao.i18n import _

_SIMPLE: Final[dict[str, pa.DataType]] = {
    "null": pa.null(),
    "bool": pa.bool_(),
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "uint8": pa.uint8(),
    "uint16": pa.uint16(),
    "uint32": pa.uint32(),
    "uint64": pa.uint64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "date32": pa.date32(),
    "timestamp[us]": pa.timestamp("us"),
    "utf8": pa.string(),
    "binary": pa.binary(),
}
_NAMES: Final = {type_: name for name, type_ in _SIMPLE.items()}
_ZONED = re.compile(r"timestamp\[us,([!-~]{1,64})\]")
_DECIMAL = re.compile(r"decimal128\(([1-9][0-9]?),(0|[1-9][0-9]?)\)")


class UnsupportedColumn(Invalid):
    """A column whose type a snapshot cannot hold."""

    code = "unsupported_column_type"


def type_name(type_: pa.DataType) -> str:
    """The stable name of a stored type (``utf8``, ``decimal128(12,2)``, …).

    Raises ``UnsupportedColumn``.
    """
    if (name := _NAMES.get(type_)) is not None:
        return name
    if (
        pat.is_timestamp(type_)
        and type_.unit == "us"
        and _ZONED.fullmatch(f"timestamp[us,{type_.tz}]")
    ):
        return f"timestamp[us,{type_.tz}]"
    if pat.is_decimal128(type_) and 0 <= type_.scale <= type_.precision:
        return f"decimal128({type_.precision},{type_.scale})"
    raise UnsupportedColumn(_("Columns of the type %(type)s cannot be stored.", type=str(type_)))


def type_of(name: str) -> pa.DataType:
    """The Arrow type behind a stable name.

    Raises ``ValueError`` for a name :func:`type_name` never makes.
    """
    if name in _SIMPLE:
        return _SIMPLE[name]
    if match := _ZONED.fullmatch(name):
        return pa.timestamp("us", match[1])
    if (match := _DECIMAL.fullmatch(name)) and int(match[1]) <= 38:
        return pa.decimal128(int(match[1]), int(match[2]))
    raise ValueError("not a stored type")


def stored_type(type_: pa.DataType) -> pa.DataType:
    """The type under which a column of ``type_`` is stored.

    Raises ``UnsupportedColumn`` for nested and exotic types.

    Time stamps become microseconds; finer ones are refused later, at the cast, when a value would
    lose digits.
    """
    if pat.is_dictionary(type_):
        return stored_type(type_.value_type)
    if pat.is_large_string(type_) or pat.is_string_view(type_):
        return pa.string()
    if pat.is_large_binary(type_) or pat.is_binary_view(type_) or pat.is_fixed_size_binary(type_):
        return pa.binary()
    if pat.is_date64(type_):
        return pa.date32()
    if pat.is_float16(type_):
        return pa.float32()
    if pat.is_timestamp(type_):
        type_ = pa.timestamp("us", type_.tz)
    if pat.is_decimal32(type_) or pat.is_decimal64(type_):
        type_ = pa.decimal128(type_.precision, type_.scale)
    type_name(type_)
    return type_


def stored_schema(schema: pa.Schema) -> pa.Schema:
    """``schema`` with every field in its stored type, without metadata.

    Names must be unique and not empty.
    """
    names = schema.names
    if (
        not names
        or len(set(names)) != len(names)
        or not all(names)
        or any("\0" in name for name in names)
    ):
        raise UnsupportedColumn(_("Every column needs a name of its own."))
    return pa.schema(
        [pa.field(field.name, stored_type(field.type), field.nullable) for field in schema]
    )


def to_stored(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """``batch`` with its columns cast to ``schema`` (from
    :func:`stored_schema`); loses nothing or raises.
    """
    if batch.schema.names != schema.names:
        raise UnsupportedColumn(_("The columns change in the middle of the table."))
    columns = [_cast(column, field) for column, field in zip(batch.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _cast(column: pa.Array, field: pa.Field) -> pa.Array:
    if not field.nullable and column.null_count:
        raise UnsupportedColumn(
            _("The column %(name)s has empty values but is declared complete.", name=field.name)
        )
    if column.type == field.type:
        return column
    try:
        if stored_type(column.type) != field.type:
            raise UnsupportedColumn(_("The columns change in the middle of the table."))
        return column.cast(field.type, safe=True)
    except pa.ArrowInvalid as error:
        raise UnsupportedColumn(
            _(
                "A value of the column %(name)s does not fit the type %(type)s.",
                name=field.name,
                type=str(field.type),
            )
        ) from error
