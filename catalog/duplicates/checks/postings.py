"""Which texts share features with which, for many at once: no text is ever compared with another
one in Python.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]
_UNKNOWN: Final = -1


def _alike(_feature: str) -> float:
    return 1.0


class Postings:
    """Texts as bags of features: of each feature the texts that have it. What few have weighs more
    (its weight is log(1 + texts / texts that have it)).
    """

    def __init__(
        self, bags: Sequence[Iterable[str]], weight: Callable[[str], float] = _alike
    ) -> None:
        self._weight, self.count = weight, len(bags)
        self._numbers: dict[str, int] = {}
        sets = [
            {self._numbers.setdefault(each, len(self._numbers)) for each in bag} for bag in bags
        ]
        owners = np.repeat(np.arange(len(sets)), [len(found) for found in sets])
        features = np.fromiter((each for found in sets for each in found), np.int64)
        order = np.argsort(features, kind="stable")
        self._bags: Numbers = owners[order]
        held = np.bincount(features, minlength=len(self._numbers))
        self._starts: Numbers = np.concatenate(([0], np.cumsum(held)))
        base = np.array([weight(each) for each in self._numbers] or [1.0])
        self._weights = base * np.log1p(self.count / np.maximum(1, held)) if len(held) else base
        self._rare = math.log1p(max(1, self.count))
        #: Of each text the weight of all it has.
        totals = np.bincount(owners, self._weights[features], minlength=self.count)
        self.totals = totals.astype(np.float32)

    def shared(self, bags: Sequence[Iterable[str]]) -> tuple[Matrix, Weights]:
        """Of each of ``bags`` and each text the weight of what they share, bags × texts; and the
        weight of each bag, where what no text has weighs as what one has.
        """
        rows, features, totals = [], [], np.zeros(len(bags))
        for row, bag in enumerate(bags):
            for feature in set(bag):
                number = self._numbers.get(feature, _UNKNOWN)
                if number == _UNKNOWN:
                    totals[row] += self._rare * self._weight(feature)
                    continue
                rows.append(row)
                features.append(number)
                totals[row] += self._weights[number]
        found = self._added(np.array(rows, np.int64), np.array(features, np.int64), len(bags))
        return found, totals.astype(np.float32)

    def _added(self, rows: Numbers, features: Numbers, count: int) -> Matrix:
        sizes = self._starts[features + 1] - self._starts[features]
        cells = np.repeat(rows * self.count, sizes) + self._bags[spread(self._starts, features)]
        weights = np.repeat(self._weights[features], sizes)
        found = np.bincount(cells, weights, minlength=count * self.count)
        return found.reshape(count, self.count).astype(np.float32)


def spread(starts: Numbers, wanted: Numbers) -> Numbers:
    """The places of all that is listed under each of ``wanted``, one list after the other."""
    sizes = starts[wanted + 1] - starts[wanted]
    ends = np.cumsum(sizes)
    inside = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - sizes, sizes)
    return np.asarray(np.repeat(starts[wanted], sizes) + inside, np.int64)


def dice(shared: Matrix, bags: Weights, texts: Weights) -> Matrix:
    """How alike, 0 … 1: twice what is shared of all that both have."""
    both = bags[:, None] + texts[None, :]
    return np.asarray(2 * shared / np.maximum(both, 1e-6), np.float32)


def best_of(found: Matrix, starts: Numbers) -> Matrix:
    """Of several texts of one element the one that fits best: ``starts`` says where each element's
    begin, each has at least one.
    """
    return np.asarray(np.maximum.reduceat(found, starts, axis=1), np.float32)
