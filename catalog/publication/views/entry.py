"""How the catalogue's pages put things: marked words, the nine fields, tones."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup, escape

from catalog.resources.schemas import ResourceRead
from catalog.resources.words import ShareType
from shuqiao.i18n import Message, _

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
    level = entry.security_level.label if entry.security_level else ""
    pairs: Sequence[tuple[Message, object]] = (
        (_("Catalogue name"), entry.title),
        (_("Data items"), _("%(count)s items", count=len(entry.items))),
        (_("Provider"), entry.provider),
        (_("Data format"), entry.format.label if entry.format else ""),
        (_("Update frequency"), entry.update_cycle.label if entry.update_cycle else ""),
        (_("Share attribute"), _share(entry)),
        (_("Way of sharing"), entry.share_way.label if entry.share_way else ""),
        (_("Use conditions"), entry.use_condition),
        (_("Class and level"), _joined(entry.category, str(level))),
    )
    return [{"key": name, "value": value or "—"} for name, value in pairs]


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
