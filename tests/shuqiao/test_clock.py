"""The one clock of the business: real, standing still, or ticking from where it was set."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from shuqiao import clock
from shuqiao.settings import settings


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def put(setting: str | None) -> None:
        if setting is None:
            monkeypatch.delenv("SHUQIAO_CLOCK", raising=False)
        else:
            monkeypatch.setenv("SHUQIAO_CLOCK", setting)
        settings.cache_clear()

    return put


def test_without_a_setting_it_is_now(at) -> None:  # type: ignore[no-untyped-def]
    at(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC


def test_a_set_clock_stands_still(at) -> None:  # type: ignore[no-untyped-def]
    at("2026-02-11T09:00:00+08:00")
    assert clock.now() == clock.now() == datetime(2026, 2, 11, 1, tzinfo=UTC)


def test_an_anchored_clock_ticks_the_same_in_every_process(at) -> None:  # type: ignore[no-untyped-def]
    at(f"2026-02-11T09:00:00+08:00@{time.time() - 3_600}")
    passed = clock.now() - datetime(2026, 2, 11, 1, tzinfo=UTC)
    assert timedelta(hours=1) <= passed < timedelta(hours=1, seconds=10)


def test_a_clock_without_a_zone_is_refused(at) -> None:  # type: ignore[no-untyped-def]
    at("2026-02-11T09:00:00")
    with pytest.raises(ValueError, match="time zone"):
        clock.now()


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-02-11T15:59:59Z", date(2026, 2, 11)), ("2026-02-11T16:00:00Z", date(2026, 2, 12))],
)
def test_days_are_those_of_beijing(at, moment: str, day: date) -> None:  # type: ignore[no-untyped-def]
    at(moment)
    assert clock.today() == day
    assert clock.day_of(datetime.fromisoformat(moment)) == day
