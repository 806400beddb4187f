"""Codes with algorithms: the unified social credit code (统一社会信用代码, GB 32100-2015, with GB
11714 inside) and division codes (行政区划代码, GB/T 2260). Pure functions; nothing is looked up.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _

#: GB 32100: the value of a character is its place; I, O, S, V and Z are not used.
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {character: value for value, character in enumerate(CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_SUBJECT_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHAPE = re.compile(r"[0-9A-Y]{2}[0-9]{6}[0-9A-Y]{9}[0-9A-Y]")


class CodeInvalid(ValueError):
    """A code that cannot exist.

    ``detail`` says why, without repeating the code; ``fix`` says what to do.
    """

    def __init__(self, detail: Message, fix: Message) -> None:
        super().__init__(detail.render("en"))
        self.detail = detail
        self.fix = fix


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A valid credit code and its parts (GB 32100-2015, clause 4: 1 + 1 + 6 + 9 + 1 characters)."""

    text: str
    #: Registration authority and kind of body together: ``11`` organs
    #: of state, ``12`` public institutions.
    kind: str
    division: str
    subject: str
    #: What looks wrong but does not make the code invalid.
    warnings: tuple[Message, ...] = ()


class DivisionLevel(StrEnum):
    """Level of a six-digit division code, read from its zeros (GB/T 2260)."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


def validate_credit_code(text: str) -> CreditCode:
    """The parts of a credit code; lower-case ASCII letters are taken as capitals.

    Raises ``CodeInvalid``.

    A wrong inner check digit (GB 11714) is only a warning: codes assigned before 2015 carry some.
    """
    code = text.upper() if text.isascii() else text
    if len(code) != 18:
        raise CodeInvalid(
            _("A credit code has 18 characters"), _("Copy the code again from the certificate")
        )
    unknown = sorted({character for character in code if character not in _CREDIT_VALUES})
    if unknown:
        raise CodeInvalid(
            _("A credit code has only digits and capital letters without I, O, S, V and Z"),
            _(
                "Check for 1 and I, 0 and O, 5 and S, U and V, 2 and Z, and for full-width "
                "characters"
            ),
        )
    if not _SHAPE.fullmatch(code):
        raise CodeInvalid(
            _("Characters 3 to 8 of a credit code are the digits of a division code"),
            _("Copy the code again from the certificate"),
        )
    if credit_check_character(code[:17]) != code[17]:
        raise CodeInvalid(
            _("The last character does not fit the others"),
            _("Look for a mistyped or swapped character"),
        )
    subject = code[8:17]
    fits = subject_check_character(subject[:8]) == subject[8]
    warnings = () if fits else (_("Character 17 does not fit characters 9 to 16 (GB 11714)"),)
    return CreditCode(code, code[:2], code[2:8], subject, warnings)


def check_credit_code(text: str, *, pointer: str) -> CreditCode:
    """As ``validate_credit_code``, for the field at ``pointer`` of a request.

    Raises ``Invalid`` naming it.
    """
    try:
        return validate_credit_code(text)
    except CodeInvalid as wrong:
        raise Invalid(
            errors=[FieldError(pointer, "bad_credit_code", wrong.detail, wrong.fix)]
        ) from wrong


def credit_check_character(first_17: str) -> str:
    """Character 18 of a credit code: 31 − (Σ value · 3^place mod 31), taken mod 31."""
    total = sum(
        _CREDIT_VALUES[character] * weight
        for character, weight in zip(first_17, _CREDIT_WEIGHTS, strict=True)
    )
    return CREDIT_ALPHABET[-total % 31]


def subject_check_character(first_8: str) -> str:
    """Character 9 of the body's own code (GB 11714): 11 − (Σ value ·
    weight mod 11); 10 is X, 11 is 0.
    """
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(first_8, _SUBJECT_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def division_level(code: str) -> DivisionLevel:
    """Level of a six-digit division code, from its trailing zeros. Raises ``CodeInvalid``."""
    if not re.fullmatch(r"[1-9][0-9]{5}", code) or (code[2:4] == "00" and code[4:] != "00"):
        raise CodeInvalid(
            _("A division code has six digits, from the province to the county"),
            _("For example 150200"),
        )
    if code.endswith("0000"):
        return DivisionLevel.PROVINCE
    return DivisionLevel.PREFECTURE if code.endswith("00") else DivisionLevel.COUNTY


def division_parent(code: str) -> str | None:
    """The code one level above; None for a province. Raises ``CodeInvalid``."""
    level = division_level(code)
    if level is DivisionLevel.PROVINCE:
        return None
    return f"{code[:2]}0000" if level is DivisionLevel.PREFECTURE else f"{code[:4]}00"
