"""What is wrong with a code that cannot exist: a coded reason with its words and its fix."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message

Code = TypeVar("Code")


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """Why a code cannot exist; there is one of each. No text repeats the value."""

    code: str
    detail: Message
    fix: Message


class CodeInvalid(ValueError):
    """A code that cannot exist, for one reason: the first that is found from left to right."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail.render("en"))
        self.fault = fault


def refused(fault: Fault | None) -> None:
    """Raises ``CodeInvalid`` where there is a fault."""
    if fault is not None:
        raise CodeInvalid(fault)


def check_field(read: Callable[[str], Code], text: str, *, pointer: str) -> Code:
    """As ``read``, for the field at ``pointer`` of a request. Raises ``Invalid`` naming it."""
    try:
        return read(text)
    except CodeInvalid as wrong:
        fault = wrong.fault
        error = FieldError(pointer, fault.code, fault.detail, fault.fix)
        raise Invalid(errors=[error]) from wrong
