"""The lives of an entry of the negative list and of a contest of its basis, one table each."""

from catalog.negative.lifecycle.contests import CONTESTS
from catalog.negative.lifecycle.entries import ENTRIES

__all__ = ["CONTESTS", "ENTRIES"]
