"""Connections of a process: how they are opened, how one that was lost is noticed, and how the
deadline of a request reaches the pool and the server.
"""

import math
import select
import threading
import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from weakref import WeakSet

from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.util.queue import Queue

from shuqiao import deadline, meters, tracing
from shuqiao.settings import settings

#: A pooled connection that was not used for so long is asked whether it is still there: a wall on
#: the way may have forgotten it without a word.
ASKED_AFTER_SECONDS: Final = 5.0
#: Within a transaction the server is told again what is left once that is so much less than what it
#: was told: a statement may then overrun the deadline by this.
_TOLERANCE_SECONDS: Final = 0.1
#: A wait for a lock ends so much before its statement would: what was waited for is then told.
_FIRST_SECONDS: Final = 0.02
_TOLD: Final = "told_seconds"
#: A server that vanished without a word is noticed in seconds, not in two hours.
_ALIVE: Final = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3}


class _Queue(Queue[ConnectionPoolEntry]):
    """Waits for a free connection no longer than the request may."""

    def get(self, block: bool = True, timeout: float | None = None) -> ConnectionPoolEntry:
        return super().get(block, None if timeout is None else deadline.left(timeout))


class Pool(QueuePool):
    """Known to :func:`standing` for as long as somebody has it, and after a reset its successor."""

    _queue_class = _Queue

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name: str = getattr(self, "logging_name", None) or "unnamed"
        self._seconds = meters.CONNECTION_SECONDS.labels(self.name)
        with _KNOWING:
            _KNOWN.add(self)

    def _do_get(self) -> ConnectionPoolEntry:
        with self._seconds.time():
            return super()._do_get()


#: Every pool of the process.
_KNOWN: Final[WeakSet[Pool]] = WeakSet()
_KNOWING: Final = threading.Lock()


def standing() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """By name of the pool: how many connections it may have, and how many are in use now."""
    with _KNOWING:
        pools = list(_KNOWN)
    in_use = Counter({pool.name: 0 for pool in pools})
    for pool in pools:
        in_use[pool.name] += pool.checkedout()
    return {pool.name: pool.size() for pool in pools}, in_use


def opened(
    url: str | URL,
    name: str,
    *,
    size: int,
    statement_ms: int,
    lock_ms: int,
) -> Engine:
    """At most ``size`` connections, opened as they are needed.

    ``jobs`` is on the path because the queue's functions are unqualified.
    """
    options = (
        f"-c search_path=public,jobs -c statement_timeout={statement_ms} -c lock_timeout={lock_ms}"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    )
    made = create_engine(
        url,
        poolclass=Pool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=settings().db_pool_timeout_seconds,
        pool_logging_name=name,
        hide_parameters=True,  # a traceback must not show values
        connect_args={
            "options": options,
            "connect_timeout": 2,  # the least that the driver takes
            "tcp_user_timeout": statement_ms,
            "application_name": name,
            **_ALIVE,
        },
    )
    limits = _Limits(statement_ms / 1_000, lock_ms / 1_000)
    event.listen(made, "begin", limits.begin)
    event.listen(made, "before_cursor_execute", limits.keep)
    event.listen(made, "commit", limits.keep)
    event.listen(made, "rollback_savepoint", _forget)
    event.listen(made, "checkin", _note_time)
    event.listen(made, "checkout", partial(_check_life, made.dialect))
    tracing.follow(made)
    return made


class _Limits:
    """Tells the server of each transaction of a request how long it may still take.

    Transactions outside a request have the limits of their connection.
    """

    def __init__(self, statement: float, lock: float) -> None:
        self._statement, self._lock = statement, lock

    def begin(self, connection: Connection) -> None:
        """Begin it ourselves, in the driver's own words and in one message with the limits."""
        raw: Any = connection.connection.driver_connection
        if deadline.current() is None or raw.pgconn.transaction_status != TransactionStatus.IDLE:
            return
        words = b"BEGIN READ ONLY" if raw.read_only else b"BEGIN"
        self._tell(connection, raw, deadline.left(self._statement), words + b"; ")

    def keep(self, connection: Connection, *_statement: Any) -> None:
        """Before each statement and the commit. Raises ``DeadlinePassed``."""
        if deadline.current() is None:
            return
        raw: Any = connection.connection.driver_connection
        if raw.pgconn.transaction_status != TransactionStatus.INTRANS:
            return  # what failed can only be rolled back, whatever the time
        left = deadline.left(self._statement)
        if left <= 0:
            raise deadline.DeadlinePassed
        told = connection.info.get(_TOLD, math.inf)
        if told > left + _TOLERANCE_SECONDS or told < left - _TOLERANCE_SECONDS:
            self._tell(connection, raw, left)

    def _tell(self, connection: Connection, raw: Any, left: float, first: bytes = b"") -> None:
        """A message that fails is not looked at: the statement after it fails of the same."""
        statement, lock = (
            max(1, int(seconds * 1_000))
            for seconds in (left, min(left - _FIRST_SECONDS, self._lock))
        )
        words = b"SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d"
        raw.pgconn.exec_(first + words % (statement, lock))
        connection.info[_TOLD] = left


def _forget(connection: Connection, *_savepoint: Any) -> None:
    """What was told within a savepoint went with it."""
    connection.info.pop(_TOLD, None)


def _note_time(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["given_back_at"] = time.monotonic()


def _check_life(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: Any
) -> None:
    """A connection that was lost in the pool is opened again, and with it all others.

    Its socket says without a message whether the server has closed it; only one that lay unused for
    some time, or has something to say, is asked.
    """
    idle = time.monotonic() - record.info.get("given_back_at", math.inf)
    try:
        if idle > ASKED_AFTER_SECONDS or _has_word(connection.fileno()):
            dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        raise InvalidatePoolError from None


def _has_word(socket: int) -> bool:
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))
