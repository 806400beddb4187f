"""Kinds of values; which one a text column could have is told by ``profiles.py``.

The kinds cover the data types of the 2017 cataloguing guide (政务信息资源目录编制指南): see
:data:`GUIDE_TYPES`.
"""

import re
from enum import StrEnum
from typing import Final

import pyarrow as pa

from shuqiao.i18n import Message, _


class Kind(StrEnum):
    """What a column's values are. ``decimal`` may carry its size: ``decimal(18,2)``."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


#: The guide's letters: C text, M remark, G general · I integer · N
#: numeric, Y currency · B double, F float · L · D · T.
GUIDE_TYPES: Final = {
    "C": Kind.STRING,
    "M": Kind.STRING,
    "G": Kind.STRING,
    "I": Kind.INTEGER,
    "N": Kind.DECIMAL,
    "Y": Kind.DECIMAL,
    "B": Kind.FLOAT,
    "F": Kind.FLOAT,
    "L": Kind.BOOLEAN,
    "D": Kind.DATE,
    "T": Kind.DATETIME,
}
_SIZED_DECIMAL: Final = re.compile(r"decimal\(([0-9]{1,2}),([0-9]{1,2})\)")

#: Texts that people write for "no value". They stay text unless the options say otherwise.
MARKERS: Final = (
    "NA",
    "N/A",
    "n/a",
    "NULL",
    "null",
    "Null",
    "NaN",
    "nan",
    "None",
    "\\N",
    "-",
    "--",
    "—",
    "/",
    "无",
)

TRUE_WORDS: Final = ("true", "yes", "y", "t", "是", "1")
FALSE_WORDS: Final = ("false", "no", "n", "f", "否", "0")

#: A leading zero, or more digits than a spreadsheet keeps (15): a code, no number.
CODE: Final = r"^(0[0-9]+|[0-9]{16,})$"
#: What a number or a date looks like, whether or not it is kept as one.
NUMBER: Final = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$"
_DAY: Final = r"[0-9]{4}([-/.])(0?[1-9]|1[0-2])([-/.])(0?[1-9]|[12][0-9]|3[01])"
DATE: Final = rf"^{_DAY}$|^[0-9]{{4}}年(0?[1-9]|1[0-2])月(0?[1-9]|[12][0-9]|3[01])日$"
DATETIME: Final = rf"^{_DAY}[T ]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{{1,6}})?)?$"
_KINDS: Final = frozenset(kind.value for kind in Kind)
_TYPED: Final = re.compile(rf"{NUMBER}|{CODE}|{DATE}|{DATETIME}")


def is_kind(name: str) -> bool:
    """Whether ``name`` is a kind, sized or not."""
    if name in _KINDS:
        return True
    sized = _SIZED_DECIMAL.fullmatch(name)
    return sized is not None and 1 <= int(sized[1]) <= 38 and int(sized[2]) <= int(sized[1])


def arrow_type(name: str) -> pa.DataType:
    """The Arrow type of a kind.

    ``decimal`` without a size keeps ten decimal places; ``datetime`` is without a zone.
    """
    sized = _SIZED_DECIMAL.fullmatch(name)
    if sized:
        return pa.decimal128(int(sized[1]), int(sized[2]))
    return {
        Kind.STRING: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.DECIMAL: pa.decimal128(38, 10),
        Kind.FLOAT: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.DATE: pa.date32(),
        Kind.DATETIME: pa.timestamp("us"),
    }[Kind(name)]


def kind_of(arrow: pa.DataType) -> str:
    """The kind that describes an Arrow type (for files that bring their own types)."""
    types = pa.types
    if types.is_decimal(arrow):
        return (
            f"decimal({arrow.precision},{arrow.scale})"
            if arrow.precision <= 38
            else Kind.DECIMAL.value
        )
    for test, kind in (
        (types.is_integer, Kind.INTEGER),
        (types.is_floating, Kind.FLOAT),
        (types.is_boolean, Kind.BOOLEAN),
        (types.is_date, Kind.DATE),
        (types.is_timestamp, Kind.DATETIME),
    ):
        if test(arrow):
            return kind.value
    return Kind.STRING.value


def kind_label(kind: str) -> Message:
    """The kind as people call it; a decimal's size is said too."""
    base, _open, size = kind.partition("(")
    if size:
        return _(
            "decimal number (%(size)s digits, places)", size=size.rstrip(")").replace(",", ", ")
        )
    return {
        "string": _("text"),
        "integer": _("whole number"),
        "decimal": _("decimal number"),
        "float": _("floating-point number"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "datetime": _("date and time"),
    }[base]


def looks_typed(text: str) -> bool:
    """Whether one cell reads as a number or a date (codes with leading zeros included)."""
    return bool(_TYPED.fullmatch(text.strip()))
