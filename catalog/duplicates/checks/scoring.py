"""One score of all signals, and the best elements of each item.

The weights were set by logistic regression on two thirds of the labelled pairs, those of the values
(``kind``, ``prefix``, ``domain``, ``overlap``) by hand before: what a column holds is enough by
itself (docs/decisions/2026-11-30-duplicates.md).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from catalog.duplicates.checks.asked import Item
from catalog.duplicates.checks.postings import Matrix
from catalog.duplicates.checks.signals import Standards

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "name": 3.9,
        "cover": 4.3,
        "definition": 3.1,
        "letters": 3.1,
        "english": 1.0,
        "type": -1.2,
        "kind": 5.0,
        "other": -1.2,
        "prefix": 9.0,
        "domain": 5.0,
        "outside": -1.4,
        "overlap": 5.0,
    }
)
_START: Final = -8.4
#: From this score on an element is proposed to be bound at once, and an item suspected.
THRESHOLD: Final = 0.5
#: So many elements are proposed for an item, none below the floor.
SHOWN: Final = 3
FLOOR: Final = 0.02
#: Items at once: of 5,000 elements with three names each 15 MB a signal.
_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Scored:
    """An element (``place`` among the standards) for an item (``item``: place among the items)."""

    item: int
    place: int
    score: float
    signals: Mapping[str, float]


def scores(found: Mapping[str, Matrix], without: Collection[str] = ()) -> Matrix:
    """0 … 1 of each item and element. ``without``: signals that are left out, to measure them."""
    total = sum(WEIGHTS[name] * each for name, each in found.items() if name not in without)
    return np.asarray(1 / (1 + np.exp(-(total + np.float32(_START)))), np.float32)


def best(
    standards: Standards,
    items: Sequence[Item],
    *,
    floor: float = FLOOR,
    without: Collection[str] = (),
) -> Iterator[Scored]:
    """The best elements of each item, items in their order, the best first."""
    if not standards.standards:
        return
    for start in range(0, len(items), _AT_ONCE):
        part = items[start : start + _AT_ONCE]
        found = standards.signals(part)
        rated = scores(found, without)
        places = _highest(rated)
        for row, chosen in enumerate(places):
            for place in chosen:
                score = float(rated[row, place])
                if score >= floor:
                    told = {name: float(each[row, place]) for name, each in found.items()}
                    yield Scored(start + row, int(place), score, told)


def _highest(rated: Matrix) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    kept = min(SHOWN, rated.shape[1])
    places = np.argpartition(-rated, kept - 1, axis=1)[:, :kept]
    order = np.argsort(-np.take_along_axis(rated, places, 1), axis=1, kind="stable")
    return np.take_along_axis(places, order, 1)
