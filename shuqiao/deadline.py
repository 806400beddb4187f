"""One deadline for all that a request waits for here: a connection, locks, statements, the writing
of its refusal. So waits do not add up.

It is set at the door (``server/process/context.py``) and asked wherever something is waited for.
The peer's own time does not count: each piece of a body that arrives begins it anew. Long work that
is meant to be long has a limit of its own (:func:`apart`), after which the request's runs on where
it stood. Outside a request (jobs, commands, running streams) there is none, only the limits of each
wait.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shuqiao.errors import Unavailable
from shuqiao.i18n import _


class DeadlinePassed(Unavailable):
    """The time of the request is over; what it did so far is taken back."""

    code = "deadline_passed"
    title = _("This took longer than a request may wait, so nothing was done")


class Deadline:
    """The moment, by the monotonic clock, until which one request may wait; moved, never copied,
    so that all threads of the request see the same.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """What was waited for was the peer."""
        self._at = time.monotonic() + self._seconds

    def left(self) -> float:
        """Seconds, at least 0."""
        return max(0.0, self._at - time.monotonic())

    @contextmanager
    def apart(self, seconds: float) -> Iterator[None]:
        """Within the block so many seconds; after it what was left before."""
        before = self.left()
        self._at = time.monotonic() + seconds
        try:
            yield
        finally:
            self._at = time.monotonic() + before


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def begun(seconds: float) -> Iterator[Deadline]:
    """A request that may wait so long in all."""
    deadline = Deadline(seconds)
    token = _current.set(deadline)
    try:
        yield deadline
    finally:
        _current.reset(token)


@contextmanager
def lifted() -> Iterator[None]:
    """What runs on after the answer began, with limits of its own: a stream."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Deadline | None:
    return _current.get()


def left(most: float) -> float:
    """Seconds that may be waited now: ``most``, or what the request has left of its time."""
    deadline = _current.get()
    return most if deadline is None else min(most, deadline.left())


@contextmanager
def apart(seconds: float) -> Iterator[None]:
    """Work with a limit of its own, that its caller keeps: here it only frees the request from
    its deadline for at most ``seconds``.
    """
    deadline = _current.get()
    if deadline is None:
        yield
        return
    with deadline.apart(seconds):
        yield
