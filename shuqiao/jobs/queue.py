"""What a stage uses: ``@jobs.task(name=…)`` to define work, ``enqueue`` to ask for it, ``every``
for recurring work.
"""

import re
from typing import Any

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from shuqiao.jobs.in_our_transaction import ONCE_A_PERIOD

#: The registry of tasks. Its connector is never opened: enqueuing
#: always borrows the caller's connection.
jobs = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

#: Seconds between two runs of each recurring task, by task name.
_recurring: dict[str, int] = {}

_TASK_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


def enqueue(
    session: Session,
    task_name: str,
    *,
    lock: str | None = None,
    queueing_lock: str | None = None,
    **args: Any,
) -> int | None:
    """Add a job in the caller's transaction; gives its number, or None
    when ``queueing_lock`` already waits.

    ``task_name`` is resolved by the worker, so a lower stage may name a task of a higher one.
    ``args`` must be JSON. Jobs with the same ``lock`` run one after the other. ``queueing_lock``
    drops a job while an equal one still waits; it makes concurrent transactions wait for each
    other, so use it only where steps are rare.
    """
    options: dict[str, Any] = {"lock": lock, "queueing_lock": queueing_lock}
    try:
        # The savepoint keeps the caller's transaction usable after AlreadyEnqueued.
        # It is sent lazily: the raw connection must be taken inside it.
        with session.begin_nested():
            connection = session.connection().connection.driver_connection
            return jobs.configure_task(task_name, connection=connection, **options).defer(**args)
    except AlreadyEnqueued:
        return None
    except ConnectorException as failure:
        raise _database_failure(failure) from failure


def every(seconds: int, task_name: str) -> None:
    """Let the workers enqueue ``task_name`` (no arguments) once per
    period of ``seconds``, whatever their number.
    """
    if not _TASK_NAME.fullmatch(task_name) or seconds < 1:
        raise ValueError(
            f"a recurring task needs a dotted name and a period, not {task_name!r} and {seconds}"
        )
    _recurring[task_name] = seconds


def enqueue_recurring(session: Session) -> list[str]:
    """Enqueue the recurring tasks whose period has begun; the queue's
    own table makes it once per period.
    """
    begun = []
    for name, seconds in sorted(_recurring.items()):
        try:
            with session.begin_nested():
                number = (
                    session.connection()
                    .execute(ONCE_A_PERIOD, {"task": name, "seconds": seconds})
                    .scalar()
                )
        except DBAPIError as failure:
            if not isinstance(failure.orig, psycopg.errors.UniqueViolation):
                raise
            continue  # the one of an earlier period still waits
        if number is not None:
            begun.append(name)
    return begun


def _database_failure(failure: ConnectorException) -> Exception:
    """The driver's own error as SQLAlchemy names it, so that a lost database is a 503 here too."""
    cause = failure.__cause__
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return OperationalError("enqueue", None, cause)
    return cause if isinstance(cause, psycopg.Error) else failure
