"""What a stage uses: ``@jobs.task(name=…)`` to define work, ``enqueue`` to ask for it."""

from typing import Any

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

#: The registry of tasks. Its connector is never opened: enqueuing
#: always borrows the caller's connection.
jobs = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


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


def _database_failure(failure: ConnectorException) -> Exception:
    """The driver's own error as SQLAlchemy names it, so that a lost database is a 503 here too."""
    cause = failure.__cause__
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return OperationalError("enqueue", None, cause)
    return cause if isinstance(cause, psycopg.Error) else failure
