"""The places for decoding (解码席位) of this machine, shared by all processes of an installation.

A place is a locked file below the home: the kernel lets go of it when its process dies. So control
role, worker and further replicas on a home together never have more decoders than there are places,
and never more memory than there is for all of them, each decoder being held to its part. A process
has one queue: whoever is first in it looks for a free place, and those behind wait for their turn.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from shuqiao import meters
from shuqiao.arrow.refusals import CallerGone, DecodersBusy

#: How often the first of the queue looks for a free place, and whether its caller is still there.
_LOOK_SECONDS: Final = 0.02
_KIND: Final = "decoder"


class Places:
    """``count`` places below ``folder``; at most ``queue`` people of this process wait for one."""

    def __init__(self, folder: Path, count: int, queue: int) -> None:
        self._files = [folder / f"place-{number}" for number in range(1, count + 1)]
        self._limit = queue
        self._waiting: deque[object] = deque()
        self._people = 0
        self._moved = threading.Condition()
        meters.PLACES.labels(_KIND).set(count)

    @contextmanager
    def hold(
        self, wait_seconds: float | None, is_gone: Callable[[], bool] = lambda: False
    ) -> Iterator[None]:
        """Hold one place.

        A person waits for at most ``wait_seconds``, and only while they are there; a job (None)
        waits for its turn, and leaves the first of several places to people. Raises
        ``DecodersBusy`` when the queue is full or the time is over, ``CallerGone``.
        """
        until = None if wait_seconds is None else time.monotonic() + wait_seconds
        ticket = self._queued(is_person=until is not None)
        try:
            with meters.PLACES_WAITING.labels(_KIND).track_inprogress():
                descriptor = self._found(ticket, until, is_gone)
        finally:
            self._leave(ticket, is_person=until is not None)
        try:
            with meters.PLACES_TAKEN.labels(_KIND).track_inprogress():
                yield
        finally:
            os.close(descriptor)

    def waiting(self) -> int:
        """How many of this process wait now."""
        return len(self._waiting)

    def _queued(self, *, is_person: bool) -> object:
        ticket = object()
        with self._moved:
            if is_person and self._people >= self._limit:
                raise DecodersBusy
            self._people += is_person
            if is_person:  # before every job, behind every person
                self._waiting.insert(self._people - 1, ticket)
            else:
                self._waiting.append(ticket)
        return ticket

    def _leave(self, ticket: object, *, is_person: bool) -> None:
        with self._moved:
            self._waiting.remove(ticket)
            self._people -= is_person
            self._moved.notify_all()

    def _found(self, ticket: object, until: float | None, is_gone: Callable[[], bool]) -> int:
        files = self._files[1:] if until is None and len(self._files) > 1 else self._files
        while True:
            if self._is_next(ticket, is_job=until is None):
                for path in files:
                    if (descriptor := _locked(path)) is not None:
                        return descriptor
            if until is not None and time.monotonic() >= until:
                raise DecodersBusy
            if is_gone():
                raise CallerGone
            with self._moved:
                self._moved.wait(_LOOK_SECONDS)

    def _is_next(self, ticket: object, *, is_job: bool) -> bool:
        """People come one after the other; a job looks for its own places beside them."""
        with self._moved:
            first = self._waiting[self._people] if is_job else self._waiting[0]
            return ticket is first


def _locked(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
