"""What is overdue is passed on (超期逐级提醒): who has the task keeps it, and the next seat of the
way in ``policies/deadlines.toml`` gets one beside it.

Works on every clock that runs, whatever its case. Silence escalates; it never approves.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts import repository as accounts
from auth.roles import Role
from policies.deadlines import Escalation, deadlines
from shuqiao import observed
from shuqiao.desk import clocks, notices, todos
from shuqiao.desk.calendar import CalendarMissing, worked_days_ago
from shuqiao.desk.models import CaseClock, Todo
from shuqiao.i18n import Message, _
from shuqiao.limits import Basis
from shuqiao.subject import Subject

#: Clocks that one transaction passes on; the sweeper comes again while there are more.
BATCH: Final = 200
_LAW: Final = (Basis.STATUTORY, Basis.LOCAL)
_POLICY: Final = (Basis.POLICY,)


def escalate(session: Session, *, limit: int = BATCH) -> int:
    """Pass on what has been overdue for long enough; gives how many clocks it dealt with, at most
    ``limit``. Two sweepers at once tell nobody twice; without its calendar nothing is overdue yet.
    """
    table, done, on = deadlines(), 0, observed.sure_day(session)
    if on is None:
        return 0
    for basis, way in ((_LAW, table.of_law), (_POLICY, table.of_policy)):
        for told, step in enumerate(way):
            try:
                before = worked_days_ago(session, on, step.after_working_days)
            except CalendarMissing:
                return done
            for clock in clocks.to_escalate(
                session, basis=basis, before=before, told=told, limit=limit - done
            ):
                _pass_on(session, clock, step)
                done += 1
    return done


def count_waiting(session: Session) -> int:
    """Date the clocks that only wait for being counted, each with its event; gives how many."""
    dated = notices.count_waiting(session)
    for clock in dated:
        append(
            session,
            Subject.system("worker"),
            Event.CLOCK_RECOUNTED,
            stream=stream_of(clock),
            obj=ObjectRef("CaseClock", f"{clock.case_no}/{clock.kind}", clock.version),
            why={"clock": clock.kind, "due_on": clock.due_on},
        )
    return len(dated)


def stream_of(clock: CaseClock) -> str:
    """Where its events go: of a part, such as an edition, into the stream of its whole."""
    return clock.case_no.partition("#")[0]


def _pass_on(session: Session, clock: CaseClock, step: Escalation) -> None:
    """One event on the case, which names the tasks beside which the seat got one."""
    clock.escalated += 1
    session.add(clock)
    asked = list(_asked(session, clock, Role(step.to)))
    append(
        session,
        Subject.system("worker"),
        Event.CLOCK_ESCALATED,
        stream=stream_of(clock),
        obj=ObjectRef("CaseClock", f"{clock.case_no}/{clock.kind}", clock.version),
        why={
            "clock": clock.kind,
            "due_on": clock.due_on,
            "basis": clock.basis,
            "to": step.to,
            "step": clock.escalated,
            "tasks": asked,
        },
    )


def _asked(session: Session, clock: CaseClock, to: Role) -> Iterator[str]:
    """The kinds of the tasks of ``clock`` that have one beside them now, each once."""
    for todo in todos.open_of(session, case_no=clock.case_no):
        if todo.clock != clock.kind or todo.kind.startswith(todos.URGED) or todo.role == to:
            continue
        for department_id in _departments(session, todo, to):
            todos.ask(
                session,
                case_no=clock.case_no,
                kind=todos.urged(todo.kind),
                role=to,
                department_id=department_id,
                what=_("Overdue, see to it: %(task)s", task=Message.from_json(todo.what)),
                href=todo.href,
                clock=clock.kind,
            )
        yield todo.kind


def _departments(session: Session, todo: Todo, to: Role) -> set[UUID | None]:
    """Whose ``to`` is told: of the department that has the task, where a department has it; the
    data administration wherever it is.
    """
    if to is Role.DATA_ADMIN:
        return {None}
    if todo.user_id is not None:
        return {accounts.by_id(session, todo.user_id).department_id}
    if todo.department_id is not None:
        return {todo.department_id}
    return {user.department_id for user in accounts.holders(session, Role(todo.role))}
