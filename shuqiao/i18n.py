"""Texts for people: English message ids, Chinese catalogue complete, rendered at the edge in the
reader's language.

The four markers are gettext's, and Babel finds by them what ``<room>/locale/zh_CN.po`` has to say
(``server.reference.translations``)::

    _("Withdrawn by %(name)s", name=…)
    ngettext("%(count)s row", "%(count)s rows", rows)
    pgettext("transfer", "Failed")        # where the same English has another Chinese elsewhere
    npgettext("request", "%(count)s item", "%(count)s items", items)
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from shuqiao.context import Locale, locale

_HOLE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Message:
    """A translatable text with its parameters; parameters may be messages themselves.

    ``context`` tells two texts of the same English apart. With ``plural``, ``number`` decides which
    of the two English forms is meant.
    """

    msgid: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    context: str = ""
    plural: str = ""
    number: int = 1

    def render(self, language: Locale) -> str:
        template = self._template(language)
        if not self.params:
            return template % {} if "%%" in template else template
        values = {
            k: v.render(language) if isinstance(v, Message) else v for k, v in self.params.items()
        }
        return template % values

    def _template(self, language: Locale) -> str:
        english = self.plural if self.plural and self.number != 1 else self.msgid
        if language == "en":
            return english
        return catalogue(language).get((self.context, self.msgid), english)

    def __html__(self) -> Markup:
        """As a page shows it: what a parameter marks up, the time of a step say, stays marked up;
        everything else is escaped.
        """
        if not any(isinstance(each, Markup) for each in self.params.values()):
            return escape(str(self))
        shown = {k: v if hasattr(v, "__html__") else str(v) for k, v in self.params.items()}
        return escape(self._template(locale())) % shown

    def __str__(self) -> str:
        return self.render(locale())

    def filled(self, values: Mapping[str, Any]) -> "Message":
        """The same text with its holes filled; what it does not name is left out."""
        named = {name: values[name] for name in _HOLE.findall(self.msgid)}
        return Message(self.msgid, MappingProxyType(named), self.context, self.plural, self.number)

    def to_json(self) -> dict[str, Any]:
        """JSON form for tables that keep a text until it is read:
        ``{"msgid": …, "params": {…}}``, with context and plural where the text has them.
        """
        params = {
            k: v.to_json() if isinstance(v, Message) else _plain(v) for k, v in self.params.items()
        }
        kept: dict[str, Any] = {"msgid": self.msgid, "params": params}
        if self.context:
            kept["context"] = self.context
        if self.plural:
            kept.update(plural=self.plural, number=self.number)
        return kept

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Message":
        params = {
            k: cls.from_json(v) if isinstance(v, Mapping) and "msgid" in v else v
            for k, v in stored.get("params", {}).items()
        }
        further = {name: stored[name] for name in ("context", "plural", "number") if name in stored}
        return cls(stored["msgid"], params, **further)


def _(msgid: str, /, **params: Any) -> Message:
    """Mark a text for translation. Placeholders are ``%(name)s``."""
    return Message(msgid, MappingProxyType(params))


def pgettext(context: str, msgid: str, /, **params: Any) -> Message:
    """The same for a text whose English means something else in another place."""
    return Message(msgid, MappingProxyType(params), context)


def ngettext(singular: str, plural: str, number: int, /, **params: Any) -> Message:
    """The same for a text that counts; ``%(count)s`` is the number unless it is given otherwise
    (with separators, say).
    """
    return npgettext("", singular, plural, number, **params)


def npgettext(context: str, singular: str, plural: str, number: int, /, **params: Any) -> Message:
    """Both."""
    counted = MappingProxyType({"count": number, **params})
    return Message(singular, counted, context, plural, number)


@cache
def catalogue(language: Locale) -> Mapping[tuple[str, str], str]:
    """All translations of one language by (context, id), merged from every room's own.

    Chinese has one form whatever the number. A text that was kept before it got a context or a
    plural is found without them.
    """
    merged: dict[tuple[str, str], str] = {}
    earlier: dict[tuple[str, str], str] = {}
    for path in translations(language):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                ids, strings = _several(entry.id), _several(entry.string)
                if ids[0] and strings[0] and not entry.fuzzy:
                    merged[entry.context or "", ids[0]] = strings[0]
                    earlier.update({("", each): strings[0] for each in ids})
    return MappingProxyType({**earlier, **merged})


def translations(language: Locale) -> Iterator[Path]:
    """Every room's file of one language."""
    for package in packages():
        yield from sorted(package.glob(f"locale/{language}.po"))
        yield from sorted(package.glob(f"*/locale/{language}.po"))


def packages() -> Iterator[Path]:
    """The folders of the packages that were installed with this one: the ground knows no names of
    the floors above.
    """
    names = metadata.distribution("shuqiao").read_text("top_level.txt") or ""
    house = Path(__file__).parents[1]
    return (house / name for name in names.split())


def _several(text: str | Iterable[str] | None) -> tuple[str, ...]:
    """One form or all forms of a text, as Babel gives them."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


class Listed(Message):
    """``Listed(["甲", "乙"])``: 甲、乙 in Chinese, 甲, 乙 in English."""

    def __init__(self, names: Iterable[Any]) -> None:
        super().__init__("\n".join(map(str, names)))

    def render(self, language: Locale) -> str:
        return ("、" if language == "zh_CN" else ", ").join(self.msgid.split("\n"))
