"""The operating system's clock is held against the database's; a process whose clocks are apart
does nothing until they agree again.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from shuqiao import clock, drift, real_time
from shuqiao.settings import settings

Shift = Callable[[float], None]


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What this process knew of the time is kept out of the test, and the other way round."""
    monkeypatch.setattr(drift, "_known", drift._Known())
    monkeypatch.setattr(real_time, "_ahead", None)
    monkeypatch.delenv("SHUQIAO_CLOCK", raising=False)
    settings.cache_clear()
    return


@pytest.fixture
def set_system(monkeypatch: pytest.MonkeyPatch) -> Shift:
    """Set the operating system's clock so many seconds ahead of what it was."""

    def put(seconds: float) -> None:
        ahead = int(seconds * 1e9)
        monkeypatch.setattr(real_time, "system_ns", lambda: time.time_ns() + ahead)

    return put


@pytest.fixture
def set_database(monkeypatch: pytest.MonkeyPatch) -> Shift:
    """Set the database's clock so many seconds ahead, as far as the process can see."""
    read = str(drift._READ)

    def put(seconds: float) -> None:
        monkeypatch.setattr(drift, "_READ", text(f"{read} + {int(seconds * 1e6)}"))

    return put


def told() -> str:
    refusal = drift.refusal()
    assert refusal is not None
    assert refusal.status == 503
    assert refusal.detail is not None
    return refusal.detail.render("en")


def test_clocks_that_agree_refuse_nothing(session: Session) -> None:
    assert drift.refusal() is None, "an operator's program that has not looked"
    drift.look(session)
    assert drift.refusal() is None
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


@pytest.mark.parametrize("seconds", [-86_400, -6, 6, 86_400, 3_650 * 86_400])
def test_a_system_that_is_wrong_is_told_with_both_times(
    session: Session, set_system: Shift, seconds: float
) -> None:
    set_system(seconds)
    drift.look(session)
    wrong = datetime.now(UTC) + timedelta(seconds=seconds)
    assert f"says {wrong:%Y-%m-%dT%H:}" in told()
    assert f"the database {datetime.now(UTC):%Y-%m-%dT%H:}" in told()
    assert "more than 5 seconds" in told()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1), "the database's time counts"


@pytest.mark.parametrize("seconds", [-4, 4])
def test_what_is_within_the_limit_is_believed(
    session: Session, set_system: Shift, seconds: float
) -> None:
    set_system(seconds)
    drift.look(session)
    assert drift.refusal() is None
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1), "the database's time counts"


def test_the_limit_is_a_setting(
    session: Session, set_system: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUQIAO_CLOCK_LIMIT_SECONDS", "30")
    settings.cache_clear()
    set_system(20)
    drift.look(session)
    assert drift.refusal() is None
    set_system(31)
    assert "more than 30 seconds" in told()


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_jump_of_the_system_is_seen_before_the_database_is_asked_again(
    session: Session, set_system: Shift, seconds: float
) -> None:
    drift.look(session)
    before = clock.now()
    set_system(seconds)
    assert told()
    assert timedelta(0) <= clock.now() - before < timedelta(seconds=1)
    set_system(0)
    assert drift.refusal() is None, "by itself"


def test_it_comes_back_when_a_wrong_start_is_mended(session: Session, set_system: Shift) -> None:
    set_system(86_400)
    drift.look(session)
    assert told()
    set_system(0)
    drift.look(session)
    assert drift.refusal() is None


def test_a_database_that_jumps_is_not_followed(
    session: Session, set_database: Shift, set_system: Shift
) -> None:
    drift.look(session)
    set_database(3_650 * 86_400)
    drift.look(session)
    assert told()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    set_database(0)
    drift.look(session)
    assert drift.refusal() is None
    set_database(3_600)
    set_system(3_600)
    drift.look(session)
    assert drift.refusal() is None, "both were set right"
    assert abs(clock.now() - datetime.now(UTC) - timedelta(hours=1)) < timedelta(seconds=1)


def test_small_differences_of_the_readings_do_not_turn_time_back(
    session: Session, set_database: Shift
) -> None:
    drift.look(session)
    followed = real_time._ahead
    set_database(-0.01)
    drift.look(session)
    assert real_time._ahead == followed
    set_database(-0.5)
    drift.look(session)
    assert real_time._ahead != followed, "a clock that runs off is followed"


def test_an_answer_that_took_too_long_says_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUQIAO_CLOCK_LIMIT_SECONDS", "0.5")
    settings.cache_clear()
    counted = iter([0, 2_000_000_000])
    monkeypatch.setattr(drift.time, "monotonic_ns", lambda: next(counted))
    drift.look(session)
    assert drift._known.gap_ns is None


def test_a_watched_process_does_nothing_before_the_first_reading() -> None:
    drift._known.is_watched = True
    assert told() == "The clock of the database could not be read yet"
