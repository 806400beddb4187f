from collections.abc import Callable
from datetime import date
from uuid import UUID

from fixtures.worlds import World
from sqlmodel import Session

from shuqiao.db import engine
from shuqiao.desk import clocks, notices, todos
from shuqiao.desk.calendar import CalendarDay
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.limits import Basis, Instrument, Limit
from shuqiao.subject import Subject

EDUCATION, POLICE = uuid7(), uuid7()
WHAT = _("Closed")


def person(role: str, department: UUID | None = EDUCATION) -> Subject:
    return Subject(uuid7(), role, role, department, "", frozenset({role}), "session")


def ask(session: Session, case: str = "REQ-2026-000001", **more: object) -> todos.Todo:
    task = {
        "kind": "prepare_reply",
        "role": "approver",
        "department_id": EDUCATION,
        "what": WHAT,
        "href": "/x",
        **more,
    }
    return todos.ask(session, case_no=case, **task)  # type: ignore[arg-type]


def start(session: Session, case: str, days: int) -> None:
    order = Instrument("条例", "Regulation", "国务院令第809号", "Order 809")
    limit = Limit(days, Basis.STATUTORY, "21", order)
    clocks.start(session, case_no=case, kind="reply", limit=limit, started_on=date(2026, 2, 11))


def due_dates(session: Session) -> list[tuple[str, str]]:
    """What an approver sees: case and date, in the order shown."""
    found = todos.open_for(session, person("approver"))
    return [(task.case_no, str(task.due_on)) for task in found]


def test_asking_again_while_open_changes_nothing(session: Session) -> None:
    assert ask(session).id == ask(session).id
    assert ask(session, department_id=None).id == ask(session, department_id=None).id
    assert todos.count_for(session, person("approver")) == 2


def test_a_task_done_can_be_asked_for_again(session: Session) -> None:
    first = ask(session)
    assert todos.done(session, case_no="REQ-2026-000001", kind="prepare_reply", by=None) == 1
    assert todos.done(session, case_no="REQ-2026-000001", kind="prepare_reply", by=None) == 0
    assert ask(session).id != first.id


def test_only_the_role_of_the_department_sees_it(session: Session) -> None:
    ask(session)
    assert len(todos.open_for(session, person("approver"))) == 1
    assert todos.open_for(session, person("approver", POLICE)) == []
    assert todos.open_for(session, person("registrar")) == []


def test_a_task_of_one_person_is_nobody_elses(session: Session) -> None:
    one, other = person("approver"), person("approver")
    ask(session, user_id=one.user_id)
    assert len(todos.open_for(session, one)) == 1
    assert todos.open_for(session, other) == []


def test_the_most_urgent_comes_first(session: Session) -> None:
    notices.load_packaged_calendars(session)
    ask(session, "A")
    for case, days in (("B", 10), ("C", 1)):
        start(session, case, days)
        ask(session, case, clock="reply")
    assert due_dates(session) == [("C", "2026-02-12"), ("B", "2026-03-03"), ("A", "None")]


def test_a_holiday_loaded_later_moves_the_clock_and_its_task(session: Session) -> None:
    notices.load_packaged_calendars(session)
    start(session, "B", 10)
    ask(session, "B", clock="reply")
    amended = [CalendarDay(date(2026, 2, day), False, "春节") for day in range(16, 28)]
    (moved,) = notices.load_calendar(session, 2026, amended, source="amended")
    assert due_dates(session) == [("B", str(moved.due_on))] == [("B", "2026-03-11")]
    clocks.extend(
        session,
        case_no="B",
        kind="reply",
        days=2,
        cap_days=10,
        on=date(2026, 3, 2),
        why=WHAT,
    )
    assert due_dates(session) == [("B", "2026-03-13")]
    clocks.stop(session, case_no="B", kind="reply", on=date(2026, 3, 3), why=WHAT)
    assert due_dates(session) == [("B", "None")]


def test_ticking_off_one_case_leaves_the_others(session: Session) -> None:
    ask(session, "A")
    ask(session, "B")
    todos.done(session, case_no="A", by=uuid7())
    assert [task.case_no for task in todos.open_for(session, person("approver"))] == ["B"]


def test_two_transactions_that_ask_at_once_make_one_task(
    committed_world: Callable[[str], World],
) -> None:
    committed_world("accounts")
    case = f"race-{uuid7().hex[:20]}"
    with Session(engine()) as first, Session(engine()) as second:
        ask(first, case)
        first.commit()
        ask(second, case)
        second.commit()
        assert todos.done(second, case_no=case, by=None) == 1
        second.commit()
