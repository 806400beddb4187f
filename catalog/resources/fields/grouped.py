"""How the groups of an entry read in one line: an assessment, a legal basis."""

from typing import Any, Final

from catalog.resources.words import WithheldKind
from shuqiao.i18n import _
from shuqiao.words import Word, Words, as_text, as_word

#: The members of a basis for not sharing, as forms and tables call them.
BASIS: Final = {
    "kind": _("Kind of the legal basis"),
    "basis": _("Legal basis for not sharing"),
    "reason": _("Reason for not sharing"),
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
    """Kind, basis and reason of not sharing."""
    if not value:
        return ""
    basis = f"{as_word(WithheldKind)(value.get('kind'))} {as_text(value.get('basis'))}"
    return " · ".join((basis, as_text(value.get("reason"))))
