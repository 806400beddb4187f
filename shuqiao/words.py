"""Closed vocabularies whose words know what they are called on pages, and how values read."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Self

from shuqiao.i18n import Message, _

#: Gives the text of a kept value in the reader's language.
Words = Callable[[Any], str]


class Word(StrEnum):
    """A closed set of words with what each is called on pages: ``DRAFT = "draft", _("Draft")``."""

    label: Message

    def __new__(cls, value: str, label: Message | None = None) -> Self:
        if label is None:
            raise TypeError(f"{cls.__name__}: {value!r} has no label")
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


def as_text(value: Any) -> str:
    """The value as it stands; nothing for None."""
    return "" if value is None else str(value)


def as_flag(value: Any) -> str:
    """Yes or no."""
    return "" if value is None else str(_("Yes") if value else _("No"))


def as_list(value: Any) -> str:
    """One after the other, by commas."""
    return str(_(", ")).join(value or ())


def as_word(kind: type[Word]) -> Words:
    """The label of a coded value; a code that is no longer known stays as it was kept."""

    def words(value: Any) -> str:
        return str(kind(value).label) if value in list(kind) else as_text(value)

    return words
