"""Identities that sort by time, and public numbers without a gap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest
from fixtures.processes import eventually
from fixtures.worlds import World
from sqlalchemy import text
from sqlmodel import Session

from shuqiao import db, ids, real_time
from shuqiao.db import unit_of_work
from shuqiao.ids import uuid7
from shuqiao.numbers import next_number
from shuqiao.settings import settings

At = Callable[[str], World]
_WAITING_LONG: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND clock_timestamp() - query_start > interval '200 ms' AND datname = current_database()"
)


def test_an_id_is_a_uuid_of_version_7_of_this_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)
    before = real_time.now_ns() // 1_000_000
    made = uuid7()
    after = real_time.now_ns() // 1_000_000
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_ids_differ_and_sort_by_time() -> None:
    made = [uuid7() for _ in range(1_000)]
    assert len(set(made)) == 1_000
    assert made == sorted(made), "also those of one millisecond"


def test_a_number_names_prefix_and_year_and_counts_on(session: Session) -> None:
    assert [next_number(session, "REQ") for _ in range(2)] == ["REQ-2026-000001", "REQ-2026-000002"]
    assert next_number(session, "GR") == "GR-2026-000001"


def test_a_year_begins_in_beijing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for moment, number in (
        ("2026-12-31T15:59:59Z", "REQ-2026-000001"),
        ("2026-12-31T16:00:00Z", "REQ-2027-000001"),
    ):
        monkeypatch.setenv("SHUQIAO_CLOCK", moment)
        settings.cache_clear()
        assert next_number(session, "REQ") == number


def test_numbers_have_no_gap_whatever_races(committed_world: At) -> None:
    """Transactions side by side, half of them taken back: what is committed counts through."""
    committed_world("accounts")
    kept: list[str] = []

    def take(turn: int) -> None:
        try:
            with unit_of_work() as session:
                number = next_number(session, "TEST")
                if turn % 2:
                    raise InterruptedError
        except InterruptedError:
            return
        kept.append(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(take, range(30)))
    assert sorted(kept) == [f"TEST-2026-{number:06d}" for number in range(1, 16)]


def test_who_waits_for_a_number_waits_longer_than_for_another_lock(
    committed_world: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A register's queue moves: nobody in it is sent away as if something hung."""
    monkeypatch.setenv("SHUQIAO_LOCK_TIMEOUT_MS", "50")
    settings.cache_clear()
    committed_world("accounts")
    engine = db.make_engine(db.engine().url)

    def waiting_long() -> bool:
        with db.reading() as session:
            return bool(session.connection().execute(_WAITING_LONG).scalar_one())

    with ThreadPoolExecutor(1) as pool, unit_of_work(engine) as first:
        assert next_number(first, "WAIT").endswith("-000001")

        def second() -> tuple[str, str]:
            with unit_of_work(engine) as session:
                number = next_number(session, "WAIT")
                limit = session.connection().execute(text("SHOW lock_timeout"))
                return number, str(limit.scalar_one())

        waiting = pool.submit(second)
        assert eventually(lambda: waiting.done() or waiting_long(), seconds=30)
        assert not waiting.done()
        first.commit()
        number, limit = waiting.result(30)
    engine.dispose()
    assert (number[-7:], limit) == ("-000002", "50ms")
