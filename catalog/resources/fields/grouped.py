"""How the groups of an entry read in one line: an assessment, a legal basis."""

from typing import Any, Final

from catalog.resources.words import WithheldKind
from shuqiao.i18n import _
from shuqiao.words import Word, Words, as_text, as_word

#: The members of a basis for not sharing, as forms and tables call them.
BASIS: Final = {
    "kind": _("Kind of the legal basis"),
    "basis": _("Name of the legal basis"),
    "number": _("Document number"),
    "article": _("Article"),
    "text": _("Text of the article"),
    "reason": _("Reason for not sharing"),
    "business": _("Collecting business"),
    "review_on": _("Day of the next review"),
}


def assessed(kind: type[Word]) -> Words:
    """Conclusion, assessor and day of an assessment whose conclusions are ``kind``."""

    def words(value: Any) -> str:
        if not value:
            return ""
        parts = (value.get("assessor"), value.get("assessed_on"))
        return " · ".join((as_word(kind)(value.get("conclusion")), *map(as_text, parts)))

    return words


def withheld(value: Any) -> str:
    """The basis of not sharing with its article, the reason, and all else that is stated; what was
    kept from before has a name and a reason.
    """
    if not value:
        return ""
    named = ("basis", "number", "article")
    parts = [
        as_word(WithheldKind)(value.get("kind")),
        *(as_text(value.get(each)) for each in named),
    ]
    basis = " ".join(part for part in parts if part)
    rest = [as_text(value.get(each)) for each in ("text", "reason", "business", "review_on")]
    return " · ".join((basis, *(part for part in rest if part)))
