"""In which form the dates of a column are written, and whether all of them exist. Runs in the
child.

A form is one way of writing every date of a column: its separator, and whether months and days have
two digits throughout or only the digits they need. Both mixed is no form: nobody could give the
texts back.
"""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.proposals import DATE, DATETIME, Kind
from shuqiao.i18n import Message, _

_PADDED: Final = r"(0[1-9]|1[0-2])%s(0[1-9]|[12][0-9]|3[01])"
_SHORT: Final = r"([1-9]|1[0-2])%s([1-9]|[12][0-9]|3[01])"
_CLOCKS: Final = {
    " %H:%M": r" ([01][0-9]|2[0-3]):[0-5][0-9]",
    " %H:%M:%S": r" ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
    "T%H:%M:%S": r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
}
#: The forms that are stored: they need no word.
_STORED: Final = ("2026-02-01", "2026-02-01 09:05:00")


def _forms() -> dict[str, tuple[Kind, str]]:
    """Example of a form → its kind and its rule."""
    days: dict[str, str] = {}
    for sign in "-/.":
        escaped = "\\" + sign if sign == "." else sign
        days[f"2026{sign}02{sign}01"] = f"[0-9]{{4}}{escaped}" + _PADDED % escaped
        days[f"2026{sign}2{sign}1"] = f"[0-9]{{4}}{escaped}" + _SHORT % escaped
    days["2026年02月01日"] = "[0-9]{4}年" + _PADDED % "月" + "日"
    days["2026年2月1日"] = "[0-9]{4}年" + _SHORT % "月" + "日"
    forms = {example: (Kind.DATE, f"^{rule}$") for example, rule in days.items()}
    for example, rule in days.items():
        for clock, of_clock in _CLOCKS.items():
            told = clock.replace("%H", "09").replace("%M", "05").replace("%S", "00")
            forms[example + told] = (Kind.DATETIME, f"^{rule}{of_clock}$")
    return forms


FORMS: Final = _forms()


class DateForms:
    """The forms that all values so far are written in."""

    def __init__(self) -> None:
        self._open = dict(FORMS)
        self._impossible: str | None = None
        self._misfit: str | None = None
        self.count = 0

    @property
    def is_open(self) -> bool:
        return bool(self._open)

    def add(self, values: pa.StringArray) -> None:
        """Take in one batch of values, none of them a word for "no value"."""
        shaped = pc.match_substring_regex(values, f"{DATE}|{DATETIME}")
        found = pc.sum(shaped).as_py() or 0
        self.count += found
        if found < len(values) and self._misfit is None:
            self._misfit = values.filter(pc.invert(shaped))[0].as_py()[:40]
        if not found:
            self._open = {}
            return
        impossible = _first_impossible(values.filter(shaped))
        self._impossible = self._impossible or impossible
        self._open = {
            example: (kind, rule)
            for example, (kind, rule) in self._open.items()
            if impossible is None and pc.all(pc.match_substring_regex(values, rule)).as_py()
        }

    def proposal(self) -> tuple[str, Message | None] | None:
        """The kind of dates that all values are, and the form when it is another than is stored."""
        if not self._open or not self.count:
            return None
        # days and months of two digits need no zeros: the padded form comes first
        example, (kind, _rule) = next(iter(self._open.items()))
        if example in _STORED:
            return kind.value, None
        stored = _STORED[0] if kind is Kind.DATE else _STORED[1]
        words = _(
            "Written in the form %(form)s, stored as %(stored)s.", form=example, stored=stored
        )
        return kind.value, words

    def why_none(self) -> Message | None:
        """Why a column with dates in it stays text."""
        if not self.count:
            return None
        if self._impossible is not None:
            return _("Kept as text: the date “%(value)s” does not exist.", value=self._impossible)
        if self._misfit is not None:
            return _("Kept as text: “%(value)s” is no date.", value=self._misfit)
        return _("Kept as text: its dates are written in more than one form.")


def _first_impossible(dates: pa.StringArray) -> str | None:
    """The first of the texts shaped like dates that is in no calendar, such as 30 February."""
    rule = r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2}).*$"
    spelled = pc.replace_substring_regex(dates, rule, r"\1-0\2-0\3")
    spelled = pc.replace_substring_regex(spelled, r"-0([0-9]{2})", r"-\1")
    try:
        spelled.cast(pa.date32())
    except pa.ArrowInvalid:
        for text, iso in zip(dates.to_pylist(), spelled.to_pylist(), strict=True):
            try:
                pa.scalar(iso).cast(pa.date32())
            except pa.ArrowInvalid:
                return str(text)[:40]
    return None
