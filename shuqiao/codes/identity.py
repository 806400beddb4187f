"""The citizen identity number (公民身份号码, GB 11643-1999). Nothing repeats one unmasked."""

import re
from datetime import date
from typing import Final

from shuqiao.codes import divisions
from shuqiao.codes.faults import Fault, refused
from shuqiao.i18n import _

WEIGHTS: Final = tuple(pow(2, 17 - place, 11) for place in range(18))
#: Σ of the first 17 by their weights, mod 11 → the last character (ISO 7064, MOD 11-2).
CHECKS: Final = "10X98765432"

_CARD: Final = _("Compare with the identity card")

LENGTH: Final = Fault("identity_length", _("An identity number has 18 characters"), _CARD)
CHARACTER: Final = Fault(
    "identity_character",
    _("An identity number has 17 digits, then a digit or X"),
    _("Take out letters, blanks and full-width characters"),
)
DIVISION: Final = Fault(
    "identity_division", _("The first six digits are no form of a division code"), _CARD
)
BIRTH: Final = Fault("identity_birth", _("The digits 7 to 14 are no day of the calendar"), _CARD)
CHECK: Final = Fault(
    "identity_check",
    _("The last character of the identity number does not fit the others"),
    _("Look for a mistyped or swapped digit"),
)
#: In the order in which they are looked for.
FAULTS: Final = (LENGTH, CHARACTER, DIVISION, BIRTH, CHECK)

#: What is masked wherever it stands in a text: 17 digits and the last character.
_INSIDE: Final = re.compile(r"(?<![0-9])([0-9]{6})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9])")
#: The same, not within a longer word: what could be one.
_BETWEEN: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_SHOWN_FROM: Final = 14


def fault_of(text: str) -> Fault | None:
    """What is wrong with ``text``; a small x at the end is taken as X."""
    if len(text) != 18:
        return LENGTH
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", text):
        return CHARACTER
    if divisions.fault_of(text[:6]) is not None:
        return DIVISION
    if not is_day(int(text[6:10]), int(text[10:12]), int(text[12:14])):
        return BIRTH
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], WEIGHTS, strict=False))
    return None if CHECKS[total % 11] == text[17].upper() else CHECK


def normalised(text: str) -> str:
    """A valid identity number with a capital X. Raises ``CodeInvalid``."""
    refused(fault_of(text))
    return text.upper()


def masked(text: str) -> str:
    """The first six and the last four characters, stars between them; of less than 14, none."""
    if len(text) < _SHOWN_FROM:
        return "*" * len(text)
    return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"


def mask_inside(text: str) -> str:
    """``text`` with whatever looks like an identity number in it masked."""
    return _INSIDE.sub(r"\1********\2", text)


def mask_valid_inside(text: str) -> str:
    """``text`` with every identity number that can exist in it masked, and nothing else: other long
    numbers stay legible for operators.
    """
    return _BETWEEN.sub(lambda found: _hidden(found[0]), text)


def _hidden(digits: str) -> str:
    return digits if fault_of(digits) else masked(digits)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether the Gregorian calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
