"""Identities that sort by time, and public numbers without a gap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fixtures.worlds import World
from sqlmodel import Session

from shuqiao import ids, real_time
from shuqiao.db import unit_of_work
from shuqiao.ids import uuid7
from shuqiao.numbers import next_number
from shuqiao.settings import settings

At = Callable[[str], World]


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
