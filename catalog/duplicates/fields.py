"""What is known of a column without a value of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from shuqiao.codes.rules import CodeKind

#: Keyed digests of values, as numbers of eight bytes.
Digests = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column of ``rows`` values that are there: shares (0 … 1) by kind of code and by number of
    leading digits of division codes, and the smallest keyed digests of its different values, each
    with how many rows have it.
    """

    rows: int = 0
    kinds: Mapping[CodeKind, float] = field(default_factory=lambda: MappingProxyType({}))
    prefixes: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({}))
    digests: Digests = field(default_factory=lambda: np.zeros(0, np.uint64))
    counts: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
