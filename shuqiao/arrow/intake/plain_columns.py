"""Columns that bring their own types, brought to the plain ones a snapshot can hold.

Runs in the child.

What leaves here has string, integer, floating-point, decimal, boolean, date or timestamp
(microseconds) columns: no metadata, no extension types, no dictionaries, nothing nested.
"""

from collections.abc import Sequence

import pyarrow as pa

from shuqiao.arrow.intake.column_names import Column, name_columns
from shuqiao.arrow.intake.options import DecodeLimits
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _


class PlainColumns:
    """Names and plain types for the columns of ``own``; :meth:`plain`
    brings its batches to them. Columns ``dropped`` are of no type: their values are not looked at.
    """

    def __init__(self, own: pa.Schema, limits: DecodeLimits, dropped: Sequence[str] = ()) -> None:
        self.columns, self.warnings = _columns(own, limits)
        fields = [
            pa.field(c.name, pa.null() if c.name in dropped else plain_type(c.name, f.type))
            for c, f in zip(self.columns, own, strict=True)
        ]
        self.schema = pa.schema(fields)

    def plain(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` cast to ``schema``.

        Raises :class:`DecodeRefused` for values that would change.
        """
        columns = []
        for column, field in zip(batch.columns, self.schema, strict=True):
            if pa.types.is_null(field.type):
                columns.append(pa.nulls(len(column)))
                continue
            storage = column.storage if isinstance(column, pa.ExtensionArray) else column
            try:
                columns.append(_cast(storage, field.type))
            except pa.ArrowNotImplementedError as error:
                raise _not_taken(field.name, column.type) from error
            except pa.ArrowInvalid:
                raise _does_not_fit(field) from None
        return pa.record_batch(columns, schema=self.schema)


def _cast(column: pa.Array, target: pa.DataType) -> pa.Array:
    """Values of ``target``; those of a dictionary are brought to it before they are written out,
    since not every type of values can be looked up.
    """
    if isinstance(column, pa.DictionaryArray):
        values = _cast(column.dictionary, target)
        return pa.DictionaryArray.from_arrays(column.indices, values).cast(target)
    return column.cast(target)


def _columns(
    schema: pa.Schema, limits: DecodeLimits
) -> tuple[tuple[Column, ...], tuple[Message, ...]]:
    if not len(schema):
        raise DecodeRefused("empty", _("The file holds no columns."))
    return name_columns(schema.names, limits)


def plain_type(name: str, arrow: pa.DataType) -> pa.DataType:
    """The type a column is handed on with.

    Raises :class:`DecodeRefused` naming a column that has none.
    """
    types = pa.types
    while isinstance(arrow, pa.BaseExtensionType) or types.is_dictionary(arrow):
        arrow = arrow.value_type if types.is_dictionary(arrow) else arrow.storage_type
    if types.is_nested(arrow) and not types.is_run_end_encoded(arrow):
        detail = _(
            "Column “%(column)s” holds lists or records, not single values. Split it into plain "
            "columns.",
            column=name,
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
    raise _not_taken(name, arrow)


def _not_taken(name: str, arrow: pa.DataType) -> DecodeRefused:
    detail = _(
        "Column “%(column)s” is of the type %(type)s, which is not taken. Leave that column out.",
        column=name,
        type=str(arrow),
    )
    return DecodeRefused("column_type", detail)


def _is_text(arrow: pa.DataType) -> bool:
    # BYTE_ARRAY without the UTF-8 mark is how older writers store text;
    # the cast checks every value.
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
            "binary_column",
            _("Column “%(column)s” holds bytes that are no UTF-8 text.", column=field.name),
        )
    detail = _(
        "Column “%(column)s” holds times finer than a microsecond, which would be cut.",
        column=field.name,
    )
    return DecodeRefused("too_fine", detail)
