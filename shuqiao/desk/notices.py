"""The notices of the State Council, year by year; loading one dates every open clock anew."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlmodel import Session, col, select

from shuqiao.desk import todos
from shuqiao.desk.calendar import CalendarDay, loaded_years, packaged_years, write_year
from shuqiao.desk.dates import (
    CALENDAR_TODO,
    ask_for_calendar,
    calendar_case,
    compute,
    missing_year,
)
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.i18n import _


def load_calendar(
    session: Session, year: int, days: Iterable[CalendarDay], *, source: str, notice_no: str = ""
) -> list[CaseClock]:
    """Load the notice of ``year``, or its next version, and recompute every open
    clock; gives those whose dates changed.
    """
    write_year(session, year, days, source=source, notice_no=notice_no)
    open_clocks = (
        select(CaseClock).where(col(CaseClock.closed_on).is_(None)).order_by(col(CaseClock.id))
    )
    changed = []
    for clock in session.exec(open_clocks.with_for_update()):
        before = (clock.status, clock.due_on, clock.uninterrupted_due_on)
        compute(session, clock, _("The working-day calendar of %(year)s was loaded", year=year))
        if (clock.status, clock.due_on, clock.uninterrupted_due_on) != before:
            changed.append(clock)
    todos.done(session, case_no=calendar_case(year), kind=CALENDAR_TODO, by=None)
    session.flush()
    return changed


def count_waiting(session: Session) -> list[CaseClock]:
    """Date the open clocks that have no date though their calendar is loaded, such as those that a
    migration started; gives those that have one now.
    """
    waiting = select(CaseClock).where(
        col(CaseClock.closed_on).is_(None), CaseClock.status == ClockStatus.CALENDAR_MISSING
    )
    dated = []
    for clock in session.exec(waiting.order_by(col(CaseClock.id)).with_for_update()):
        compute(session, clock, _("Counted from the day on which it began"))
        if clock.due_on is not None:
            dated.append(clock)
    session.flush()
    return dated


def load_packaged_calendars(session: Session) -> Mapping[int, list[CaseClock]]:
    """Load the notices shipped with the program that are not loaded yet; gives their years, and
    the clocks that each moved.

    An edited one stays.
    """
    known = set(loaded_years(session))
    return {
        year: load_calendar(
            session,
            year,
            days,
            source=f"国务院办公厅关于{year}年部分节假日安排的通知",
        )
        for year, days in packaged_years()
        if year not in known
    }


def days_left(session: Session, on: date) -> int:
    """Days after ``on`` that can still be counted; 0 on the last, negative where none can."""
    return (date(missing_year(session, on), 1, 1) - on).days - 1


def warn_of_calendar_end(session: Session, *, on: date, days: int) -> int | None:
    """Ask for the next notice when ``on`` is within ``days`` of the
    last loaded day; gives its year.
    """
    year = missing_year(session, on)
    if on + timedelta(days=days) < date(year, 1, 1):
        return None
    ask_for_calendar(session, year)
    return year
