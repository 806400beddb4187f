"""Closed vocabularies whose words know what they are called on pages."""

from enum import StrEnum
from typing import Self

from shuqiao.i18n import Message


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
