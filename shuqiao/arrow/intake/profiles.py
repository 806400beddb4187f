"""Which kind a text column could have, and why no other. Runs in the child.

A kind is proposed, never forced, and only one that gives every text of the column back as it
stands: a whole number; a decimal number when all have the same places (``12.50`` stays 12.50); a
floating-point number when each is its own shortest writing (``2018.10`` is not: it would come back
as 2018.1); dates that exist, in one form throughout, which is named when it is not the one that is
stored. Anything else stays text, and the note gives a value that says why.
"""

import re
from collections import Counter
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.dates import DateForms
from shuqiao.arrow.intake.personal import PersonalSigns
from shuqiao.arrow.intake.proposals import CODE, MARKERS, NUMBER, Kind, kind_label
from shuqiao.i18n import Message, _, ngettext

_INTEGER: Final = r"^(0|-?[1-9][0-9]{0,14})$"
_DECIMAL: Final = r"^-?(0|[1-9][0-9]{0,11})\.[0-9]{1,10}$"
_NEGATIVE_ZERO: Final = r"^-0(\.0*)?$"
_PERCENT: Final = r"^[-+]?[0-9]+(\.[0-9]+)?[%％]$"
_GROUPED: Final = r"^[-+]?[0-9]{1,3}([,，][0-9]{3})+(\.[0-9]+)?$"
_BLANKS: Final = r"^\s|\s$"
_TRUTHS: Final = (("true", "false"), ("TRUE", "FALSE"))
#: Words for yes and no that would come back as true and false.
_OTHER_TRUTHS: Final = r"^(?i:true|false|yes|no|是|否)$"
_CODE_NAME: Final = re.compile(
    r"代码|编码|编号|代號|代碼|證號|证号|号码|號碼|身份证|证件|电话|電話|手机|邮编|传真|账号|帐号|学号|工号|"
    r"(?:码|碼)(?:$|[（(_])|(?<![序期])[号號](?:$|[（(_])|"
    r"(?:^|[\W_])(?:id|code|zip|fips|phone|tel|no)(?:$|[\W_0-9])|(?:Id|ID|Code)$"
)
_SAMPLES: Final = 5
#: As long as so many of the values look like numbers or dates, those that do not are worth naming.
_MOSTLY: Final = 0.8
_SHOWN: Final = 40


