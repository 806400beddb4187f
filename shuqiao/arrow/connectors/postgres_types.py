"""How a column of a PostgreSQL table becomes a column of ours.

What is not in these tables is refused by its name.

| PostgreSQL | ours |
|---|---|
| boolean, smallint, integer, bigint, real, double precision, date | the same |
| numeric(p,s) up to 38 digits | decimal128(p,s); without a size decimal128(38,10), as for files |
| timestamp, timestamptz | timestamp[us]; the second in UTC, with its zone |
| text, varchar, char(n) (trailing blanks go), name, citext | utf8 |
| uuid, json, jsonb, enumerations, time, inet, cidr, macaddr, xml | utf8, as PostgreSQL writes |
| arrays, composites, ranges, bytea, money, interval, geometry, numeric over 38 digits | refused |

A domain counts as the type it is made of. Dates and times outside of the years 1 to 9999
(``infinity`` too) and numbers that do not fit are refused when they are met: nothing is cut or
guessed.
"""

from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pat

from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed
from shuqiao.arrow.snapshots.columntypes import type_name, type_of
from shuqiao.i18n import Message, _

_PLAIN: Final[dict[str, pa.DataType]] = {
    "bool": pa.bool_(),
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float4": pa.float32(),
    "float8": pa.float64(),
    "text": pa.string(),
    "varchar": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
}
_AS_TEXT: Final = frozenset(
    {
        "bpchar",
        "name",
        "citext",
        "uuid",
        "json",
        "jsonb",
        "time",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "xml",
    }
)
_UNSIZED: Final = pa.decimal128(38, 10)
#: The years 1 to 9999 in the units of Arrow: days, microseconds.
_DAYS: Final = (-719_162, 2_932_896)
_MICROSECONDS: Final = (_DAYS[0] * 86_400_000_000, (_DAYS[1] + 1) * 86_400_000_000 - 1)


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A readable column of a table or view.

    ``declared``: its type as PostgreSQL writes it (``numeric(12,2)``).
    """

    name: str
    declared: str
    type: pa.DataType | None
    is_cast: bool = False
    comment: str = ""

    @property
    def note(self) -> Message | None:
        """What the registrar should know about the type."""
        if self.type is None:
            return _(
                "Columns of the type %(type)s cannot be taken; leave it out or ask for a view.",
                type=self.declared,
            )
        if self.type == _UNSIZED and self.declared == "numeric":
            return _(
                "Numbers without a stated size are taken with ten decimal places; a longer one is "
                "refused."
            )
        return None

    def to_json(self) -> dict[str, Any]:
        kind = type_name(self.type) if self.type is not None else None
        return {"name": self.name, "declared": self.declared, "type": kind, "is_cast": self.is_cast}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "SourceColumn":
        kind = stored["type"]
        return cls(
            stored["name"], stored["declared"], type_of(kind) if kind else None, stored["is_cast"]
        )


def source_column(
    name: str, declared: str, base: str, kind: str, modifier: int, comment: str | None = None
) -> SourceColumn:
    """A column from the catalogue: ``base`` name and ``kind``
    (``typtype``) of its type below all domains.
    """
    arrow, is_cast = _mapped(base, kind, modifier)
    return SourceColumn(name, declared, arrow, is_cast, comment or "")


def wire_type(column: SourceColumn) -> pa.DataType:
    """What the database hands over for it: numbers without a binary form of ours travel as text."""
    assert column.type is not None
    return pa.string() if column.is_cast else column.type


def settled(batch: pa.RecordBatch, columns: list[SourceColumn]) -> pa.RecordBatch:
    """The rows as they were handed over, in our types.

    Raises ``ConnectorFailed`` naming the column that does not fit.

    Nothing the other side wrote is believed: text is checked to be UTF-8, offsets and dates to be
    in bounds.
    """
    values = [_settled(array, column) for array, column in zip(batch.columns, columns, strict=True)]
    return pa.RecordBatch.from_arrays(values, names=[column.name for column in columns])


def _mapped(base: str, kind: str, modifier: int) -> tuple[pa.DataType | None, bool]:
    if kind == "e" or base in _AS_TEXT:
        return pa.string(), True
    if base == "numeric":
        return _decimal(modifier), True
    return _PLAIN.get(base), False


def _decimal(modifier: int) -> pa.DataType | None:
    if modifier < 0:
        return _UNSIZED
    precision, scale = (modifier - 4) >> 16 & 0xFFFF, ((modifier - 4) & 0x7FF ^ 1024) - 1024
    return pa.decimal128(precision, scale) if precision <= 38 and 0 <= scale <= precision else None


def _settled(array: pa.Array, column: SourceColumn) -> pa.Array:
    assert column.type is not None
    try:
        if array.type != wire_type(column):
            raise pa.ArrowInvalid("another type than asked for")
        array.validate(full=True)
        taken = array if array.type == column.type else array.cast(column.type)
    except pa.ArrowInvalid:
        raise ConnectorFailed(Cause.VALUE_REFUSED, column=column.name) from None
    if pat.is_date(taken.type):
        _check_bounds(taken.cast(pa.int32()), _DAYS, column)
    elif pat.is_timestamp(taken.type):
        _check_bounds(taken.cast(pa.int64()), _MICROSECONDS, column)
    return taken


def _check_bounds(numbers: pa.Array, bounds: tuple[int, int], column: SourceColumn) -> None:
    found = pc.min_max(numbers).as_py()
    if found["min"] is not None and not bounds[0] <= found["min"] <= found["max"] <= bounds[1]:
        raise ConnectorFailed(Cause.VALUE_REFUSED, column=column.name)
