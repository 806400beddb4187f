"""How the catalogue's pages put things: marked words, the nine fields, tones, addresses of a search."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup

from catalog.resources.models import ShareType
from catalog.resources.schemas import ResourceRead
from shuqiao.i18n import Message, _

ADDRESS: Final = "/catalog"
TONES: Final = {ShareType.UNCONDITIONAL: "success", ShareType.CONDITIONAL: "warning", ShareType.WITHHELD: "danger"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as its address says it."""

    words: str = ""
    share_types: tuple[ShareType, ...] = ()
    providers: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """The address of this search, from its first page on."""
        pairs = [("q", self.words)] if self.words else []
        pairs += [("share_type", kind.value) for kind in self.share_types]
        pairs += [("provider", code) for code in self.providers]
        return f"{ADDRESS}?{urlencode(pairs)}" if pairs else ADDRESS

    def without(self, value: str) -> "Asked":
        """The same search with one filter less."""
        share_types = tuple(kind for kind in self.share_types if kind != value)
        return replace(self, share_types=share_types, providers=tuple(code for code in self.providers if code != value))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.share_types or self.providers)


def marked(text: str, words: Iterable[str]) -> Markup:
    """``text`` with every one of ``words`` (folded, as the search cuts them) in ``<mark>``; the rest is escaped."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return Markup("{}").format(text)
    pieces, end = [], 0
    for found in re.finditer("|".join(map(re.escape, wanted)), _folded(text)):
        pieces.append(Markup("{}<mark>{}</mark>").format(text[end : found.start()], text[found.start() : found.end()]))
        end = found.end()
    return Markup("").join([*pieces, Markup("{}").format(text[end:])])


def _folded(text: str) -> str:
    """``text`` folded character by character, so that places stay the same."""
    folded = (unicodedata.normalize("NFKC", char).casefold() for char in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


def nine_fields(entry: ResourceRead) -> list[dict[str, Any]]:
    """The nine fields of Order 809 Art. 13, in its order, as answers for ``ui.summary_list``."""
    level = entry.security_level.label if entry.security_level else ""
    pairs: Sequence[tuple[Message, object]] = (
        (_("Catalogue name"), entry.title),
        (_("Data items"), _("%(count)s items, listed below", count=len(entry.items))),
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
        {"key": _("Personal information protection impact assessment"), "value": _assessed(privacy)},
    ]


def _assessed(found: Any) -> str:
    if found is None:
        return "—"
    return _joined(str(found.conclusion.label), found.assessor, found.assessed_on.isoformat())
