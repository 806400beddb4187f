from datetime import date, timedelta

import pytest
from sqlmodel import Session

from shuqiao.desk.calendar import (
    CalendarDay,
    CalendarMissing,
    add_working_days,
    derivation,
    is_working_day,
    loaded_years,
    packaged_years,
    working_days_between,
    write_year,
)
from shuqiao.desk.notices import load_packaged_calendars
from shuqiao.errors import Conflict, Invalid


@pytest.fixture
def calendar(session: Session) -> Session:
    load_packaged_calendars(session)
    return session


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-02-10", 1, "2026-02-11"),
        ("2026-02-10", 2, "2026-02-12"),
        ("2026-02-10", 5, "2026-02-24"),
        ("2026-02-10", 10, "2026-03-02"),
        ("2026-02-10", 20, "2026-03-16"),
        ("2026-09-23", 1, "2026-09-24"),
        ("2026-09-23", 2, "2026-09-28"),
        ("2026-09-23", 5, "2026-10-08"),
        ("2026-09-23", 10, "2026-10-14"),
        ("2026-09-23", 20, "2026-10-28"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-24", 2, "2026-09-29"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-09-24", 10, "2026-10-15"),
        ("2026-09-24", 20, "2026-10-29"),
        ("2026-02-11", 10, "2026-03-03"),
        ("2026-09-28", 10, "2026-10-16"),
    ],
)
def test_limits_end_on_the_published_days(
    calendar: Session, received: str, days: int, due: str
) -> None:
    assert add_working_days(calendar, date.fromisoformat(received), days) == date.fromisoformat(due)


def test_a_year_without_notice_is_never_guessed(calendar: Session) -> None:
    assert add_working_days(calendar, date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(CalendarMissing) as missing:
        add_working_days(calendar, date(2026, 12, 30), 2)
    assert missing.value.year == 2027


def test_adding_and_counting_agree_for_every_start_of_a_year(calendar: Session) -> None:
    for offset in range(0, 330, 7):
        start = date(2025, 1, 1) + timedelta(days=offset)
        for days in (1, 5, 10, 20):
            end = add_working_days(calendar, start, days)
            assert working_days_between(calendar, start, end) == days
            assert is_working_day(calendar, end)


def test_a_derivation_explains_every_day(calendar: Session) -> None:
    steps = derivation(calendar, date(2026, 2, 11), 10)
    days = {step.day.isoformat(): step for step in steps}
    assert [step.day for step in steps] == [
        date(2026, 2, 11) + timedelta(days=n) for n in range(21)
    ]
    assert [step.number for step in steps if step.counted] == list(range(1, 11))
    assert not days["2026-02-11"].counted
    assert days["2026-02-14"].counted and days["2026-02-28"].counted, "make-up Saturdays are worked"
    assert not days["2026-02-17"].counted
    assert days["2026-02-14"].why.render("zh_CN") == "调休上班：春节"
    assert days["2026-02-17"].why.render("zh_CN") == "放假：春节"
    assert days["2026-03-01"].why.render("zh_CN") == "周末"


def test_2026_has_33_days_off_and_six_worked_weekend_days(calendar: Session) -> None:
    year = dict(packaged_years())[2026]
    assert sum(not day.is_workday for day in year) == 33
    worked = [day.day.isoformat()[5:] for day in year if day.is_workday]
    assert worked == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def test_the_notice_of_2019_moves_days_of_december_2018(calendar: Session) -> None:
    assert loaded_years(calendar) == list(range(2018, 2027))
    assert is_working_day(calendar, date(2018, 12, 29)), "a Saturday worked"
    assert not is_working_day(calendar, date(2018, 12, 31)), "a Monday off"


def test_loading_the_packaged_notices_again_changes_nothing(calendar: Session) -> None:
    assert load_packaged_calendars(calendar) == {}


def test_a_notice_can_be_replaced(calendar: Session) -> None:
    write_year(calendar, 2026, [CalendarDay(date(2026, 1, 1), False, "元旦")], source="amended")
    assert is_working_day(calendar, date(2026, 2, 17))
    assert not is_working_day(calendar, date(2026, 1, 1))


@pytest.mark.parametrize(
    "days",
    [
        [],
        [CalendarDay(date(2028, 1, 1), False, "元旦")],
        [CalendarDay(date(2027, 1, 1), False, "元旦"), CalendarDay(date(2027, 1, 1), True, "元旦")],
        [CalendarDay(date(2027, 1, 2), True, "元旦")],
    ],
    ids=["empty", "another year", "a day twice", "no holiday"],
)
def test_a_defective_notice_is_refused_and_changes_nothing(
    calendar: Session, days: list[CalendarDay]
) -> None:
    with pytest.raises(Invalid):
        write_year(calendar, 2027, days, source="defective")
    assert 2027 not in loaded_years(calendar)


def test_two_notices_may_not_speak_of_the_same_day(calendar: Session) -> None:
    days = [
        CalendarDay(date(2018, 12, 31), True, "元旦"),
        CalendarDay(date(2018, 1, 1), False, "元旦"),
    ]
    with pytest.raises(Conflict):
        write_year(calendar, 2018, days, source="clash")
