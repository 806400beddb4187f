"""Taking a step of a case (办理环节): the one function behind every life cycle.

What a step does is told in its row (``auth.steps``). ``take`` looks whether the state and the
version allow it, changes the state, starts and ends clocks, leaves the event, closes and opens
to-dos and tells whoever is to know – all in the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypedDict, TypeVar
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, Recorded, append
from auth.accounts import repository as accounts
from auth.guard import Governed, is_allowed
from auth.roles import Role
from auth.steps import AtWork, DidWork, Lifecycle, Notice, Person, Seat, State, Step, Tasks, Todo
from policies.clocks import Clock
from policies.deadlines import Deadline, deadlines
from shuqiao.clock import today
from shuqiao.desk import clocks, messages, todos
from shuqiao.desk.models import CaseClock
from shuqiao.errors import ShuqiaoError
from shuqiao.subject import Subject

S = TypeVar("S", bound=State)


class Case(Governed, Protocol[S]):
    """What a model with a life cycle says of itself; its departments and people are columns."""

    @property
    def version(self) -> int:
        """Counts the changes; what a caller saw is compared with it."""

    @property
    def state(self) -> S: ...

    def enter(self, state: S) -> None:
        """Take on the state, and with it the next version."""

    def told(self) -> Mapping[str, Any]:
        """The words by which texts and addresses name the case."""

    def not_now(self, step: Step[S]) -> ShuqiaoError:
        """The refusal of a step that the present state does not allow."""

    def changed(self) -> ShuqiaoError:
        """The refusal of a step on a version that is not the present one."""


class Addressee(TypedDict):
    """To whom a to-do goes: a seat, or one person."""

    role: str
    department_id: UUID | None
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Part:
    """What the event is about when it is not the case itself but a part of it, such as a file."""

    ref: ObjectRef
    change: tuple[str | None, str | None]


def case_no(case: Governed) -> str:
    """The number on which the clocks and tasks of a case hang: the one its events name it by. A
    part with a life of its own, such as an edition, has its own.
    """
    return case.audit_ref().id


def check(case: Case[S], step: Step[S], version: int | None = None) -> None:
    """Whether the step is possible now. Raises what the case says of its state, or its version."""
    if case.state not in step.at:
        raise case.not_now(step)
    if version is not None and version != case.version:
        raise case.changed()


def possible(subject: Subject, case: Case[S], lifecycle: Lifecycle[S]) -> Sequence[Step[S]]:
    """The steps that ``subject`` may take now: the buttons of a page. What they lead to asks
    again.
    """
    return [
        step
        for step in lifecycle.possible(case.state)
        if step.action is not None and is_allowed(subject, step.action, case)
    ]


def take(
    session: Session,
    subject: Subject,
    case: Case[S],
    step: Step[S],
    version: int | None = None,
    *,
    to: S | None = None,
    why: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    limit: Deadline | None = None,
    since: date | None = None,
    part: Part | None = None,
    stood: S | None = None,
) -> Recorded:
    """Do what the row says. Flushes and records, never commits.

    ``version``: the one the caller saw, None where nobody saw one. ``to``: where a step leads that
    may lead to several states. ``why``: facts of the event; ``words``: what texts name beside the
    case; ``limit``: of the clock that begins, where the clock's own word does not say it;
    ``since``: its first day, where that is another one than that of the step. ``stood``: the state
    of what ``case`` took the place of, where the step was checked upon and that row is gone.
    """
    before = stood
    assert stood is None or stood in step.at, "a step is taken from a state of its own"
    if step.at:
        if before is None:
            check(case, step, version)
            before = case.state
        if not step.is_note:
            case.enter(step.leads(before, to))
    _sign(case, step, subject)
    session.add(case)
    for kind in step.ends:
        clocks.close(session, case_no=case_no(case), kind=kind, on=today())
    started = _start(session, case, step, limit, since or today())
    if started is not None and step.starts is not None and step.starts.is_due_told:
        why = {**(why or {}), "due_on": started.due_on} if started.due_on else why
    change = (None if before is None else str(before), str(case.state))
    done = append(
        session,
        subject,
        step.event_at(case.state),
        stream=case.audit_stream(),
        obj=part.ref if part else case.audit_ref(),
        result=step.result,
        why=why,
        change=part.change if part else change if step.has_change else None,
    )
    _settle(session, subject, case, step, {**case.told(), **(words or {})})
    return done


def _sign(case: Case[S], step: Step[S], subject: Subject) -> None:
    """Keep who took the step, for the rules by which the same person may not take another."""
    if subject.user_id is None:
        return
    for column in step.signs:
        held = getattr(case, column)
        if not isinstance(held, list):
            setattr(case, column, subject.user_id)
        elif subject.user_id not in held:  # another list: a change inside one is not noticed
            setattr(case, column, [*held, subject.user_id])


def _start(
    session: Session, case: Case[S], step: Step[S], limit: Deadline | None, since: date
) -> CaseClock | None:
    """The first day of a limit is not counted."""
    if step.starts is None:
        return None
    if step.starts.goes_on and clocks.is_open(session, case_no(case), step.starts.clock):
        return None
    limit = limit or deadlines()[Clock(step.starts.clock)]
    return clocks.start(
        session,
        case_no=case_no(case),
        kind=step.starts.clock,
        limit=limit.given,
        started_on=since,
    )


def _settle(
    session: Session, subject: Subject, case: Case[S], step: Step[S], words: Mapping[str, Any]
) -> None:
    """What people are told, and what they have to do: told first, while those at work still are."""
    for notice in step.tells:
        _tell(session, subject, case, notice, words)
    if step.tasks is not Tasks.KEPT:
        by = subject.user_id if step.tasks is Tasks.DONE else None
        kept = {todo.kind for todo in step.keeps}
        kept |= {todos.urged(kind) for kind in kept}
        todos.done(session, case_no=case_no(case), by=by, but=kept)
    if step.opens is not None:
        ask(session, case, step.opens, words)


def ask(
    session: Session,
    case: Case[S],
    todo: Todo,
    words: Mapping[str, Any] | None = None,
    *,
    under: str | None = None,
) -> None:
    """Open the to-do, by a step or by something that befell the case; open already, it stays.

    ``under``: the case number, where it is not the one of ``case``.
    """
    words = {**case.told(), **(words or {})}
    todos.ask(
        session,
        case_no=under or case_no(case),
        kind=todo.kind,
        what=todo.what.filled(words),
        href=todo.page.format_map(words),
        clock=todo.clock,
        **_addressee(case, todo.seat),
    )


def _addressee(case: Case[S], seat: Seat | Person) -> Addressee:
    if isinstance(seat, Person):
        return {"role": seat.role, "department_id": None, "user_id": getattr(case, seat.column)}
    return {"role": seat.role, "department_id": _department(case, seat), "user_id": None}


def _tell(
    session: Session, subject: Subject, case: Case[S], notice: Notice, words: Mapping[str, Any]
) -> None:
    people = {user_id for each in notice.to for user_id in _people(session, subject, case, each)}
    what, href = notice.what.filled(words), notice.page.format_map(words)
    messages.send(session, user_ids=people, what=what, href=href)


def _people(
    session: Session, subject: Subject, case: Case[S], whom: Seat | Person | AtWork | DidWork
) -> set[UUID]:
    if isinstance(whom, Person):
        return {getattr(case, whom.column)}
    if isinstance(whom, AtWork):
        return _at_work(session, case) - {subject.user_id}
    if isinstance(whom, DidWork):
        return todos.doers(session, case_no=case_no(case)) - {subject.user_id}
    return {user.id for user in accounts.holders(session, whom.role, _department(case, whom))}


def _at_work(session: Session, case: Case[S]) -> set[UUID]:
    people: set[UUID] = set()
    for todo in todos.open_of(session, case_no=case_no(case)):
        if todo.user_id is not None:
            people.add(todo.user_id)
        else:
            seat = accounts.holders(session, Role(todo.role), todo.department_id)
            people.update(user.id for user in seat)
    return people


def _department(case: Case[S], seat: Seat) -> UUID | None:
    found: UUID | None = getattr(case, seat.at) if seat.at else None
    return found
