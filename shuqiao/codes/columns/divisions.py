"""Columns of division codes."""

import numpy as np
import pyarrow as pa

from shuqiao.codes.columns.judging import Masks, Numbers, faults

_LENGTH, _CHARACTER, _RANK = range(1, 4)


def faults_of(texts: pa.Array) -> pa.UInt8Array:
    """The fault of each value by its place in ``divisions.FAULTS`` from 1; 0: none."""
    return faults(texts, 6, None, _judge, length=_LENGTH, character=_CHARACTER)


def are_no_divisions(places: Numbers) -> Masks:
    """Which of six digits each say no province, or a county of no prefecture."""
    prefecture, county = places[2] | places[3], places[4] | places[5]
    return np.asarray((places[0] == 0) | (prefecture == 0) & (county != 0))


def _judge(places: Numbers) -> Numbers:
    found = np.where(are_no_divisions(places), np.uint8(_RANK), np.uint8(0))
    found[np.maximum.reduce(places, axis=0) > 9] = _CHARACTER
    return found
