"""Which values are codes of which value domain, and which columns hold the same values: keyed
digests of all at once.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from catalog.duplicates.checks.postings import Matrix, Numbers, spread
from catalog.duplicates.fields import ColumnProfile, Digests

#: A list that shares all its codes with so many others says little: ``1``, ``2``, ``9``.
_COMMON: Final = 0.5


class Lists:
    """Lists of digests – codes of domains, sketches of columns –, of each digest who has it."""

    def __init__(self, lists: Sequence[Digests]) -> None:
        self.count = len(lists)
        whole = np.concatenate([*lists, np.zeros(0, np.uint64)])
        owners = np.repeat(np.arange(self.count), [len(each) for each in lists])
        order = np.argsort(whole, kind="stable")
        self._known, begins = np.unique(whole[order], return_index=True)
        self._owners: Numbers = owners[order]
        self._starts: Numbers = np.concatenate((begins, [len(whole)])).astype(np.int64)
        self.sizes = np.array([max(1, len(each)) for each in lists], np.float32)

    def shares(self, profiles: Sequence[ColumnProfile]) -> tuple[Matrix, Matrix]:
        """Of each profile and each list the share of the sketched rows whose value it has, profiles
        × lists; and the same where a value counts the less the more lists have it.
        """
        rows, found, weights = self._known_of(profiles)
        sizes = self._starts[found + 1] - self._starts[found]
        cells = np.repeat(rows * self.count, sizes) + self._owners[spread(self._starts, found)]
        telling = weights / np.maximum(1, sizes) ** _COMMON
        plain = np.bincount(cells, np.repeat(weights, sizes), len(profiles) * self.count)
        weighed = np.bincount(cells, np.repeat(telling, sizes), len(profiles) * self.count)
        shape = len(profiles), self.count
        return plain.reshape(shape).astype(np.float32), weighed.reshape(shape).astype(np.float32)

    def _known_of(
        self, profiles: Sequence[ColumnProfile]
    ) -> tuple[Numbers, Numbers, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """Row, place among the known digests, and share of the row's values; of those known."""
        digests = np.concatenate([*(each.digests for each in profiles), np.zeros(0, np.uint64)])
        rows = np.repeat(np.arange(len(profiles)), [len(each.digests) for each in profiles])
        shares = np.concatenate(
            [*(each.counts / max(1, each.counts.sum()) for each in profiles), np.zeros(0)]
        )
        places = np.searchsorted(self._known, digests)
        is_known = places < len(self._known)
        is_known[is_known] = self._known[places[is_known]] == digests[is_known]
        return rows[is_known], places[is_known], shares[is_known]
