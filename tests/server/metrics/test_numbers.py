"""Numbers that have to be asked for: right ones, and old ones while nobody answers."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from fixtures.world import Worlds
from fixtures.worlds import World
from prometheus_client.registry import CollectorRegistry
from sqlalchemy import Engine

from server.metrics.numbers import Numbers
from shuqiao.db import connection_apart, unit_of_work
from shuqiao.desk import clocks, late, notices
from shuqiao.jobs import count_jobs, enqueue
from shuqiao.pool import opened

At = Callable[[str], World]
FINE = {"database": True, "clock": False}


@pytest.fixture
def world(committed_world: At) -> World:
    return committed_world("accounts")


@pytest.fixture
def own(world: World) -> Iterator[Engine]:
    own = connection_apart("test-metrics", statement_ms=2_000, lock_ms=100)
    yield own
    own.dispose()


def told(numbers: Numbers) -> Callable[..., float | None]:
    registry = CollectorRegistry()
    registry.register(numbers)
    return lambda name, **labels: registry.get_sample_value(f"shuqiao_{name}", labels)


def test_jobs_calendar_disk_and_readiness_are_told(own: Engine) -> None:
    with unit_of_work() as session:
        enqueue(session, "desk.outbox.hand_over", message_id="none")
        before = {(e.task, e.state): e.jobs for e in count_jobs(session)}
        left = notices.days_left(session, date(2026, 12, 31))
    assert left == 0, "the last day of the last packaged calendar"
    numbers = Numbers(lambda: FINE, is_whole=True)
    numbers.ask(own)
    value = told(numbers)
    assert value("scrape_failed") == 0
    assert (
        value("jobs", task="desk.outbox.hand_over", state="queued")
        == before[("desk.outbox.hand_over", "queued")]
    )
    assert (value("jobs_oldest_seconds") or 0) > 0
    assert (value("ready", check="database"), value("ready", check="clock")) == (1, 0)
    assert value("calendar_days_left") == 323, "11 February to 31 December 2026"
    assert (value("home_free_bytes") or 0) > 0


def test_a_process_that_is_not_asked_for_the_whole_asks_nothing(own: Engine) -> None:
    numbers = Numbers(lambda: FINE, is_whole=False)
    numbers.ask(own)
    assert told(numbers)("calendar_days_left") is None


def test_limits_that_are_over_are_counted_by_kind(committed_world: At) -> None:
    committed_world("submitted_request")
    with unit_of_work() as session:
        open_clock = clocks.overdue(session, on=date(2027, 1, 1))
        counted = late.count(session, date(2027, 1, 1))
        assert late.count(session, date(2026, 2, 11)) == []
    assert sum(number for _kind, basis, number in counted if basis.is_law) == len(open_clock) > 0


def test_a_locked_table_leaves_the_other_numbers_and_the_last_value(
    world: World, worlds: Worlds, own: Engine
) -> None:
    numbers = Numbers(lambda: FINE, is_whole=True)
    numbers.ask(own)
    value = told(numbers)
    days = value("calendar_days_left")
    with worlds.as_owner(world) as owner, owner.transaction():
        owner.execute("LOCK TABLE calendar_year IN ACCESS EXCLUSIVE MODE")
        numbers.ask(own)
    assert (value("scrape_failed"), value("calendar_days_left")) == (1, days)
    assert days is not None
    numbers.ask(own)
    assert value("scrape_failed") == 0


def test_a_database_that_is_away_leaves_the_last_values(own: Engine) -> None:
    numbers = Numbers(lambda: FINE, is_whole=True)
    numbers.ask(own)
    nowhere = own.url.difference_update_query(["host", "port"]).set(host="127.0.0.1", port=1)
    away = opened(nowhere, "away", size=1, statement_ms=500, lock_ms=100)
    numbers.ask(away)
    value = told(numbers)
    assert value("scrape_failed") == 1
    assert value("calendar_days_left") is not None
    assert (value("home_free_bytes") or 0) > 0, "what needs no database is told anyway"


def test_nothing_was_asked_yet(own: Engine) -> None:
    assert told(Numbers(lambda: FINE, is_whole=True))("scrape_failed") == 1
