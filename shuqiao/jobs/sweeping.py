"""Who runs the sweeps: the one worker that holds an advisory lock, for as long as it lives."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from shuqiao import installation
from shuqiao.db import connection_apart
from shuqiao.jobs.failures import describe
from shuqiao.jobs.sweeps import AGAIN_SECONDS, Sweep, due, know_all, run
from shuqiao.settings import settings

log = structlog.get_logger(__name__)

#: A number that no other lock of the database bears.
_LEAD: Final = text("SELECT pg_try_advisory_lock(7352641998)")
_LET_GO: Final = text("SELECT pg_advisory_unlock(7352641998)")
#: A leader that vanished without a word keeps the others from leading for some seconds only.
_ALIVE: Final = text(
    "SELECT set_config('tcp_keepalives_' || name, value, false)"
    " FROM (VALUES ('idle', '3'), ('interval', '2'), ('count', '3')) AS t (name, value)"
)


class Sweeper:
    """The part of one worker: it leads, or asks at each beat whether nobody else does.

    Sweeps that run often are run by its own thread, the others one after the other beside it: the
    longest of them keeps no lost transfer waiting.
    """

    def __init__(self, beat_seconds: float) -> None:
        self._beat = beat_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._live, name="sweeps", daemon=True)
        self._long: threading.Thread | None = None
        self._ran: dict[str, float] = {}
        self._noted: dict[str, float] = {}

    def start(self) -> None:
        self._thread.start()

    def begin_no_more(self) -> None:
        self._stop.set()

    def stop(self, seconds: float) -> None:
        """Let what runs end within ``seconds``; what does not is begun again by the next leader."""
        end = time.monotonic() + seconds
        self.begin_no_more()
        for each in (self._thread, self._long):
            if each is not None:
                each.join(max(0.0, end - time.monotonic()))

    def _live(self) -> None:
        while not self._stop.is_set():
            try:
                with _connection() as connection:
                    while not self._stop.is_set():
                        if not installation.refusal() and connection.execute(_LEAD).scalar_one():
                            self._lead(connection)
                        self._stop.wait(self._beat)
            except Exception as lost:  # of the database as a rule: on with another connection
                log.warning("sweeps_lost_database", error=describe(lost)[1])
            self._stop.wait(self._beat)

    def _lead(self, connection: Connection) -> None:
        log.info("leads_sweeps")
        know_all(connection)
        while not self._stop.is_set():
            if installation.refusal():  # another worker's clock, home and keys may be right
                connection.execute(_LET_GO)
                return
            self._run(due(connection))
            self._stop.wait(self._beat)

    def _run(self, waiting: Sequence[Sweep]) -> None:
        for each in waiting:
            if self._stop.is_set():
                return
            if each.is_frequent:
                self._run_often(each)
            elif self._long is None or not self._long.is_alive():
                self._long = threading.Thread(
                    target=_until_noted, args=[each], name="sweep", daemon=True
                )
                self._long.start()

    def _run_often(self, each: Sweep) -> None:
        """A run that ends as the one before is noted once in ``AGAIN_SECONDS``."""
        now = time.monotonic()
        if now - self._ran.get(each.name, float("-inf")) < each.seconds - self._beat / 2:
            return
        self._ran[each.name] = now
        is_noted = now - self._noted.get(each.name, float("-inf")) >= AGAIN_SECONDS
        if not _until_noted(each, is_noted=is_noted):
            self._noted.pop(each.name, None)
        elif is_noted:
            self._noted[each.name] = now


def _until_noted(each: Sweep, *, is_noted: bool = True) -> bool:
    """Whether it succeeded; what the database would not note is due again."""
    try:
        return run(each, is_noted=is_noted)
    except SQLAlchemyError as lost:
        log.warning("sweep_not_noted", task=each.name, error=describe(lost)[1])
        return False


@contextmanager
def _connection() -> Iterator[Connection]:
    """One apart from the pool, which holds the lock for as long as it is open."""
    limits = settings()
    engine = connection_apart(
        "shuqiao-sweeps", statement_ms=limits.statement_timeout_ms, lock_ms=limits.lock_timeout_ms
    )
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(_ALIVE)
            yield connection
    finally:
        engine.dispose()
