"""Numbers of a stream that were seen, as runs: an honest stream is one, whatever its length."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import Final

#: Numbers that a problem names; more are dots.
_NAMED: Final = 5


class Runs:
    """Whole numbers as ``first, last, first, last …``, ascending."""

    __slots__ = ("doubled", "ends")

    def __init__(self) -> None:
        self.ends: list[int] = []
        #: The first numbers that were given twice.
        self.doubled: list[int] = []

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self.ends) // 2

    def add(self, number: int) -> None:
        ends, place = self.ends, bisect_right(self.ends, number)
        if place % 2 or (place and ends[place - 1] == number):
            self.doubled += [number] if len(self.doubled) <= _NAMED else []
            return
        follows = place > 0 and ends[place - 1] == number - 1
        precedes = place < len(ends) and ends[place] == number + 1
        if follows and precedes:
            del ends[place - 1 : place + 1]
        elif follows:
            ends[place - 1] = number
        elif precedes:
            ends[place] = number
        else:
            ends[place:place] = (number, number)

    def gone(self, head: int) -> Iterator[int]:
        """Numbers from 1 to ``head`` that are not there."""
        following = 1
        for first, last in zip(self.ends[::2], self.ends[1::2], strict=True):
            yield from range(following, min(first, head + 1))
            following = max(following, last + 1)
        yield from range(following, head + 1)

    def beyond(self, head: int) -> Iterator[int]:
        """Numbers that are there and do not lie between 1 and ``head``."""
        for first, last in zip(self.ends[::2], self.ends[1::2], strict=True):
            yield from range(first, min(last, 0) + 1)
            yield from range(max(first, head + 1, 1), last + 1)


def named(numbers: Iterator[int]) -> str:
    """The first of ``numbers`` in words; empty when there is none."""
    some = list(islice(numbers, _NAMED + 1))
    return ", ".join(map(str, some[:_NAMED])) + (" …" if len(some) > _NAMED else "")
