"""Values inside a filter: read from JSON strictly, in the type of the item they are compared with.

Whole numbers and floats are JSON numbers; decimals, dates (``2026-02-11``) and time stamps
(``2026-02-11T09:00:00``, with a zone exactly when the column has one) are strings. Nothing is
guessed or rounded.
"""

import math
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as pat

from shuqiao.i18n import Message, _

LONGEST_TEXT: Final = 1_000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,38}(\.\d{1,38})?", re.ASCII)


class ValueRefused(Exception):
    """Why a value does not fit its item; ``fix`` says what to write."""

    def __init__(self, fix: Message) -> None:
        super().__init__(fix.render("en"))
        self.fix = fix


def read_value(raw: Any, type_: pa.DataType) -> Any:
    """The Python value of one JSON value for a column of ``type_``.

    Raises :class:`ValueRefused`.
    """
    if pat.is_string(type_):
        return _text(raw)
    if pat.is_boolean(type_):
        return _typed(raw, bool, _("Write true or false."))
    if pat.is_integer(type_):
        return _integer(raw, type_)
    if pat.is_floating(type_):
        return _floating(raw, type_)
    if pat.is_decimal(type_):
        return _decimal(raw, type_)
    if pat.is_date(type_):
        return _date(raw)
    if pat.is_timestamp(type_):
        return _time(raw, with_zone=type_.tz is not None)
    raise ValueRefused(_("This item can only be asked whether it is empty."))


def write_value(value: Any) -> Any:
    """The JSON form of a value of a filter, the inverse of :func:`read_value`."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, date | Decimal) else value


def _typed(raw: Any, kind: type, fix: Message) -> Any:
    if type(raw) is not kind:
        raise ValueRefused(fix)
    return raw


def _text(raw: Any) -> str:
    fix = _("Write a text of at most %(longest)s characters.", longest=LONGEST_TEXT)
    text: str = _typed(raw, str, fix)
    if (
        len(text) > LONGEST_TEXT
        or "\0" in text
        or any("\ud800" <= char <= "\udfff" for char in text)
    ):
        raise ValueRefused(fix)
    return text


def _integer(raw: Any, type_: pa.DataType) -> int:
    bits = type_.bit_width
    low, high = (
        (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        if pat.is_signed_integer(type_)
        else (0, 2**bits - 1)
    )
    fix = _("Write a whole number from %(low)s to %(high)s.", low=low, high=high)
    number: int = _typed(raw, int, fix)
    if not low <= number <= high:
        raise ValueRefused(fix)
    return number


def _floating(raw: Any, type_: pa.DataType) -> float:
    """A finite number, ``-0.0`` read as ``0.0``; for a float32 column
    it must be one of its values.
    """
    fix = _("Write a finite number the column can hold.")
    if type(raw) not in (int, float):
        raise ValueRefused(fix)
    try:
        number = float(raw) + 0.0
        exact = pa.scalar(number, type_).as_py() if math.isfinite(number) else math.nan
    except (OverflowError, pa.ArrowException):
        raise ValueRefused(fix) from None
    if not math.isfinite(exact) or (type(raw) is int and number != raw):
        raise ValueRefused(fix)
    return float(exact)


def _decimal(raw: Any, type_: pa.DataType) -> Decimal:
    fix = _("Write a decimal number as a text, with at most %(scale)s places.", scale=type_.scale)
    if type(raw) is int:
        raw = str(raw) if abs(raw) < 10**38 else ""
    if not _NUMBER.fullmatch(_typed(raw, str, fix)):
        raise ValueRefused(fix)
    try:
        scaled = pa.scalar(Decimal(raw), type_)
    except (InvalidOperation, pa.ArrowException):
        raise ValueRefused(fix) from None
    number: Decimal = scaled.as_py()
    return number


def _date(raw: Any) -> date:
    fix = _("Write a date like 2026-02-11.")
    try:
        if _DATE.fullmatch(_typed(raw, str, fix)):
            return date.fromisoformat(raw)
    except ValueError:
        pass
    raise ValueRefused(fix)


def _time(raw: Any, *, with_zone: bool) -> datetime:
    fix = (
        _("Write a time like 2026-02-11T09:00:00+08:00.")
        if with_zone
        else _("Write a time like 2026-02-11T09:00:00.")
    )
    try:
        match = _TIME.fullmatch(_typed(raw, str, fix))
        if match and bool(match[2]) == with_zone:
            return datetime.fromisoformat(raw)
    except ValueError:
        pass
    raise ValueRefused(fix)
