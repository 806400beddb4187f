"""Text to typed values, batch by batch.

A value that does not fit never becomes a null: it is counted and placed.

What each kind takes, blanks around it ignored:

- integer: digits with a sign, within 64 bits · decimal: digits and a point, no more places than the
  kind has
- float: also with an exponent · boolean: 是/否, true/false, yes/no, y/n, t/f, 1/0
- date: 2026-02-11, 2026/2/11, 2026.2.11, 2026年2月11日, 20260211 · datetime: such a date (not
  20260211), a time to the minute, second or microsecond; without a zone
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.arrow.intake.proposals import FALSE_WORDS, TRUE_WORDS, arrow_type, kind_label
from shuqiao.arrow.refusals import ROWS_NAMED, DecodeRefused, named_rows
from shuqiao.errors import FieldError
from shuqiao.i18n import _, ngettext

_DAY: Final = r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
_CLOCK: Final = r"[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,6})?)?$"


@dataclass(slots=True)
class Misfits:
    """Values of one column that do not fit its kind: how many, and the first rows."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, rows: list[int]) -> None:
        self.count += len(rows)
        self.rows.extend(rows[: ROWS_NAMED - len(self.rows)])


def convert(
    texts: pa.StringArray, kind: str, misfits: Misfits, row_numbers: Callable[[int], int]
) -> pa.Array:
    """``texts`` as the Arrow type of ``kind``.

    ``row_numbers`` gives the file's row for a position in the batch.

    Values that do not fit are noted in ``misfits`` and are null in the result, which must then not
    be used.
    """
    if kind == "string":
        return texts
    if kind in ("date", "datetime") and (iso := _iso(texts, kind)) is not None:
        return iso
    trimmed = pc.utf8_trim_whitespace(texts)
    prepared = _prepare(trimmed, kind.partition("(")[0])
    target = arrow_type(kind)
    try:
        typed = prepared.cast(target)
    except pa.ArrowInvalid:
        typed = None
    if typed is not None and typed.null_count == texts.null_count:
        return typed
    return _one_by_one(texts, prepared, target, misfits, row_numbers)


def _iso(texts: pa.StringArray, kind: str) -> pa.Array | None:
    """The common case, one spelling throughout: Arrow's own cast, which
    takes ISO dates and times only.
    """
    lengths = pc.min_max(pc.binary_length(texts))
    if kind == "datetime" and (lengths["min"].as_py() or 0) < len("2026-02-11 09:00"):
        return None  # Arrow would take a bare date for midnight
    try:
        return texts.cast(arrow_type(kind))
    except pa.ArrowInvalid:
        return None


def _prepare(texts: pa.StringArray, base: str) -> pa.StringArray:
    """Texts in the one spelling Arrow's strict cast takes; what is not
    of the kind's form becomes null.
    """
    if base == "boolean":
        lower = pc.utf8_lower(texts)
        false = pc.is_in(lower, value_set=pa.array(FALSE_WORDS))
        known = pc.or_(pc.is_in(lower, value_set=pa.array(TRUE_WORDS)), false)
        spelled = pc.if_else(false, pa.scalar("false"), pa.scalar("true"))
        return pc.if_else(known, spelled, pa.scalar(None, pa.string()))
    if base == "date":
        compact = pc.replace_substring_regex(
            texts, r"^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3"
        )
        return _padded(compact, _DAY + "$", r"\1-0\2-0\3")
    if base == "datetime":
        return _padded(texts, _DAY + _CLOCK, r"\1-0\2-0\3 0\4:\5:0\6\7")
    rule = {
        "integer": r"^[-+]?[0-9]+$",
        "decimal": r"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$",
        "float": r"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$",
    }[base]
    fits = pc.match_substring_regex(texts, rule)
    plain = pc.utf8_ltrim(texts, "+")
    return (
        plain
        if pc.all(fits).as_py() is not False
        else pc.if_else(fits, plain, pa.scalar(None, pa.string()))
    )


def _padded(texts: pa.StringArray, rule: str, spelling: str) -> pa.StringArray:
    fits = pc.match_substring_regex(texts, rule)
    spelled = pc.replace_substring_regex(texts, rule, spelling)
    # "-012" → "-12", " 009:" → " 09:", ":05" stays; a missing second reads ":0" and becomes ":00"
    spelled = pc.replace_substring_regex(spelled, r"([-: ])0([0-9]{2})", r"\1\2")
    spelled = pc.replace_substring_regex(spelled, r":0$", ":00")
    return pc.if_else(fits, spelled, pa.scalar(None, pa.string()))


def _one_by_one(
    texts: pa.StringArray,
    prepared: pa.StringArray,
    target: pa.DataType,
    misfits: Misfits,
    row_numbers: Callable[[int], int],
) -> pa.Array:
    """Find the misfits by halving: a half that casts as a whole holds none."""
    wrong: list[int] = []
    formless = pc.and_(prepared.is_null(), texts.is_valid())
    wrong.extend(pc.indices_nonzero(formless).to_pylist())
    halves = [(0, len(prepared))]
    while halves:
        start, end = halves.pop()
        try:
            prepared[start:end].cast(target)
        except pa.ArrowInvalid:
            if end - start == 1:
                wrong.append(start)
            else:
                middle = (start + end) // 2
                halves += [(start, middle), (middle, end)]
    misfits.add([row_numbers(position) for position in sorted(wrong)])
    return pa.nulls(len(texts), target)


def refuse_misfits(kinds: dict[str, str], misfits: dict[str, Misfits]) -> None:
    """Raise one :class:`DecodeRefused` that names every column with
    values that do not fit, and their rows.
    """
    errors = [_misfit(name, kinds[name], found) for name, found in misfits.items() if found.count]
    if errors:
        detail = _("Some values do not fit the kind chosen for their column.")
        raise DecodeRefused("value_does_not_fit", detail, errors=errors)


def _misfit(name: str, kind: str, found: Misfits) -> FieldError:
    detail = ngettext(
        "Column “%(column)s”: %(count)s value is not of the kind %(kind)s; row %(rows)s.",
        "Column “%(column)s”: %(count)s values are not of the kind %(kind)s; rows %(rows)s.",
        found.count,
        column=name,
        kind=kind_label(kind),
        rows=named_rows(found.rows, found.count),
    )
    pointer = "/types/" + name.replace("~", "~0").replace("/", "~1")
    fix = _(
        "Choose text for this column, state the text that means “no value”, or correct these rows "
        "in the file."
    )
    return FieldError(pointer, "value_does_not_fit", detail, fix)
