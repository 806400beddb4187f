"""One deadline for all waits of a request, on a real server."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from fixtures.database import Cluster
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shuqiao import deadline
from shuqiao.db import reading, unit_of_work
from shuqiao.deadline import DeadlinePassed
from shuqiao.pool import opened

#: Far more than any of these tests takes, so that only the deadline can end a wait.
LONG_MS = 20_000


@pytest.fixture
def engine(cluster: Cluster) -> Iterator[Engine]:
    made = opened(cluster.app_url, "test", size=2, statement_ms=LONG_MS, lock_ms=LONG_MS)
    yield made
    made.dispose()


def took(what: Callable[[], object], *kinds: type[Exception]) -> float:
    """Seconds until it failed as it must."""
    started = time.monotonic()
    with pytest.raises(kinds):
        what()
    return time.monotonic() - started


def told(engine: Engine) -> list[str]:
    """Limits of statement and lock as the server has them within a transaction."""
    with unit_of_work(engine) as session:
        found = session.connection().execute(
            text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        )
        return [str(each) for each in found.one()]


def milliseconds(limit: str) -> int:
    return int(limit.removesuffix("ms")) if limit.endswith("ms") else 1_000 * int(limit[:-1])


def test_outside_a_request_each_wait_has_its_own_limit(engine: Engine) -> None:
    assert told(engine) == ["20s", "20s"]
    with deadline.begun(1.5):
        assert [milliseconds(each) for each in told(engine)] == pytest.approx([1_500] * 2, abs=400)
    assert told(engine) == ["20s", "20s"], "nothing is left behind in the connection"


def test_a_shorter_limit_of_the_connection_stays(cluster: Cluster) -> None:
    made = opened(cluster.app_url, "test", size=1, statement_ms=700, lock_ms=300)
    with deadline.begun(10):
        assert told(made) == ["700ms", "300ms"]
    made.dispose()


def test_a_transaction_to_read_stays_one(engine: Engine) -> None:
    with deadline.begun(5), reading(engine) as session:
        found = session.connection().execute(text("SHOW transaction_read_only")).scalar_one()
    assert found == "on"


def test_a_statement_ends_at_the_deadline(engine: Engine) -> None:
    def slow() -> None:
        with deadline.begun(0.5), unit_of_work(engine) as session:
            session.connection().execute(text("SELECT pg_sleep(15)"))

    assert 0.3 < took(slow, OperationalError) < 5


def test_of_many_statements_all_together_do(engine: Engine) -> None:
    """None of them is too long, nor is any lock; only their sum is."""

    def many() -> None:
        with deadline.begun(1.0), unit_of_work(engine) as session:
            for _each in range(40):
                session.connection().execute(text("SELECT pg_sleep(0.3)"))

    assert 0.8 < took(many, OperationalError, DeadlinePassed) < 5


def test_what_is_told_shrinks_with_what_is_left(engine: Engine) -> None:
    with deadline.begun(3.0), unit_of_work(engine) as session:
        ask = text("SELECT current_setting('statement_timeout') FROM pg_sleep(0.6)")
        limits = [
            milliseconds(str(session.connection().execute(ask).scalar_one())) for _each in range(3)
        ]
    assert limits[0] > limits[1] + 400 > limits[2] + 800


def test_a_savepoint_taken_back_does_not_give_the_time_back(engine: Engine) -> None:
    with deadline.begun(3.0), unit_of_work(engine) as session:
        connection = session.connection()
        savepoint = session.begin_nested()
        connection.execute(text("SELECT pg_sleep(1.2)"))
        connection.execute(text("SELECT 1"))  # told again, within the savepoint
        savepoint.rollback()
        limit = connection.execute(text("SELECT current_setting('statement_timeout')"))
        assert milliseconds(str(limit.scalar_one())) < 2_000


def test_nothing_is_committed_after_the_deadline(engine: Engine) -> None:
    def late() -> None:
        with deadline.begun(0.3), unit_of_work(engine) as session:
            session.connection().execute(text("SELECT 1"))
            time.sleep(0.4)

    took(late, DeadlinePassed)
    with deadline.begun(5), unit_of_work(engine) as session:  # the connection is well again
        session.connection().execute(text("SELECT 1"))


def test_what_failed_can_be_rolled_back_after_the_deadline(engine: Engine) -> None:
    with deadline.begun(0.4), unit_of_work(engine) as session:
        with pytest.raises(OperationalError), session.begin_nested():
            session.connection().execute(text("SELECT pg_sleep(15)"))
        with pytest.raises(DeadlinePassed):
            session.connection().execute(text("SELECT 1"))
        session.rollback()


def test_a_pool_is_waited_for_no_longer(engine: Engine) -> None:
    def third() -> None:
        with deadline.begun(0.3), unit_of_work(engine) as session:
            session.connection()

    with engine.connect(), engine.connect():
        assert took(third, PoolTimeout) < 1.5


def test_all_threads_of_a_request_see_the_same_time() -> None:
    with deadline.begun(5) as limit, ThreadPoolExecutor(1) as pool:
        context = copy_context()
        time.sleep(0.2)
        assert pool.submit(context.run, deadline.left, 60.0).result() < 4.9
        limit.restart()
        assert pool.submit(context.run, deadline.left, 60.0).result() > 4.9


def test_work_with_a_limit_of_its_own_costs_nothing_of_the_request() -> None:
    with deadline.begun(1.0):
        with deadline.apart(30):
            assert deadline.left(60) > 29
            time.sleep(0.5)
        assert 0.8 < deadline.left(60) <= 1.0
    with deadline.apart(1):
        assert deadline.left(60) == 60, "outside a request there is nothing to be freed from"


def test_what_runs_on_after_the_answer_has_none() -> None:
    with deadline.begun(1.0), deadline.lifted():
        assert (deadline.current(), deadline.left(60)) == (None, 60)
