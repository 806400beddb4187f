"""Texts for people: English message ids, Chinese catalogue complete, rendered at the edge in the
reader's language.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel.messages.pofile import read_po

from shuqiao.context import Locale, locale

_HOLE = re.compile(r"%\((\w+)\)s")
LOCALE_FOLDER = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Message:
    """A translatable text with its parameters; parameters may be messages themselves."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def render(self, language: Locale) -> str:
        template = (
            self.msgid if language == "en" else catalogue(language).get(self.msgid, self.msgid)
        )
        if not self.params:
            return template % {} if "%%" in template else template
        values = {
            k: v.render(language) if isinstance(v, Message) else v for k, v in self.params.items()
        }
        return template % values

    def __str__(self) -> str:
        return self.render(locale())

    def filled(self, values: Mapping[str, Any]) -> "Message":
        """The same text with its holes filled; what it does not name is left out."""
        named = {name: values[name] for name in _HOLE.findall(self.msgid)}
        return Message(self.msgid, MappingProxyType(named))

    def to_json(self) -> dict[str, Any]:
        """JSON form for tables that keep a text until it is read:
        ``{"msgid": …, "params": {…}}``.
        """
        params = {
            k: v.to_json() if isinstance(v, Message) else _plain(v) for k, v in self.params.items()
        }
        return {"msgid": self.msgid, "params": params}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Message":
        params = {
            k: cls.from_json(v) if isinstance(v, Mapping) and "msgid" in v else v
            for k, v in stored.get("params", {}).items()
        }
        return cls(stored["msgid"], params)


def _(msgid: str, /, **params: Any) -> Message:
    """Mark a text for translation. Placeholders are ``%(name)s``."""
    return Message(msgid, MappingProxyType(params))


@cache
def catalogue(language: Locale) -> Mapping[str, str]:
    """All translations of one language, merged from ``locale/<language>/*.po``."""
    merged: dict[str, str] = {}
    for path in sorted((LOCALE_FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id and entry.string and not entry.fuzzy:
                    merged[str(entry.id)] = str(entry.string)
    return MappingProxyType(merged)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


class Listed(Message):
    """``Listed(["甲", "乙"])``: 甲、乙 in Chinese, 甲, 乙 in English."""

    def __init__(self, names: Iterable[Any]) -> None:
        super().__init__("\n".join(map(str, names)))

    def render(self, language: Locale) -> str:
        return ("、" if language == "zh_CN" else ", ").join(self.msgid.split("\n"))
