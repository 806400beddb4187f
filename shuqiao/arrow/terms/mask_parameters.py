"""What a mask is told with: how each parameter is called, shown in a form and read from JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

import pyarrow as pa
import pyarrow.types as pat

from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _

LONGEST: Final = 64
_STEP = re.compile(r"[1-9]\d{0,17}|0\.\d{0,8}[1-9]", re.ASCII)


class MaskRefused(Invalid):
    """A mask that is not one of ours, or not for this type of item."""

    code = "mask_refused"
    title = _("The mask needs correction")


def refused(pointer: str, fix: Message) -> MaskRefused:
    """The refusal of what stands at ``pointer``."""
    return MaskRefused(
        errors=[FieldError(pointer, "mask_refused", _("This mask cannot be used here."), fix)]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeNumber:
    """A whole number from ``low`` to ``high``. One with a ``default`` may be left out, and is left
    out where it says no more than that.
    """

    name: str
    label: Message
    hint: Message | None = None
    low: int = 1
    high: int = LONGEST
    is_needed: bool = True
    default: int | None = None
    inputmode: Literal["numeric"] = "numeric"

    def read(self, raw: Any, _type: pa.DataType, pointer: str, told: Mapping[str, Any]) -> int:
        """The number of a document; ``told``: the parameters before it."""
        low, high = self.limits(told)
        if type(raw) is not int or not low <= raw <= high:
            fix = _("Write a whole number from %(low)s to %(high)s.", low=low, high=high)
            raise refused(pointer, fix)
        return raw

    def limits(self, _told: Mapping[str, Any]) -> tuple[int, int]:
        return self.low, self.high

    def write(self, value: int) -> int:
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeLength(WholeNumber):
    """The length a value must have: longer than what the parameters before it keep."""

    def limits(self, told: Mapping[str, Any]) -> tuple[int, int]:
        shortest = sum(told.values()) + 1
        return shortest, max(LONGEST, shortest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A positive decimal, written as a text; whole where the item's values are."""

    name: str
    label: Message
    hint: Message | None = None
    is_needed: bool = True
    default: None = None
    inputmode: Literal["decimal"] = "decimal"

    def read(self, raw: Any, type_: pa.DataType, pointer: str, _told: Mapping[str, Any]) -> Decimal:
        """The step of a document; it must be a value of ``type_``, unless that is a float."""
        whole = pat.is_integer(type_)
        fix = (
            _("Write the step as a text, for example 1000.")
            if whole
            else _("Write the step as a text, for example 0.5.")
        )
        if type(raw) is not str or not _STEP.fullmatch(raw) or (whole and "." in raw):
            raise refused(pointer, fix)
        try:
            if whole or pat.is_decimal(type_):
                pa.scalar(int(raw) if whole else Decimal(raw), type_)
        except (pa.ArrowException, OverflowError):
            raise refused(pointer, fix) from None
        return Decimal(raw)

    def write(self, value: Decimal) -> str:
        return str(value)


Parameter = WholeNumber | Step
