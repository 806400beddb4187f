"""Nothing ends for good by one reading of a clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from shuqiao import observed
from shuqiao.models import ClockReading
from shuqiao.settings import settings


@pytest.fixture
def readings(session: Session) -> Session:
    """A database whose clock nobody has read yet."""
    session.connection().execute(text("DELETE FROM clock_reading"))
    return session


def read(session: Session, ago: str) -> None:
    session.connection().execute(
        text("INSERT INTO clock_reading VALUES (clock_timestamp() - CAST(:ago AS interval))"),
        {"ago": ago},
    )


def kept(session: Session) -> list[datetime]:
    return sorted(row.read_at for row in session.exec(select(ClockReading)))


def ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def test_what_nobody_has_read_is_not_sure(readings: Session) -> None:
    assert observed.sure_time(readings) is None
    assert observed.sure_moment(readings) is None
    assert observed.sure_day(readings) is None
    observed.note(readings)
    assert observed.sure_time(readings) is None, "one reading is not two"


@pytest.mark.parametrize(("hours", "is_sure"), [(5.99, False), (6.01, True), (1_000, True)])
def test_six_hours_make_a_reading_sure(readings: Session, hours: float, is_sure: bool) -> None:
    read(readings, f"{hours} hours")
    assert (observed.sure_time(readings) is not None) is is_sure


def test_the_newest_that_is_old_enough_counts(readings: Session) -> None:
    for hours in (30, 7, 3):
        read(readings, f"{hours} hours")
    found = observed.sure_time(readings)
    assert found is not None
    assert abs(found - ago(7)) < timedelta(seconds=5)


def test_a_future_that_did_not_come_is_never_sure(readings: Session) -> None:
    read(readings, "7 hours")
    read(readings, "-3650 days")
    found = observed.sure_time(readings)
    assert found is not None
    assert found < ago(6)


def test_once_in_ten_minutes_is_enough_and_the_old_ones_go(readings: Session) -> None:
    for hours in (100, 30, 7):
        read(readings, f"{hours} hours")
    observed.note(readings)
    observed.note(readings)
    found = kept(readings)
    assert len(found) == 2, "the newest old one and the new one"
    assert abs(found[0] - ago(7)) < timedelta(seconds=5)
    assert abs(found[1] - ago(0)) < timedelta(seconds=5)


def test_readings_of_a_wrong_future_do_not_keep_true_ones_away(readings: Session) -> None:
    read(readings, "-1 day")
    observed.note(readings)
    assert abs(kept(readings)[0] - ago(0)) < timedelta(seconds=5)


def test_the_day_is_that_of_the_business(
    readings: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(readings, "6 hours 1 second")
    anchor = int(datetime.now(UTC).timestamp())
    for noon, day in (("05:59", date(2026, 3, 1)), ("06:01", date(2026, 3, 2))):
        monkeypatch.setenv("SHUQIAO_CLOCK", f"2026-03-02T{noon}:00+08:00@{anchor}")
        settings.cache_clear()
        assert observed.sure_day(readings) == day
