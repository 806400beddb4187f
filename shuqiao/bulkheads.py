"""Places for work that can take long, so that it never has all threads of a process: so many at
once, so many who wait before them, and nobody longer than said. Who finds even the waiting places
taken is refused at once and holds nothing.

Counted in this process only; for any thread, of any loop.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final


class Places:
    """``busy`` makes what is raised when there is no place in time."""

    def __init__(self, at_once: int, waiting: int, busy: Callable[[], Exception]) -> None:
        self._free = threading.Semaphore(at_once)
        self._counting = threading.Lock()
        self._waiting, self._most, self._busy = 0, waiting, busy

    @contextmanager
    def place(self, wait_seconds: float | None) -> Iterator[None]:
        """Hold one; None waits for ever and is not counted: for jobs, which have threads of their
        own.
        """
        if wait_seconds is None:
            self._free.acquire()
        elif not self._free.acquire(blocking=False):
            self._wait(wait_seconds)
        try:
            yield
        finally:
            self._free.release()

    def _wait(self, seconds: float) -> None:
        with self._counting:
            if self._waiting >= self._most:
                raise self._busy()
            self._waiting += 1
        try:
            if not self._free.acquire(timeout=seconds):
                raise self._busy()
        finally:
            with self._counting:
                self._waiting -= 1


class PlacesByKey:
    """Places of each of many owners, of which none can take those of another; ``most`` in all, who
    wait counted in.
    """

    def __init__(
        self, most: int, at_once: int, waiting: int, busy: Callable[[], Exception]
    ) -> None:
        self._all: Final = Places(most, 0, busy)
        self._limits = (at_once, waiting, busy)
        self._of: dict[str, Places] = {}
        self._making = threading.Lock()

    @contextmanager
    def place(self, key: str, wait_seconds: float) -> Iterator[None]:
        with self._making:
            own = self._of.setdefault(key, Places(*self._limits))
        with self._all.place(0), own.place(wait_seconds):
            yield
