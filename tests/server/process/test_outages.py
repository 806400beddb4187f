"""What a failure of the database is, by the state it names."""

import psycopg
import pytest
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server.process.outages import outage_of, sqlstate_of


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (psycopg.errors.LockNotAvailable, "lock_not_given"),
        (psycopg.errors.DeadlockDetected, "lock_not_given"),
        (psycopg.errors.SerializationFailure, "lock_not_given"),
        (psycopg.errors.QueryCanceled, "database_busy"),
        (psycopg.errors.TooManyConnections, "database_busy"),
        (psycopg.errors.AdminShutdown, "audit_unavailable"),
        (psycopg.errors.CannotConnectNow, "audit_unavailable"),
        (psycopg.errors.ConnectionFailure, "audit_unavailable"),
        (psycopg.OperationalError, "audit_unavailable"),
    ],
)
def test_the_state_decides(kind: type[psycopg.Error], code: str) -> None:
    error = OperationalError("SELECT", None, kind("why"))
    assert outage_of(error).code == code
    assert sqlstate_of(error) == kind.sqlstate


def test_without_a_state_it_is_the_pool_or_the_connection() -> None:
    assert outage_of(PoolTimeout("no connection")).code == "database_busy"
    lost = InterfaceError("SELECT", None, psycopg.InterfaceError("closed"))
    assert (outage_of(lost).code, sqlstate_of(lost)) == ("audit_unavailable", None)
