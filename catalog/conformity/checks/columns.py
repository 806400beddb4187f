"""One column against its standard: which of its values break which rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pat

from catalog.conformity.words import (
    MISSING,
    NO_NAME,
    OTHER_TYPE,
    OUTSIDE,
    REQUIRED,
    TOO_LONG,
    TOO_MANY_DIGITS,
    Side,
)
from catalog.elements.words import DataType
from shuqiao.codes.faults import Fault
from shuqiao.codes.rules import RULES, CodeKind, CodeRule

#: Which values break a rule.
Broken = npt.NDArray[np.bool_]
_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
_PLAIN: Final = r"^[+-]?[0-9]+(\.[0-9]+)?$"
#: What a data type reads like as a text.
_FORMS: Final = {
    DataType.NUMBER: _NUMBER,
    DataType.MONEY: _PLAIN,
    DataType.DOUBLE: _NUMBER,
    DataType.FLOAT: _NUMBER,
    DataType.INTEGER: r"^[+-]?[0-9]+(\.0+)?$",
    DataType.LOGICAL: r"^(true|false|0|1|是|否)$",
}
_MOMENTS: Final = {DataType.DATE: CodeKind.DATE, DataType.DATETIME: CodeKind.DATETIME}


@dataclass(frozen=True, slots=True)
class ColumnStandard:
    """What a column is held to. ``kind``: the form of its codes; ``permitted``: codes of its value
    domain, and ``names`` what they mean there: a column holds the one or the other (``side``; where
    that is not stated its first batch says). ``domain``: which domain that is. ``max_length`` in
    characters; ``precision``: digits in all, ``scale`` of these after the point. An empty text is
    no value, as in files.
    """

    column: str
    kind: CodeKind | None = None
    permitted: pa.StringArray | None = None
    is_required: bool = False
    names: pa.StringArray | None = None
    side: Side | None = None
    domain: str = ""
    data_type: DataType | None = None
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None

    def side_of(self, texts: pa.StringArray) -> Side:
        """What of the domain these values are: names where more of them are names than codes."""
        if self.side is not None or self.names is None:
            return self.side or Side.CODES
        codes = pc.sum(pc.is_in(texts, value_set=self.permitted)).as_py() or 0
        names = pc.sum(pc.is_in(texts, value_set=self.names)).as_py() or 0
        return Side.NAMES if names > codes else Side.CODES


def texts_of(batch: pa.RecordBatch, name: str) -> pa.StringArray:
    """The values as they read, null for an empty one; all null where there is no such column."""
    if name not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.string())
    texts = batch.column(name).cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.nulls(len(texts), pa.string()), texts)


def judged(
    batch: pa.RecordBatch, texts: pa.StringArray, standard: ColumnStandard, side: Side
) -> Iterator[tuple[Fault, Broken]]:
    """Each rule that the column is held to, with the values that break it."""
    if standard.column not in batch.schema.names:
        yield MISSING, np.ones(batch.num_rows, bool)
        return
    if standard.is_required:
        yield REQUIRED, np.asarray(texts.is_null())
    if standard.kind is not None:
        yield from _of_kind(texts, RULES[standard.kind])
    if standard.permitted is not None:
        is_named = side is Side.NAMES and standard.names is not None
        inside = pc.is_in(texts, value_set=standard.names if is_named else standard.permitted)
        rule = NO_NAME if is_named else OUTSIDE
        yield rule, np.asarray(pc.invert(pc.or_(inside, texts.is_null())))
    if standard.data_type is not None:
        broken = _of_other_type(batch.column(standard.column).type, texts, standard.data_type)
        if broken is not None:
            yield OTHER_TYPE, broken
    if standard.max_length is not None:
        yield TOO_LONG, _true(pc.greater(pc.utf8_length(texts), standard.max_length))
    if standard.precision is not None:
        yield TOO_MANY_DIGITS, _digits_over(texts, standard.precision, standard.scale)


def _of_kind(texts: pa.StringArray, rule: CodeRule) -> Iterator[tuple[Fault, Broken]]:
    numbers = np.asarray(rule.faults_of(texts).fill_null(0))
    for place in np.flatnonzero(np.bincount(numbers)):
        if place:
            yield rule.faults[place - 1], numbers == place


def _of_other_type(stored: pa.DataType, texts: pa.StringArray, wanted: DataType) -> Broken | None:
    """None where the type asks nothing of a text, or the stored type is of that kind anyway."""
    if wanted in _MOMENTS:
        if pat.is_temporal(stored):
            return None
        return np.asarray(RULES[_MOMENTS[wanted]].faults_of(texts).fill_null(0)) > 0
    if wanted not in _FORMS:
        return None
    form = _FORMS[wanted]
    is_lower = wanted is DataType.LOGICAL
    read = pc.match_substring_regex(texts, form, ignore_case=is_lower)
    return _true(pc.invert(read))


def _digits_over(texts: pa.StringArray, precision: int, scale: int | None) -> Broken:
    """Numbers with more digits in all, before or after the point; zeros that say nothing do not
    count, and what is no plain number is another rule's.
    """
    plain = pc.fill_null(pc.match_substring_regex(texts, _PLAIN), fill_value=False)
    whole = pc.utf8_length(pc.replace_substring_regex(texts, r"^[+-]?0*|\..*$", ""))
    after = pc.utf8_length(pc.replace_substring_regex(texts, r"^[^.]*\.?|0+$", ""))
    # a number without a point has nothing after it, whatever zeros it ends with
    over = pc.greater(pc.add(whole, after), precision)
    if scale is not None:
        over = pc.or_(over, pc.greater(after, scale))
        over = pc.or_(over, pc.greater(whole, precision - scale))
    return _true(pc.and_(plain, over))


def _true(flags: pa.BooleanArray) -> Broken:
    return np.asarray(pc.fill_null(flags, fill_value=False))
