"""How the catalogue's pages put things: marked words, the nine fields, tones."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup, escape

from catalog.resources.fields.table import FIELDS
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import SecurityLevel, ShareType
from shuqiao.i18n import _, ngettext
from shuqiao.words import as_word

_level = as_word(SecurityLevel)
TONES: Final = {
    ShareType.UNCONDITIONAL: "success",
    ShareType.CONDITIONAL: "warning",
    ShareType.WITHHELD: "danger",
}


def marked(text: str, words: Iterable[str]) -> Markup:
    """``text`` with every one of ``words`` (folded, as the search cuts
    them) in ``<mark>``; the rest is escaped.
    """
    wanted = _pattern(tuple(sorted({word for word in words if word}, key=len, reverse=True)))
    if wanted is None:
        return escape(text)
    pieces, end = [], 0
    for found in wanted.finditer(folded(text)):
        marks = (escape(text[end : found.start()]), escape(text[found.start() : found.end()]))
        pieces.append("{}<mark>{}</mark>".format(*marks))
        end = found.end()
    return Markup("".join([*pieces, escape(text[end:])]))


@lru_cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(re.escape, words))) if words else None


def folded(text: str) -> str:
    """``text`` folded character by character, so that places stay the same."""
    if unicodedata.is_normalized("NFKC", text) and len(lowered := text.casefold()) == len(text):
        return lowered
    folded = (unicodedata.normalize("NFKC", char).casefold() for char in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


def nine_fields(entry: ResourceRead) -> list[dict[str, Any]]:
    """The nine fields of Order 809 Art. 13, in its order, as answers for ``ui.summary_list``."""
    answers: dict[str, object] = {
        "items": ngettext("%(count)s item", "%(count)s items", len(entry.items)),
        "share_type": _share(entry),
        "security_level": _joined(entry.category, _level(entry.security_level)),
    }
    nine = [(*each.nine, each) for each in FIELDS if each.nine is not None]
    return [
        {
            "key": label,
            "value": answers.get(each.name) or each.words(getattr(entry, each.name)) or "—",
        }
        for _place, label, each in sorted(nine, key=lambda row: row[0])
    ]


def _share(entry: ResourceRead) -> str:
    if entry.withholding is None:
        return _joined(str(entry.share_type.label), entry.share_condition)
    basis = entry.withholding
    return _joined(str(entry.share_type.label), f"{basis.kind.label} {basis.basis}", basis.reason)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def assessments(entry: ResourceRead) -> list[dict[str, Any]]:
    """The two assessments before submission (Order 809, Art. 13)."""
    secrecy, privacy = entry.secrecy_assessment, entry.privacy_assessment
    return [
        {"key": _("Secrecy risk assessment"), "value": _assessed(secrecy)},
        {
            "key": _("Personal information protection impact assessment"),
            "value": _assessed(privacy),
        },
    ]


def _assessed(found: Any) -> str:
    if found is None:
        return "—"
    return _joined(str(found.conclusion.label), found.assessor, found.assessed_on.isoformat())
