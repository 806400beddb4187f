"""Columns of unified social credit codes."""

from collections.abc import Collection
from typing import Final

import numpy as np
import pyarrow as pa

from shuqiao.codes import credit
from shuqiao.codes.columns.judging import (
    Numbers,
    alphabet,
    blocks,
    byte_sizes,
    faults,
    of_size,
    plain,
    remainder,
    weighted,
)

_VALUES: Final = {character: value for value, character in enumerate(credit.ALPHABET)}
_TABLE: Final = alphabet({**_VALUES, **{each.lower(): at for each, at in _VALUES.items()}})
_LENGTH, _CHARACTER, _DIVISION, _CHECK, _KIND = range(1, 6)
#: Value in GB 32100 → value of the same character in GB 11714, and of its check characters back.
_SUBJECT: Final = np.array([int(each, 36) for each in credit.ALPHABET] + [0] * 225, np.uint8)
_CHECKS: Final = np.array([_VALUES[each] for each in credit.SUBJECT_CHECKS], np.uint8)


def faults_of(texts: pa.Array, kinds: Collection[str] | None = None) -> pa.UInt8Array:
    """The fault of each value by its place in ``credit.FAULTS`` from 1; 0: none."""
    admitted = None
    if kinds is not None:
        admitted = np.zeros(1_024, bool)
        admitted[[_VALUES[kind[0]] * 32 + _VALUES[kind[1]] for kind in kinds]] = True

    def judge(places: Numbers) -> Numbers:
        found = np.zeros(places.shape[1], np.uint8)
        if admitted is not None:
            kind = (places[0].astype(np.uint16) << 5) + places[1]
            found[~admitted.take(np.minimum(kind, 1_023))] = _KIND
        total = weighted(places, (*credit.WEIGHTS, 1))
        found[remainder(total, 31) != 0] = _CHECK
        found[np.maximum.reduce(places[2:8], axis=0) > 9] = _DIVISION
        return found

    return faults(texts, 18, _TABLE, judge, length=_LENGTH, character=_CHARACTER)


def inner_mismatches(texts: pa.Array) -> pa.BooleanArray:
    """Of valid codes, which carry an inner check character (GB 11714) that does not fit; what is
    no valid code says False, null stays null.
    """
    texts = plain(texts)
    valid = np.asarray(faults_of(texts).fill_null(1)) == 0
    fits, data = of_size(texts, byte_sizes(texts), 18)
    differs = np.zeros(len(data) // 18, bool)
    for where, places in blocks(data, 18, _TABLE):
        total = weighted(_SUBJECT.take(places[8:16]), credit.SUBJECT_WEIGHTS)
        expected = _CHECKS.take((11 - remainder(total, 11)) % 11)
        differs[where] = expected != places[16]
    found = np.zeros(len(texts), bool)
    found[slice(None) if fits is None else fits] = differs
    nulls = np.asarray(texts.is_null()) if texts.null_count else None
    return pa.array(found & valid, pa.bool_(), mask=nulls)
