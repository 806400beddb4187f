"""Threads of one kind of work, apart from those that all other requests share: it goes on when
those all wait, and never takes one of theirs.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, move_on_after, to_thread
from anyio.lowlevel import RunVar

from shuqiao import deadline
from shuqiao.errors import Unavailable
from shuqiao.i18n import _

P = ParamSpec("P")
T = TypeVar("T")
#: What pages and endpoints share for all that is not listed elsewhere.
SHARED: Final = 40
_ENDLESS: Final = 3_600.0
_UNCOUNTED: Final[RunVar[CapacityLimiter]] = RunVar("uncounted threads")


class ThreadsBusy(Unavailable):
    code, title = "busy", _("Too many requests of this kind are being worked on at this moment")


class Threads:
    """``at_once`` of them in each event loop."""

    def __init__(self, name: str, at_once: int) -> None:
        self._at_once = at_once
        self._limiter: RunVar[CapacityLimiter] = RunVar(f"threads of {name}")

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``call`` gives. Raises ``ThreadsBusy`` when no thread is free in the time of the
        request.
        """
        limiter, borrower = self._limiter_here(), object()
        with move_on_after(deadline.left(_ENDLESS)) as waiting:
            await limiter.acquire_on_behalf_of(borrower)
        if waiting.cancelled_caught:
            raise ThreadsBusy
        try:
            return await to_thread.run_sync(partial(call, *args, **kwargs), limiter=_free())
        finally:
            limiter.release_on_behalf_of(borrower)

    def _limiter_here(self) -> CapacityLimiter:
        return _in_this_loop(self._limiter, self._at_once)


def _in_this_loop(variable: RunVar[CapacityLimiter], at_once: float) -> CapacityLimiter:
    try:
        return variable.get()
    except LookupError:
        limiter = CapacityLimiter(at_once)
        variable.set(limiter)
        return limiter


def _free() -> CapacityLimiter:
    """Counts nothing: who runs has a place already."""
    return _in_this_loop(_UNCOUNTED, math.inf)
