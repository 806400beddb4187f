"""What a time limit rests on, and how that is said: 法定时限, 地方规定 or 平台约定."""

from dataclasses import asdict, dataclass
from typing import Self

from shuqiao.context import Locale
from shuqiao.i18n import Message, _, ngettext
from shuqiao.words import Word


class Basis(Word):
    """On what a limit rests. Being overdue is a matter of law for the first two only."""

    STATUTORY = "statutory", _("Statutory limit")
    LOCAL = "local", _("Local rule")
    POLICY = "policy", _("Set by the platform")

    @property
    def is_law(self) -> bool:
        return self is not Basis.POLICY


class ArticleNumber(Message):
    """The number of an article as the reader's language writes it: 21, 二十一."""

    def render(self, language: Locale) -> str:
        return self.msgid if language == "en" else numeral(self.msgid)


class Named(Message):
    """A proper name that has its own form in each language."""

    @classmethod
    def of(cls, *, zh: str, en: str) -> Self:
        return cls(en, {"zh": zh})

    def render(self, language: Locale) -> str:
        return self.msgid if language == "en" else str(self.params["zh"])


@dataclass(frozen=True, slots=True)
class Instrument:
    """The law, regulation or notice that sets a limit. ``number`` is its 文号; ``number_en``, if it
    has one, what it is called for short in English.
    """

    zh: str
    en: str
    number: str
    number_en: str = ""

    @property
    def title(self) -> Message:
        short = self.number_en or self.number
        return Named.of(zh=f"《{self.zh}》（{self.number}）", en=f"{self.en} ({short})")

    @property
    def short(self) -> Message:
        return Named.of(zh=self.number, en=self.number_en or self.number)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many working days, and why; ``article`` is a number as in ``21``."""

    days: int
    basis: Basis
    article: str
    instrument: Instrument

    @property
    def source(self) -> Message:
        """The basis in a few words, for a place with little room."""
        if not self.basis.is_law:
            return self.basis.label
        return _(
            "%(basis)s, %(number)s, Art. %(article)s",
            basis=self.basis.label,
            number=self.instrument.short,
            article=ArticleNumber(self.article),
        )

    def rule(self, days: int | None = None) -> Message:
        """The basis in full with the days it gives; ``days``: with an extension."""
        told = self.days if days is None else days
        if not self.basis.is_law:
            return ngettext(
                "%(basis)s: %(days)s working day",
                "%(basis)s: %(days)s working days",
                told,
                basis=self.basis.label,
                days=told,
            )
        return ngettext(
            "%(basis)s, %(instrument)s, Art. %(article)s: %(days)s working day",
            "%(basis)s, %(instrument)s, Art. %(article)s: %(days)s working days",
            told,
            basis=self.basis.label,
            instrument=self.instrument.title,
            article=ArticleNumber(self.article),
            days=told,
        )

    def kept(self) -> dict[str, str]:
        """The instrument as a clock keeps it."""
        return asdict(self.instrument)


def numeral(article: str) -> str:
    """``21`` as 二十一, the way Chinese law numbers its articles;
    anything but 1 to 99 stays as it is.
    """
    if not (article.isascii() and article.isdigit() and 0 < int(article) < 100):
        return article
    tens, ones = divmod(int(article), 10)
    digits = "零一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (
        digits[ones] if ones else ""
    )
