import errno

import procrastinate
import psycopg
import pytest
from procrastinate.jobs import Job
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from shuqiao.disk import StorageFull
from shuqiao.errors import Conflict, Forbidden, Invalid, Unavailable
from shuqiao.jobs.failures import Backoff, describe, is_final, pause_seconds


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("no answer from postgresql://u:secret@h/db", "no answer from postgresql://…@h/db"),
        ("password=hunter2 refused", "password=… refused"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("token sq_ab12_cd34 expired", "token sq_… expired"),
        ("first line\nsecond line", "first line"),
        ("", "ValueError"),
    ],
)
def test_reasons_carry_no_secret(said: str, written: str) -> None:
    assert describe(ValueError(said)) == ("ValueError", written)


def test_values_of_rows_are_not_written(session: Session) -> None:
    statement = text(
        "INSERT INTO number_series (prefix, year, last) VALUES (:who, 2026, 1), (:who, 2026, 2)"
    )
    with pytest.raises(DBAPIError) as failed:
        session.connection().execute(statement, {"who": "zhang3"})
    error, reason = describe(failed.value)
    assert error == "UniqueViolation"
    assert "zhang3" not in reason and reason.startswith("23505: duplicate key")


def test_a_lost_connection_is_named() -> None:
    assert describe(psycopg.OperationalError("")) == (
        "OperationalError",
        "database: connection lost",
    )


def test_pauses_grow_to_five_minutes() -> None:
    assert [pause_seconds(attempts) for attempts in (0, 1, 2, 8, 9, 1000)] == [
        1,
        2,
        4,
        256,
        300,
        300,
    ]


@pytest.mark.parametrize("error", [StorageFull(), OSError(errno.ENOSPC, "…")])
def test_what_waits_for_room_is_never_given_up(error: Exception) -> None:
    def pause(attempts: int, failure: Exception) -> procrastinate.RetryDecision | None:
        job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
        return Backoff().get_retry_decision(exception=failure, job=job)

    assert pause(0, error) and pause(1_000, error)
    assert pause(1_000, OSError(errno.EPERM, "…")) is None


def test_only_what_cannot_heal_is_final() -> None:
    assert is_final(Forbidden()) and is_final(Invalid())
    assert not is_final(Conflict()) and not is_final(Unavailable()) and not is_final(RuntimeError())
