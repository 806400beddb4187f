"""So much a minute, so many at once: counters in the memory of one process, for any thread.

Rates are counted by the generic cell rate algorithm (GCRA): one number for each key, the moment at
which its quota is whole again. Whoever was quiet may use all of it in a burst.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

WINDOW_SECONDS: Final = 60.0
#: When so many keys are kept, those whose quota is whole are forgotten.
_MOST_KEYS: Final = 10_000
#: Less than this is a slip of floating point.
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a quota; seconds until it is whole again; seconds until what was asked for
    would be admitted, 0 when it was.
    """

    left: int
    whole_in: float
    wait: float


class Rate:
    """``quota`` a minute for each key."""

    def __init__(self, quota: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.quota, self._clock = quota, clock
        self._each = WINDOW_SECONDS / quota
        self._whole_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, key: str, cost: int = 1) -> Standing:
        """Count ``cost`` unless it is too much: then ``wait`` says when it would not be.

        With no cost: whether there is no debt.
        """
        return self._taken(key, cost, on_credit=False)

    def owe(self, key: str, cost: int) -> Standing:
        """Count what has been had already, however much it was: whoever comes next waits for it."""
        return self._taken(key, cost, on_credit=True)

    def _taken(self, key: str, cost: int, *, on_credit: bool) -> Standing:
        now = self._clock()
        with self._lock:
            before = max(now, self._whole_at.get(key, now))
            after = before + cost * self._each
            wait = max(0.0, after - now - WINDOW_SECONDS)
            if wait > _NOTHING and not on_credit:
                after = before
            elif cost:
                self._keep(key, after, now)
        left = int((WINDOW_SECONDS - (after - now)) / self._each + _NOTHING)
        return Standing(max(0, left), after - now, wait if wait > _NOTHING else 0.0)

    def _keep(self, key: str, whole_at: float, now: float) -> None:
        if len(self._whole_at) >= _MOST_KEYS and key not in self._whole_at:
            self._whole_at = {name: at for name, at in self._whole_at.items() if at > now}
        self._whole_at[key] = whole_at


class Running:
    """``most`` at once for each key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._running: dict[str, int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def one(self, key: str, refusal: Callable[[], Exception]) -> Iterator[None]:
        with self._lock:
            if self._running.get(key, 0) >= self.most:
                raise refusal()
            self._running[key] = self._running.get(key, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                self._running[key] -= 1
                if not self._running[key]:
                    del self._running[key]
