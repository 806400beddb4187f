"""Columns of citizen identity numbers."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuqiao.codes import identity
from shuqiao.codes.columns.calendar import are_days
from shuqiao.codes.columns.divisions import are_no_divisions
from shuqiao.codes.columns.judging import (
    Numbers,
    faults,
    plain,
    remainder,
    weighted,
)

#: X and x once the digit 0 is 0.
_X: Final = (ord("X") - ord("0"), ord("x") - ord("0"))
_LENGTH, _CHARACTER, _DIVISION, _BIRTH, _CHECK = range(1, 6)
#: The check character weighs 1, and all 18 together leave 1.
_WEIGHTS: Final = (*identity.WEIGHTS[:17], 1)


def faults_of(texts: pa.Array) -> pa.UInt8Array:
    """The fault of each value by its place in ``identity.FAULTS`` from 1; 0: none."""
    return faults(texts, 18, None, _judge, length=_LENGTH, character=_CHARACTER)


def masked(texts: pa.Array) -> pa.StringArray:
    """Each value as ``identity.masked`` masks it."""
    texts = plain(texts)
    length = pc.utf8_length(texts)
    stars = pc.binary_repeat("*", pc.max_element_wise(pc.subtract(length, 10), 0))
    shown = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(texts, 0, 6), stars, pc.utf8_slice_codeunits(texts, -4), ""
    )
    return pc.if_else(pc.less(length, 14), pc.binary_repeat("*", length), shown)


def _judge(places: Numbers) -> Numbers:
    last = places[17]
    last[(last == _X[0]) | (last == _X[1])] = 10
    total = weighted(places, _WEIGHTS)
    found = np.where(remainder(total, 11) != 1, np.uint8(_CHECK), np.uint8(0))
    found[~are_days(places[6:10], places[10:12], places[12:14])] = _BIRTH
    found[are_no_divisions(places[:6])] = _DIVISION
    found[(np.maximum.reduce(places[:17], axis=0) > 9) | (last > 10)] = _CHARACTER
    return found
