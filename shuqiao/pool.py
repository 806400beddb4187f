"""Connections of a process: how they are opened, and how one that was lost is noticed."""

import math
import select
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Dialect, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from shuqiao.settings import settings

#: A pooled connection that was not used for so long is asked whether it is still there: a wall on
#: the way may have forgotten it without a word.
ASKED_AFTER_SECONDS: Final = 5.0


def opened(
    url: str | URL,
    name: str,
    *,
    size: int,
    statement_ms: int,
    lock_ms: int,
    connect: Mapping[str, int] | None = None,
) -> Engine:
    """``jobs`` is on the path because the queue's functions are unqualified."""
    options = (
        f"-c search_path=public,jobs -c statement_timeout={statement_ms} -c lock_timeout={lock_ms}"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    )
    made = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=settings().db_pool_timeout_seconds,
        hide_parameters=True,  # a traceback must not show values
        connect_args={
            "options": options,
            "connect_timeout": 3,
            "application_name": name,
            **(connect or {}),
        },
    )
    event.listen(made, "checkin", _note_time)
    event.listen(made, "checkout", partial(_check_life, made.dialect))
    return made


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
