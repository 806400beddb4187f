"""The states of a data element, where it comes from, and the types of data."""

from shuqiao.i18n import _
from shuqiao.words import Word


class ElementStatus(Word):
    """An element that is adopted is in force as standard at once."""

    DRAFT = "draft", _("Draft")
    RECORDED = "recorded", _("Recorded")
    STANDARD = "standard", _("In force as standard")
    SUPERSEDED = "superseded", _("Superseded")
    RETIRED = "retired", _("Retired")


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
