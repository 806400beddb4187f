"""The dates of one clock: computed from the calendar as it is now, kept with their derivation.

When the calendar ends before the limit does, the clock waits as ``calendar_missing`` and the notice
of that year is asked for.
"""

from datetime import date

from sqlmodel import Session

from shuqiao import clock as business_clock
from shuqiao.desk import todos
from shuqiao.desk.calendar import (
    CalendarMissing,
    DayStep,
    add_working_days,
    derivation,
    loaded_years,
)
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.i18n import Message, _

#: Who loads calendars.
CALENDAR_ROLE = "system_admin"
CALENDAR_TODO = "load_calendar"


def compute(session: Session, clock: CaseClock, why: Message) -> None:
    """Set dates and derivation from the calendar as it is now; write a
    line of history when they change.
    """
    before = (clock.status, clock.due_on, clock.uninterrupted_due_on)
    missing = None
    with session.no_autoflush:  # half-set clocks would break their own CHECKs
        try:
            _set_dates(session, clock)
        except CalendarMissing as found:
            missing = found.year
            clock.uninterrupted_due_on = None
            if clock.status is not ClockStatus.STOPPED:
                clock.status, clock.due_on, clock.derivation = (
                    ClockStatus.CALENDAR_MISSING,
                    None,
                    [],
                )
    if not clock.history or (clock.status, clock.due_on, clock.uninterrupted_due_on) != before:
        _note(clock, why)
    if missing is not None:
        ask_for_calendar(session, missing)


def _set_dates(session: Session, clock: CaseClock) -> None:
    uninterrupted = add_working_days(
        session, clock.started_on, clock.limit_days + clock.extended_days
    )
    if clock.status is not ClockStatus.STOPPED:
        steps = derivation(session, clock.counting_from, max(left(clock), 1))
        clock.status, clock.due_on, clock.derivation = (
            ClockStatus.RUNNING,
            steps[-1].day,
            _stored(steps),
        )
    clock.uninterrupted_due_on = uninterrupted


def _stored(steps: list[DayStep]) -> list[dict[str, object]]:
    return [
        {
            "day": step.day.isoformat(),
            "counted": step.counted,
            "number": step.number,
            "why": step.why.to_json(),
        }
        for step in steps
    ]


def left(clock: CaseClock) -> int:
    """Working days of the limit that are not used up."""
    return clock.limit_days + clock.extended_days - clock.spent_days


def _note(clock: CaseClock, why: Message) -> None:
    line = {
        "at": business_clock.now().isoformat(),
        "why": why.to_json(),
        "status": clock.status.value,
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
        "uninterrupted_due_on": clock.uninterrupted_due_on.isoformat()
        if clock.uninterrupted_due_on
        else None,
    }
    clock.version += 1 if clock.history else 0
    clock.history = [*clock.history, line]


def noted(session: Session, clock: CaseClock, why: Message) -> CaseClock:
    """The clock with one line of history more."""
    _note(clock, why)
    session.flush()
    return clock


def derivation_of(clock: CaseClock) -> list[DayStep]:
    """The stored derivation, ready to show."""
    return [
        DayStep(
            date.fromisoformat(step["day"]),
            step["counted"],
            step["number"],
            Message.from_json(step["why"]),
        )
        for step in clock.derivation
    ]


def missing_year(session: Session, on: date) -> int:
    """The first year from ``on`` that cannot be counted."""
    loaded, year = set(loaded_years(session)), on.year
    while year in loaded:
        year += 1
    return year


def calendar_case(year: int) -> str:
    """The case under which the notice of a year is asked for."""
    return f"calendar-{year}"


def ask_for_calendar(session: Session, year: int) -> None:
    """A to-do for whoever loads calendars; asking again changes nothing."""
    todos.ask(
        session,
        case_no=calendar_case(year),
        kind=CALENDAR_TODO,
        role=CALENDAR_ROLE,
        what=_(
            "Load the working-day calendar of %(year)s: due dates cannot be computed without it",
            year=year,
        ),
        href="/calendars",
    )
