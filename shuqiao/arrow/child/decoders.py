"""The service's side of the zygote (``zygote.py``): who may decode now, and what forks the decoder.

A decoder is a fresh process for each file. Starting Python and importing Arrow for it takes 230 ms,
a fork of a process that has done so takes a few. That process, the zygote, is a program of its own
and no fork of the service: it has never had our memory, our descriptors or our environment. One is
replaced after some files, since all its decoders share the same addresses; one that died is
replaced at the next order.
"""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from shuqiao.arrow.child.places import Places
from shuqiao.arrow.refusals import DecodersBusy
from shuqiao.home import folder
from shuqiao.settings import settings

#: A zygote is replaced after so many orders, or at the first order after so many seconds.
ORDERS_OF_ONE: Final = 200
SECONDS_OF_ONE: Final = 600.0
#: Longest wait for its answer. It takes milliseconds; the first waits until all is imported.
_ANSWER_SECONDS: Final = 60.0
#: All that it sees of our environment: where programs and libraries are, no setting, no secret.
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_LAST_WORDS: Final = 2_000
log = structlog.get_logger("decoders")


class ZygoteLost(Exception):
    """The zygote is gone, or out of step with us."""


class Zygote:
    """One zygote and the socket to it, safe from any thread: one exchange at a time."""

    def __init__(self) -> None:
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._link.settimeout(_ANSWER_SECONDS)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "shuqiao.arrow.child.zygote", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                env=_environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._turn = threading.Lock()
        self._is_lost = False
        self._started = time.monotonic()
        self.orders = 0
        self.users = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_worn(self) -> bool:
        return self.orders >= ORDERS_OF_ONE or time.monotonic() - self._started >= SECONDS_OF_ONE

    def is_gone(self) -> bool:
        return self._is_lost or self._process.poll() is not None

    def decode(self, folder: Path, wall_seconds: float) -> int | None:
        """Carry out the order in ``folder``; the exit status, None when it took too long.

        Whatever the decoder left running is dead then. Raises ``ZygoteLost``, ``DecodersBusy``.
        """
        pid, handle = self._begin(folder)
        in_time = False
        try:
            in_time = _has_ended(handle, wall_seconds)
        finally:
            if not in_time:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
                _has_ended(handle, _ANSWER_SECONDS)
            os.close(handle)
            status = self._end(pid)
        return status if in_time else None

    def hang_up(self) -> None:
        """Tell it to end, with the decoders that still run."""
        with suppress(OSError):  # it is gone already
            self._link.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it once nobody uses it any more. If it failed, its last words go to the log."""
        assert self._process.stderr is not None
        self.hang_up()
        try:
            status = self._process.wait(_ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        with self._link, self._process.stderr as stderr:
            os.set_blocking(stderr.fileno(), False)
            if status:
                words = (stderr.read() or b"").decode("utf-8", "replace")
                log.warning("zygote_died", status=status, stderr=words[-_LAST_WORDS:])

    def _begin(self, folder: Path) -> tuple[int, int]:
        with self._exchange():
            self._link.send(b"begin " + os.fsencode(folder))
            said, handles, _flags, _address = socket.recv_fds(
                self._link, 32, 1, socket.MSG_CMSG_CLOEXEC
            )
            pid = int(said or b"-1")
            if pid > 0 and handles:
                return pid, handles[0]
            if pid < 0:
                raise ConnectionResetError
        raise DecodersBusy

    def _end(self, pid: int) -> int:
        with self._exchange():
            self._link.send(b"end %d" % pid)
            if said := self._link.recv(32):
                return int(said)
            raise ConnectionResetError

    @contextmanager
    def _exchange(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except (
                BaseException
            ) as error:  # its answer, coming late, would be taken for that of the next question
                self._is_lost = True
                self._process.kill()
                if isinstance(error, OSError):
                    raise ZygoteLost from error
                raise


class Decoders:
    """The way to the places for decoding, and the zygote of new orders; for any thread."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._lock = threading.Lock()
        self._current: Zygote | None = None

    def warm(self) -> None:
        """Start the zygote, so that the first order finds it ready. Does not wait."""
        with self._lock:
            if self._current is None:
                self._renew()

    @contextmanager
    def zygote(self) -> Iterator[Zygote]:
        """The zygote for one order. A worn one is ended after the last order it took."""
        zygote = self._taken()
        try:
            yield zygote
        finally:
            with self._lock:
                zygote.users -= 1
                is_over = zygote is not self._current and not zygote.users
            if is_over:
                zygote.close()

    def close(self) -> None:
        """End the zygote; orders that still run are lost, and the last of them closes it."""
        with self._lock:
            zygote, self._current = self._current, None
            if zygote is not None:
                (zygote.hang_up if zygote.users else zygote.close)()

    def _taken(self) -> Zygote:
        with self._lock:
            zygote = self._current
            if zygote is None or zygote.is_gone():
                zygote = self._renew()
            zygote.orders += 1
            zygote.users += 1
            if zygote.is_worn():
                self._renew()  # so that the next order need not wait for it
            return zygote

    def _renew(self) -> Zygote:
        before, self._current = self._current, Zygote()
        if before is not None and not before.users:
            before.close()
        return self._current


_made: Final[dict[int, Decoders]] = {}
_making: Final = threading.Lock()


def decoders() -> Decoders:
    """Those of this process; a fork of it gets its own, never the socket of its parent."""
    with _making:
        if os.getpid() not in _made:
            chosen = settings()
            places = Places(folder("decoders"), chosen.decoder_places, chosen.decoder_queue)
            _made[os.getpid()] = Decoders(places)
        return _made[os.getpid()]


@atexit.register
def _close() -> None:
    if own := _made.get(os.getpid()):
        own.close()


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One thread and the plain allocator, large blocks given back at once: address space is what the
    # limit counts, and arenas, mimalloc's reservations and glibc's growing threshold would spend it
    # on nothing. jemalloc, loaded though not used, would start a thread; a fork wants one only.
    quiet = {
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "262144",
        "MALLOC_TRIM_THRESHOLD_": "1048576",
    }
    return {**passed, **quiet, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}


def _has_ended(handle: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(seconds * 1_000))
