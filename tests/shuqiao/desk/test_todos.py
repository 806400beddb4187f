from collections.abc import Callable
from datetime import date
from uuid import UUID

from fixtures.worlds import World
from sqlmodel import Session

from shuqiao.db import engine
from shuqiao.desk import todos
from shuqiao.i18n import _
from shuqiao.ids import uuid7
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
    ask(session, "A")
    ask(session, "B", due_on=date(2026, 3, 3))
    ask(session, "C", due_on=date(2026, 2, 12))
    assert [task.case_no for task in todos.open_for(session, person("approver"))] == ["C", "B", "A"]


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
