"""Kinds of values, and which one a text column could have.

A kind is proposed, never forced. Runs in the child.

The kinds cover the data types of the 2017 cataloguing guide (政务信息资源目录编制指南): see
:data:`GUIDE_TYPES`.
"""

import re
from collections import Counter
from enum import StrEnum
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.i18n import Message, _, ngettext


class Kind(StrEnum):
    """What a column's values are. ``decimal`` may carry its size: ``decimal(18,2)``."""

    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


#: The guide's letters: C text, M remark, G general · I integer · N
#: numeric, Y currency · B double, F float · L · D · T.
GUIDE_TYPES: Final = {
    "C": Kind.STRING,
    "M": Kind.STRING,
    "G": Kind.STRING,
    "I": Kind.INTEGER,
    "N": Kind.DECIMAL,
    "Y": Kind.DECIMAL,
    "B": Kind.FLOAT,
    "F": Kind.FLOAT,
    "L": Kind.BOOLEAN,
    "D": Kind.DATE,
    "T": Kind.DATETIME,
}
_SIZED_DECIMAL: Final = re.compile(r"decimal\(([0-9]{1,2}),([0-9]{1,2})\)")

#: Texts that people write for "no value". They stay text unless the options say otherwise.
MARKERS: Final = (
    "NA",
    "N/A",
    "n/a",
    "NULL",
    "null",
    "Null",
    "NaN",
    "nan",
    "None",
    "\\N",
    "-",
    "--",
    "—",
    "/",
    "无",
)

TRUE_WORDS: Final = ("true", "yes", "y", "t", "是", "1")
FALSE_WORDS: Final = ("false", "no", "n", "f", "否", "0")

# Conservative on purpose: a leading zero, or more digits than a
# spreadsheet keeps (15), is a code and stays text.
_PROPOSED: Final = {
    Kind.INTEGER: r"^-?(0|[1-9][0-9]{0,14})$",
    Kind.DECIMAL: r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,10})?$",
    Kind.FLOAT: r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$",
    Kind.BOOLEAN: r"^(?i:true|false|yes|no|是|否)$",
    Kind.DATE: r"^[0-9]{4}([-/.])(0?[1-9]|1[0-2])([-/.])(0?[1-9]|[12][0-9]|3[01])$|"
    r"^[0-9]{4}年(0?[1-9]|1[0-2])月(0?[1-9]|[12][0-9]|3[01])日$",
    Kind.DATETIME: r"^[0-9]{4}[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12][0-9]|3[01])[T ]"
    r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$",
}
_CODE: Final = r"^(0[0-9]+|[0-9]{16,})$"
_CODE_NAME: Final = re.compile(
    r"代码|编码|编号|代號|代碼|證號|证号|号码|號碼|身份证|电话|電話|手机|邮编|传真|账号|帐号|学号|工号|"
    r"(?:^|[\W_])(?:id|code|zip|fips|phone|tel|no)(?:$|[\W_0-9])|(?:Id|ID|Code)$"
)
_KINDS: Final = frozenset(kind.value for kind in Kind)
_TYPED: Final = re.compile(
    rf"{_PROPOSED[Kind.FLOAT]}|{_CODE}|{_PROPOSED[Kind.DATE]}|{_PROPOSED[Kind.DATETIME]}"
)
_SAMPLES: Final = 5


def is_kind(name: str) -> bool:
    """Whether ``name`` is a kind, sized or not."""
    if name in _KINDS:
        return True
    sized = _SIZED_DECIMAL.fullmatch(name)
    return sized is not None and 1 <= int(sized[1]) <= 38 and int(sized[2]) <= int(sized[1])


def arrow_type(name: str) -> pa.DataType:
    """The Arrow type of a kind.

    ``decimal`` without a size keeps ten decimal places; ``datetime`` is without a zone.
    """
    sized = _SIZED_DECIMAL.fullmatch(name)
    if sized:
        return pa.decimal128(int(sized[1]), int(sized[2]))
    return {
        Kind.STRING: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.DECIMAL: pa.decimal128(38, 10),
        Kind.FLOAT: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.DATE: pa.date32(),
        Kind.DATETIME: pa.timestamp("us"),
    }[Kind(name)]


