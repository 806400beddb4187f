"""Whether what an item holds can be what an element holds."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from catalog.duplicates.checks.postings import Matrix
from catalog.elements.words import DataType

_T = DataType
_TEXT, _NUMBER, _TIME, _LOGICAL = range(4)
FAMILIES: Final = {
    **dict.fromkeys((_T.TEXT, _T.MEMO, _T.GENERAL), _TEXT),
    **dict.fromkeys((_T.NUMBER, _T.MONEY, _T.DOUBLE, _T.INTEGER, _T.FLOAT), _NUMBER),
    **dict.fromkeys((_T.DATE, _T.DATETIME), _TIME),
    _T.LOGICAL: _LOGICAL,
}
#: How much stands against it, items × elements by family: codes and days are often kept as texts or
#: numbers.
_AGAINST: Final = np.array(
    [
        [0.0, 0.5, 0.5, 0.7],
        [0.4, 0.0, 0.8, 0.8],
        [0.8, 1.0, 0.0, 1.0],
        [0.6, 1.0, 1.0, 0.0],
    ],
    np.float32,
)


def against(items: Sequence[DataType], elements: Sequence[DataType]) -> Matrix:
    """0: the same family of types … 1: neither can hold what the other does."""
    rows = [FAMILIES[each] for each in items]
    columns = [FAMILIES[each] for each in elements]
    return np.asarray(_AGAINST[np.ix_(rows, columns)], np.float32)
