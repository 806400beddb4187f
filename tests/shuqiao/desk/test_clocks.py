from datetime import date

import pytest
from sqlmodel import Session

from shuqiao.desk import clocks, dates, notices, todos
from shuqiao.desk.calendar import CalendarMissing
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.errors import Conflict, NotFound
from shuqiao.i18n import _
from shuqiao.limits import Basis, Instrument, Limit
from shuqiao.subject import Subject

ORDER = Instrument("条例", "Regulation", "国务院令第809号", "Order 809")

CASE = "REQ-2026-000001"
WHY = _("Started")
ADMINISTRATOR = Subject(None, "admin", "管理员", None, "", frozenset({"system_admin"}), "session")


@pytest.fixture
def desk(session: Session) -> Session:
    notices.load_packaged_calendars(session)
    return session


def start(
    session: Session, day: date = date(2026, 2, 11), *, kind: str = "reply", limit_days: int = 10
) -> CaseClock:
    return clocks.start(
        session,
        case_no=CASE,
        kind=kind,
        limit=Limit(limit_days, Basis.STATUTORY, "21", ORDER),
        started_on=day,
    )


def test_a_clock_starts_with_due_date_and_derivation(desk: Session) -> None:
    clock = start(desk)
    assert (clock.status, clock.due_on) == (ClockStatus.RUNNING, date(2026, 3, 3))
    assert clock.uninterrupted_due_on == date(2026, 3, 3)
    steps = dates.derivation_of(clock)
    assert steps[-1].day == clock.due_on and steps[-1].number == 10


def test_starting_again_is_a_no_op_and_starting_differently_a_conflict(desk: Session) -> None:
    assert start(desk).id == start(desk).id
    with pytest.raises(Conflict):
        start(desk, limit_days=9)
    assert len(clocks.clocks_of(desk, CASE)) == 1


def test_a_stopped_clock_goes_on_with_what_was_left(desk: Session) -> None:
    start(desk)
    stopped = clocks.stop(desk, case_no=CASE, kind="reply", on=date(2026, 2, 13), why=WHY)
    assert (stopped.status, stopped.due_on, stopped.spent_days) == (ClockStatus.STOPPED, None, 2)
    assert stopped.uninterrupted_due_on == date(2026, 3, 3)
    resumed = clocks.resume(desk, case_no=CASE, kind="reply", on=date(2026, 2, 26))
    # Eight days are left: 27, 28 (worked Saturday), then 2, 3, 4, 5, 6 and 9 March.
    assert (resumed.status, resumed.due_on) == (ClockStatus.RUNNING, date(2026, 3, 9))
    assert resumed.uninterrupted_due_on == date(2026, 3, 3)


def test_stopping_and_resuming_on_one_day_gains_nothing(desk: Session) -> None:
    start(desk)
    for day in (date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 24)):
        clocks.stop(desk, case_no=CASE, kind="reply", on=day, why=WHY)
        assert clocks.resume(desk, case_no=CASE, kind="reply", on=day).due_on == date(2026, 3, 3)


def test_stopping_twice_counts_once(desk: Session) -> None:
    start(desk)
    for _again in range(2):
        clocks.stop(desk, case_no=CASE, kind="reply", on=date(2026, 2, 13), why=WHY)
    assert clocks.clocks_of(desk, CASE)[0].spent_days == 2


def test_a_clock_is_extended_only_within_its_cap_and_before_its_end(desk: Session) -> None:
    start(desk)
    extended = clocks.extend(
        desk, case_no=CASE, kind="reply", days=5, cap_days=10, on=date(2026, 3, 3), why=WHY
    )
    assert extended.due_on == date(2026, 3, 10)
    with pytest.raises(Conflict):
        clocks.extend(
            desk, case_no=CASE, kind="reply", days=6, cap_days=10, on=date(2026, 3, 3), why=WHY
        )
    with pytest.raises(Conflict):
        clocks.extend(
            desk, case_no=CASE, kind="reply", days=1, cap_days=10, on=date(2026, 3, 11), why=WHY
        )


def test_closing_is_repeatable_and_frees_the_kind(desk: Session) -> None:
    start(desk)
    assert clocks.close(desk, case_no=CASE, kind="reply", on=date(2026, 2, 12)) is not None
    assert clocks.close(desk, case_no=CASE, kind="reply", on=date(2026, 2, 12)) is None
    with pytest.raises(NotFound):
        clocks.stop(desk, case_no=CASE, kind="reply", on=date(2026, 2, 13), why=WHY)
    start(desk, date(2026, 3, 2))
    assert [clock.status for clock in clocks.clocks_of(desk, CASE)] == [
        ClockStatus.RUNNING,
        ClockStatus.CLOSED,
    ]


def test_a_limit_ends_with_the_due_day(desk: Session) -> None:
    start(desk)
    assert clocks.overdue(desk, on=date(2026, 3, 3)) == []
    [late] = clocks.overdue(desk, on=date(2026, 3, 5))
    assert (late.is_breach, late.days_late) == (True, 2)


def test_a_stopped_clock_is_warned_of_but_no_breach(desk: Session) -> None:
    start(desk)
    clocks.stop(desk, case_no=CASE, kind="reply", on=date(2026, 2, 13), why=WHY)
    [late] = clocks.overdue(desk, on=date(2026, 3, 4))
    assert (late.is_breach, late.days_late) == (False, 1)


class TestMissingCalendar:
    def test_the_clock_waits_and_the_administrator_is_asked_once(self, desk: Session) -> None:
        clock = start(desk, date(2026, 12, 28))
        start(desk, date(2026, 12, 29), kind="delivery", limit_days=20)
        assert (clock.status, clock.due_on) == (ClockStatus.CALENDAR_MISSING, None)
        [task] = todos.open_for(desk, ADMINISTRATOR)
        assert (task.kind, task.what["params"]) == ("load_calendar", {"year": 2027})

    def test_the_case_can_be_closed_without_the_calendar(self, desk: Session) -> None:
        start(desk, date(2026, 12, 28))
        closed = clocks.close(desk, case_no=CASE, kind="reply", on=date(2026, 12, 30))
        assert closed is not None and closed.status is ClockStatus.CLOSED

    def test_it_cannot_be_stopped_by_a_guess(self, desk: Session) -> None:
        start(desk, date(2026, 12, 28))
        with pytest.raises(CalendarMissing):
            clocks.stop(desk, case_no=CASE, kind="reply", on=date(2026, 12, 30), why=WHY)
