"""Division codes (行政区划代码, GB/T 2260): form, rank and parent, from the code alone.

Which codes there are, and since when, is a value domain's to say.
"""

import re
from enum import StrEnum
from typing import Final

from shuqiao.codes.faults import Fault, refused
from shuqiao.i18n import _

_EXAMPLE: Final = _("For example 150200")

LENGTH: Final = Fault("division_length", _("A division code has six digits"), _EXAMPLE)
CHARACTER: Final = Fault(
    "division_character",
    _("A division code has only the digits 0 to 9"),
    _("Take out letters, blanks and full-width characters"),
)
RANK: Final = Fault(
    "division_rank",
    _("A division code names a province, then a prefecture, then a county"),
    _EXAMPLE,
)
#: In the order in which they are looked for.
FAULTS: Final = (LENGTH, CHARACTER, RANK)


class DivisionLevel(StrEnum):
    """Level of a six-digit division code, read from its zeros."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


def fault_of(text: str) -> Fault | None:
    """What is wrong with the form of ``text``."""
    if len(text) != 6:
        return LENGTH
    if not re.fullmatch(r"[0-9]{6}", text):
        return CHARACTER
    has_no_prefecture = text[2:4] == "00" and text[4:] != "00"
    return RANK if text[0] == "0" or has_no_prefecture else None


def division_level(code: str) -> DivisionLevel:
    """Level of a six-digit division code, from its trailing zeros. Raises ``CodeInvalid``."""
    refused(fault_of(code))
    if code.endswith("0000"):
        return DivisionLevel.PROVINCE
    return DivisionLevel.PREFECTURE if code.endswith("00") else DivisionLevel.COUNTY


def division_parent(code: str) -> str | None:
    """The code one level above; None for a province. Raises ``CodeInvalid``."""
    level = division_level(code)
    if level is DivisionLevel.PROVINCE:
        return None
    return f"{code[:2]}0000" if level is DivisionLevel.PREFECTURE else f"{code[:4]}00"
