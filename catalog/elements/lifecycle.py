"""The states of a data element and the one step this cut offers:
adoption by the data administration.
"""

from enum import StrEnum
from typing import Self

from shuqiao.i18n import Message, _


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


class ElementStatus(Word):
    """Only ``standard`` can be reached so far; the others wait for the issue on standards."""

    DRAFT = "draft", _("Draft")
    RECORDED = "recorded", _("Recorded")
    STANDARD = "standard", _("In force as standard")
    SUPERSEDED = "superseded", _("Superseded")
    RETIRED = "retired", _("Retired")


class DataType(Word):
    """Data types by the letters of the cataloguing guide
    (发改高技术〔2017〕1272号, 信息项数据类型).
    """

    TEXT = "C", _("Text (C)")
    NUMBER = "N", _("Number (N)")
    MONEY = "Y", _("Money (Y)")
    DATE = "D", _("Date (D)")
    DATETIME = "T", _("Date and time (T)")
    LOGICAL = "L", _("Yes or no (L)")
    MEMO = "M", _("Memo (M)")
    GENERAL = "G", _("General (G)")
    DOUBLE = "B", _("Double precision (B)")
    INTEGER = "I", _("Integer (I)")
    FLOAT = "F", _("Floating point (F)")