def kind_of(arrow: pa.DataType) -> str:
    """The kind that describes an Arrow type (for files that bring their own types)."""
    types = pa.types
    if types.is_decimal(arrow):
        return (
            f"decimal({arrow.precision},{arrow.scale})"
            if arrow.precision <= 38
            else Kind.DECIMAL.value
        )
    for test, kind in (
        (types.is_integer, Kind.INTEGER),
        (types.is_floating, Kind.FLOAT),
        (types.is_boolean, Kind.BOOLEAN),
        (types.is_date, Kind.DATE),
        (types.is_timestamp, Kind.DATETIME),
    ):
        if test(arrow):
            return kind.value
    return Kind.STRING.value


def kind_label(kind: str) -> Message:
    """The kind as people call it; a decimal's size is said too."""
    base, _open, size = kind.partition("(")
    if size:
        return _(
            "decimal number (%(size)s digits, places)", size=size.rstrip(")").replace(",", ", ")
        )
    return {
        "string": _("text"),
        "integer": _("whole number"),
        "decimal": _("decimal number"),
        "float": _("floating-point number"),
        "boolean": _("yes or no"),
        "date": _("date"),
        "datetime": _("date and time"),
    }[base]


def looks_typed(text: str) -> bool:
    """Whether one cell reads as a number or a date (codes with leading zeros included)."""
    return bool(_TYPED.fullmatch(text.strip()))


class ColumnProfile:
    """What the values of one text column have in common, taken batch by
    batch over the whole file.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.nulls = 0
        self.values = 0
        self.samples: list[str] = []
        self._open = dict(_PROPOSED)
        self._markers: Counter[str] = Counter()
        self._has_codes = False
        self._scale = 0

    def add(self, column: pa.StringArray) -> None:
        """Take in one batch; kinds that some value does not fit are
        given up and not looked at again.
        """
        self.nulls += column.null_count
        values = column.drop_null()
        if not len(values):
            return
        self.values += len(values)
        if len(self.samples) < _SAMPLES:
            self._take_samples(values)
        if not self._open:
            return
        values = pc.utf8_trim_whitespace(values)
        values = self._without_markers(values)
        if self._matching(values, _CODE):
            self._has_codes = True
        self._open = {
            kind: rule
            for kind, rule in self._open.items()
            if self._matching(values, rule) == len(values)
        }
        if Kind.DECIMAL in self._open and Kind.INTEGER not in self._open and len(values):
            places = pc.replace_substring_regex(values, r"^[^.]*\.?", "")
            self._scale = max(self._scale, pc.max(pc.utf8_length(places)).as_py() or 0)

    def proposal(self) -> tuple[str, Message | None]:
        """The kind proposed and, when it is text although more seemed possible, why."""
        kind = (
            next(iter(self._open), Kind.STRING)
            if self.values > self._markers.total()
            else Kind.STRING
        )
        if self._has_codes and kind is Kind.STRING and not self._open:
            return Kind.STRING, _(
                "Kept as text: some values have leading zeros or more than 15 digits."
            )
        if kind is Kind.INTEGER and _CODE_NAME.search(self.name):
            return Kind.STRING, _(
                "Kept as text: by its name this is a code or number nobody calculates with."
            )
        name = f"decimal(22,{self._scale})" if kind is Kind.DECIMAL else kind.value
        if self._markers and kind is not Kind.STRING:
            return Kind.STRING, self._marker_note(name)
        return name, None

    def _take_samples(self, values: pa.StringArray) -> None:
        for value in pc.unique(values[:1_000]).to_pylist():
            shown = value if len(value) <= 100 else value[:99] + "…"
            if len(self.samples) < _SAMPLES and shown not in self.samples:
                self.samples.append(shown)

    def _without_markers(self, values: pa.StringArray) -> pa.StringArray:
        are_markers = pc.is_in(values, value_set=pa.array(MARKERS))
        if not pc.any(are_markers).as_py():
            return values
        for counted in pc.value_counts(values.filter(are_markers)).to_pylist():
            self._markers[counted["values"]] += counted["counts"]
        return values.filter(pc.invert(are_markers))

    @staticmethod
    def _matching(values: pa.StringArray, rule: str) -> int:
        return pc.sum(pc.match_substring_regex(values, rule)).as_py() or 0

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
