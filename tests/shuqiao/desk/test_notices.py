"""Notices of working days: loaded, amended, asked for in time."""

from datetime import date

import pytest
from sqlmodel import Session

from shuqiao.desk import clocks, notices, todos
from shuqiao.desk.calendar import CalendarDay
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.limits import Basis, Instrument, Limit
from shuqiao.subject import Subject

ORDER = Instrument("条例", "Regulation", "国务院令第809号", "Order 809")

CASE = "REQ-2026-000001"
ADMINISTRATOR = Subject(None, "admin", "管理员", None, "", frozenset({"system_admin"}), "session")
NEW_YEAR_2027 = [CalendarDay(date(2027, 1, 1), False, "元旦")]


@pytest.fixture
def desk(session: Session) -> Session:
    notices.load_packaged_calendars(session)
    return session


def start(session: Session, day: date = date(2026, 2, 11), *, kind: str = "reply") -> CaseClock:
    return clocks.start(
        session,
        case_no=CASE,
        kind=kind,
        limit=Limit(10, Basis.STATUTORY, "21", ORDER),
        started_on=day,
    )


def test_loading_a_notice_computes_waiting_clocks_keeps_the_history_and_ends_the_task(
    desk: Session,
) -> None:
    clock = start(desk, date(2026, 12, 28))
    changed = notices.load_calendar(desk, 2027, NEW_YEAR_2027, source="notice of 2027")
    assert [entry.id for entry in changed] == [clock.id]
    # 29, 30, 31 December, then 4 to 8, 11 and 12 January.
    assert (clock.status, clock.due_on) == (ClockStatus.RUNNING, date(2027, 1, 12))
    assert [line["due_on"] for line in clock.history] == [None, "2027-01-12"]
    assert todos.open_for(desk, ADMINISTRATOR) == []


def test_an_amended_notice_moves_running_clocks_and_leaves_closed_ones(desk: Session) -> None:
    moved, closed = start(desk), start(desk, kind="delivery")
    clocks.close(desk, case_no=CASE, kind="delivery", on=date(2026, 2, 12))
    amended = [CalendarDay(date(2026, 2, day), False, "春节") for day in range(16, 28)]
    assert notices.load_calendar(desk, 2026, amended, source="amended") == [moved]
    # 12 and 13 February, then 2 to 6 and 9 to 11 March.
    assert moved.due_on == date(2026, 3, 11) and moved.version == 2
    assert closed.due_on == date(2026, 3, 3)


def test_the_end_of_the_calendar_is_announced_in_time(desk: Session) -> None:
    assert notices.warn_of_calendar_end(desk, on=date(2026, 10, 1), days=60) is None
    assert todos.open_for(desk, ADMINISTRATOR) == []
    assert notices.warn_of_calendar_end(desk, on=date(2026, 11, 10), days=60) == 2027
    assert len(todos.open_for(desk, ADMINISTRATOR)) == 1