class ColumnProfile:
    """What the values of one text column have in common, taken batch by batch over the whole file;
    kinds that some value does not fit are given up and not looked at again.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.nulls = 0
        self.values = 0
        self.samples: list[str] = []
        self._markers: Counter[str] = Counter()
        self._open = {Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT, Kind.BOOLEAN}
        self._dates = DateForms()
        self.personal = PersonalSigns(name)
        self._places: int | None = None
        self._truths = set(_TRUTHS)
        #: Why a kind was given up: the first value for each reason.
        self._why: dict[str, str] = {}
        #: A number that would come back as another text, and as which.
        self._changed: tuple[str, str] | None = None
        self._numbers = self._plain = self._truth_words = 0

    def add(self, column: pa.StringArray) -> None:
        """Take in one batch."""
        self.nulls += column.null_count
        values = column.drop_null()
        if not len(values):
            return
        self.values += len(values)
        self.personal.add(values)
        if len(self.samples) < _SAMPLES:
            self._take_samples(values)
        if not self._open and not self._dates.is_open and not self._is_worth_a_look:
            return
        values = self._without_markers(values)
        if len(values):
            self._weigh(values)
            self._dates.add(values)

    def proposal(self) -> tuple[str, Message | None]:
        """The kind proposed; when it is text although more seemed possible, why; when values come
        back in another form than they were written in, which.
        """
        kind, note = self._kind()
        if kind == Kind.STRING:
            return kind, note or (self._why_text() if self._is_worth_a_look else None)
        if kind.partition("(")[0] in _NUMBERS and _CODE_NAME.search(self.name):
            return Kind.STRING, _(
                "Kept as text: by its name this is a code or number nobody calculates with."
            )
        if self._markers:
            return Kind.STRING, self._marker_note(kind)
        return kind, note

    @property
    def _is_worth_a_look(self) -> bool:
        typed = self._numbers + self._dates.count + self._truth_words
        return self._plain == 0 or typed >= _MOSTLY * self._plain

    def _kind(self) -> tuple[str, Message | None]:
        if not self._plain:
            return Kind.STRING, None
        if Kind.DECIMAL in self._open and self._places is not None:
            return f"decimal(22,{self._places})", None
        for kind in (Kind.INTEGER, Kind.FLOAT):
            if kind in self._open:
                return kind.value, None
        if Kind.BOOLEAN in self._open:
            is_other = ("true", "false") not in self._truths
            words = _("“TRUE” and “FALSE” are stored as true and false.")
            return Kind.BOOLEAN, words if is_other else None
        return self._dates.proposal() or (Kind.STRING, None)

    def _weigh(self, values: pa.StringArray) -> None:
        self._plain += len(values)
        trimmed = pc.utf8_trim_whitespace(values)
        are_numbers = pc.match_substring_regex(trimmed, NUMBER)
        self._numbers += _count(are_numbers)
        self._remark("blanks", values, pc.match_substring_regex(values, _BLANKS))
        for name, rule in (("code", CODE), ("percent", _PERCENT), ("grouped", _GROUPED)):
            found = pc.match_substring_regex(trimmed, rule)
            self._numbers += _count(found)
            self._remark(name, values, found)
            are_numbers = pc.or_(are_numbers, found)
        truths = pc.match_substring_regex(trimmed, _OTHER_TRUTHS)
        self._truth_words += _count(truths)
        self._remark("no_number", values, pc.invert(are_numbers))
        self._give_up(values)
        self._weigh_truths(values)

    def _give_up(self, values: pa.StringArray) -> None:
        if Kind.INTEGER in self._open and not _all(values, _INTEGER):
            self._open.discard(Kind.INTEGER)
        if Kind.DECIMAL in self._open:
            places = set(pc.unique(pc.utf8_length(_after_point(values))).to_pylist())
            known = places if self._places is None else places | {self._places}
            if len(known) == 1 and _all(values, _DECIMAL) and not _any(values, _NEGATIVE_ZERO):
                self._places = known.pop()
            else:
                self._open.discard(Kind.DECIMAL)
        if Kind.FLOAT in self._open:
            if not _all(values, NUMBER):
                self._open.discard(Kind.FLOAT)
            elif (changed := _changed_as_float(values)) is not None:
                self._open.discard(Kind.FLOAT)
                self._changed = changed

    def _weigh_truths(self, values: pa.StringArray) -> None:
        if Kind.BOOLEAN not in self._open:
            return
        found = set(pc.unique(values).to_pylist()) if len(values) else set()
        self._truths = {words for words in self._truths if found <= set(words)}
        if not self._truths:
            self._open.discard(Kind.BOOLEAN)

    def _remark(self, name: str, values: pa.StringArray, found: pa.BooleanArray) -> None:
        if name not in self._why and _count(found):
            self._why[name] = _shown(values.filter(found)[0].as_py())

    def _why_text(self) -> Message | None:
        """Why the column stays text, with a value that says so."""
        why = self._why
        if (about_dates := self._dates.why_none()) is not None:
            return about_dates
        if self._truth_words and self._truth_words >= _MOSTLY * self._plain:
            return _(
                "Kept as text: “%(value)s” would be stored as true or false. Choose yes or no if "
                "that is wanted.",
                value=self.samples[0],
            )
        if not self._numbers:
            return None
        if "code" in why:
            words = _(
                "Kept as text: some values have leading zeros or more than 15 digits, such as "
                "“%(value)s”.",
                value=why["code"],
            )
        elif "percent" in why:
            words = _("Kept as text, percent signs included, such as “%(v)s”.", v=why["percent"])
        elif "grouped" in why:
            words = _("Kept as text, separators included, such as “%(v)s”.", v=why["grouped"])
        elif "no_number" in why:
            words = _("Kept as text: “%(value)s” is no number.", value=why["no_number"])
        elif "blanks" in why:
            words = _("Kept as text: “%(v)s” would lose its blanks as a number.", v=why["blanks"])
        elif self._changed is not None:
            words = _(
                "Kept as text: as a number “%(value)s” would become “%(stored)s”.",
                value=self._changed[0],
                stored=self._changed[1],
            )
        else:
            return None
        return words

    def _take_samples(self, values: pa.StringArray) -> None:
        for value in pc.unique(values[:1_000]).to_pylist():
            shown = value if len(value) <= 100 else value[:99] + "…"
            if len(self.samples) < _SAMPLES and shown not in self.samples:
                self.samples.append(shown)

    def _without_markers(self, values: pa.StringArray) -> pa.StringArray:
        are_markers = pc.is_in(pc.utf8_trim_whitespace(values), value_set=pa.array(MARKERS))
        if not pc.any(are_markers).as_py():
            return values
        for counted in pc.value_counts(values.filter(are_markers)).to_pylist():
            self._markers[counted["values"].strip()] += counted["counts"]
        return values.filter(pc.invert(are_markers))

    def _marker_note(self, kind: str) -> Message:
        marker, count = self._markers.most_common(1)[0]
        return ngettext(
            "Kept as text because of %(count)s time “%(marker)s”. "
            "State it as a text for “no value”, and the rest is %(kind)s.",
            "Kept as text because of %(count)s times “%(marker)s”. "
            "State it as a text for “no value”, and the rest is %(kind)s.",
            count,
            marker=marker,
            kind=kind_label(kind),
        )


_NUMBERS: Final = (Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT)


def _changed_as_float(values: pa.StringArray) -> tuple[str, str] | None:
    """The first text that is another one once it was a floating-point number, and that one."""
    back = values.cast(pa.float64()).cast(pa.string())
    other = pc.not_equal(back, values)
    if not _count(other):
        return None
    return _shown(values.filter(other)[0].as_py()), _shown(back.filter(other)[0].as_py())


def _after_point(values: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(values, r"^[^.]*\.?", "")


def _all(values: pa.StringArray, rule: str) -> bool:
    return _count(pc.match_substring_regex(values, rule)) == len(values)


def _any(values: pa.StringArray, rule: str) -> bool:
    return _count(pc.match_substring_regex(values, rule)) > 0


def _count(found: pa.BooleanArray) -> int:
    return pc.sum(found).as_py() or 0


def _shown(value: str) -> str:
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
