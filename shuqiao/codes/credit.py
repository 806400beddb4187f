"""The unified social credit code (统一社会信用代码, GB 32100-2015, with GB 11714 inside)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from shuqiao.codes.faults import Fault, check_field, refused
from shuqiao.i18n import Message, _

#: The value of a character is its place; I, O, S, V and Z are not used.
ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
SUBJECT_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
#: Value of the body's own check character → the character.
SUBJECT_CHECKS: Final = "0123456789X"

_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_COPY: Final = _("Copy the code again from the certificate")

LENGTH: Final = Fault("credit_length", _("A credit code has 18 characters"), _COPY)
CHARACTER: Final = Fault(
    "credit_character",
    _("A credit code has only digits and capital letters without I, O, S, V and Z"),
    _("Check for 1 and I, 0 and O, 5 and S, U and V, 2 and Z, and for full-width characters"),
)
DIVISION: Final = Fault(
    "credit_division",
    _("Characters 3 to 8 of a credit code are the digits of a division code"),
    _COPY,
)
CHECK: Final = Fault(
    "credit_check",
    _("The last character does not fit the others"),
    _("Look for a mistyped or swapped character"),
)
KIND: Final = Fault(
    "credit_kind",
    _("The first two characters name a kind of body that is not admitted here"),
    _("Use the code of the organ or institution itself; the operator sets which kinds are taken"),
)
#: In the order in which they are looked for.
FAULTS: Final = (LENGTH, CHARACTER, DIVISION, CHECK, KIND)

_INNER: Final = _("Character 17 does not fit characters 9 to 16 (GB 11714)")


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


def fault_of(text: str, kinds: Collection[str] | None = None) -> Fault | None:
    """What is wrong with ``text``; lower-case ASCII letters are taken as capitals.

    ``kinds``: the first two characters that are admitted; None admits all.
    """
    code = text.upper() if text.isascii() else text
    if len(code) != 18:
        return LENGTH
    if any(character not in _VALUES for character in code):
        return CHARACTER
    if not code[2:8].isdigit():
        return DIVISION
    if check_character(code[:17]) != code[17]:
        return CHECK
    return KIND if kinds is not None and code[:2] not in kinds else None


def validate_credit_code(text: str, kinds: Collection[str] | None = None) -> CreditCode:
    """The parts of a credit code. Raises ``CodeInvalid``.

    A wrong inner check digit (GB 11714) is only a warning: codes assigned before 2015 carry some.
    """
    refused(fault_of(text, kinds))
    code = text.upper()
    subject = code[8:17]
    fits = subject_check_character(subject[:8]) == subject[8]
    return CreditCode(code, code[:2], code[2:8], subject, () if fits else (_INNER,))


def check_credit_code(
    text: str, *, pointer: str, kinds: Collection[str] | None = None
) -> CreditCode:
    """As ``validate_credit_code``, for the field at ``pointer`` of a request.

    Raises ``Invalid`` naming it.
    """
    return check_field(lambda sent: validate_credit_code(sent, kinds), text, pointer=pointer)


def check_character(first_17: str) -> str:
    """Character 18 of a credit code: 31 − (Σ value · 3^place mod 31), taken mod 31."""
    total = sum(
        _VALUES[character] * weight for character, weight in zip(first_17, WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def subject_check_character(first_8: str) -> str:
    """Character 9 of the body's own code (GB 11714): 11 − (Σ value ·
    weight mod 11); 10 is X, 11 is 0.
    """
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(first_8, SUBJECT_WEIGHTS, strict=True)
    )
    return SUBJECT_CHECKS[-total % 11]
