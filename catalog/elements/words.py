"""The states of a data element, what is said of it in which group, and the types of data."""

from shuqiao.i18n import _
from shuqiao.words import Word


class ElementStatus(Word):
    """The states of ISO/IEC 11179-6. ``recorded``: the administration took it in, and it is heard;
    ``standard``: published, for every item to follow.
    """

    DRAFT = "draft", _("Draft")
    RECORDED = "recorded", _("Recorded")
    STANDARD = "standard", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    RETIRED = "retired", _("Retired")

    @property
    def tone(self) -> str:
        tones = {ElementStatus.STANDARD: "success", ElementStatus.RECORDED: "info"}
        return tones.get(self, "neutral")


class Group(Word):
    """What is said of an element, in the groups of its page and of its form."""

    NAMING = "naming", _("What it is called")
    MEANING = "meaning", _("What it means")
    FORM = "form", _("What it looks like")
    COUNTING = "counting", _("How figures are counted")
    STANDARD = "standard", _("Which standard it is taken from")


class Sourcing(Word):
    """Whether an element needs a source: whoever keeps it for all, or a rule that it comes from."""

    AUTHORITATIVE = "authoritative", _("Has an authoritative source")
    DERIVED = "derived", _("Derived by a rule")
    NONE = "none", _("Needs no source")


class StandardKind(Word):
    """Who issued the standard that an element is taken from."""

    NATIONAL = "national", _("National standard")
    INDUSTRY = "industry", _("Industry standard")
    LOCAL = "local", _("Local standard")
    PLATFORM = "platform", _("Data element of the platform")


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
