"""To-do (待办): what a role of a department, or one person, must do next, and by which clock.

A to-do keeps no date. Whoever lists it reads the date of its clock as it is now.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from shuqiao.clock import now
from shuqiao.desk.models import CaseClock, Todo
from shuqiao.i18n import Message
from shuqiao.ids import uuid7
from shuqiao.subject import Subject

#: What the kind of a task begins with that stands beside one that is overdue.
URGED: Final = "overdue_"


@dataclass(frozen=True, slots=True)
class OpenTodo:
    """An open task with the date of its clock: None without one, or while it has no date."""

    id: UUID
    case_no: str
    kind: str
    what: dict[str, Any]
    href: str
    clock: str
    due_on: date | None
    created_at: datetime
    done_at: None = None


def ask(
    session: Session,
    *,
    case_no: str,
    kind: str,
    role: str,
    what: Message,
    href: str,
    department_id: UUID | None = None,
    user_id: UUID | None = None,
    clock: str = "",
) -> Todo:
    """Give ``role`` of ``department_id``, or ``user_id`` alone, a task.

    Repeating it while open is a no-op.

    ``kind`` names the step in code (``release_reply``); ``what`` is its text for people; ``href``
    leads to the page; ``clock`` is the kind of the case's clock by which it is due.
    """
    # Raced twice, the second waits for the first's commit and then
    # finds the row: one task, no error.
    session.exec(
        insert(Todo)
        .values(
            id=uuid7(),
            case_no=case_no,
            kind=kind,
            role=role,
            department_id=department_id,
            user_id=user_id,
            what=what.to_json(),
            href=href,
            clock=clock,
            created_at=now(),
        )
        .on_conflict_do_nothing(
            index_elements=["case_no", "kind", "role", "department_id", "user_id"],
            index_where=col(Todo.done_at).is_(None),
        )
    )
    return session.exec(
        select(Todo).where(
            Todo.case_no == case_no,
            Todo.kind == kind,
            Todo.role == role,
            col(Todo.department_id).is_not_distinct_from(department_id),
            col(Todo.user_id).is_not_distinct_from(user_id),
            col(Todo.done_at).is_(None),
        )
    ).one()


def urged(kind: str) -> str:
    """The kind of the task beside one of ``kind`` that is overdue."""
    return f"{URGED}{kind}"[:60]


def done(
    session: Session,
    *,
    case_no: str,
    kind: str | None = None,
    by: UUID | None,
    but: Collection[str] = (),
    department_id: UUID | None = None,
) -> int:
    """Tick off the open tasks of a case (of one ``kind``, or all ``but`` some; of one department,
    where a kind is asked of several); gives how many.

    None left is fine.
    """
    ticked = update(Todo).where(col(Todo.case_no) == case_no, col(Todo.done_at).is_(None))
    if kind is not None:
        ticked = ticked.where(col(Todo.kind).in_((kind, urged(kind))))
    if department_id is not None:
        ticked = ticked.where(col(Todo.department_id) == department_id)
    if but:
        ticked = ticked.where(col(Todo.kind).not_in(but))
    return session.exec(ticked.values(done_at=now(), done_by=by)).rowcount


def hand_over(session: Session, *, case_no: str, before: UUID, after: UUID) -> None:
    """The open tasks of a case that a department has are the other one's from now on; those that
    it has itself fall away.
    """
    moved = update(Todo).where(
        col(Todo.case_no) == case_no,
        col(Todo.department_id) == before,
        col(Todo.done_at).is_(None),
    )
    own = aliased(Todo)
    has_it = select(own.id).where(
        col(own.case_no) == case_no,
        col(own.department_id) == after,
        col(own.kind) == col(Todo.kind),
        col(own.role) == col(Todo.role),
        col(own.user_id).is_not_distinct_from(col(Todo.user_id)),
        col(own.done_at).is_(None),
    )
    session.exec(moved.where(has_it.exists()).values(done_at=now()))
    session.exec(moved.values(department_id=after))


def find_open(session: Session, *, case_no: str, kind: str) -> Todo | None:
    """The open task of this ``kind`` on a case; of several the oldest."""
    query = select(Todo).where(
        Todo.case_no == case_no, Todo.kind == kind, col(Todo.done_at).is_(None)
    )
    return session.exec(query.order_by(col(Todo.created_at), col(Todo.id)).limit(1)).first()


def open_of(session: Session, *, case_no: str) -> list[Todo]:
    """The open tasks of a case, whoever has them, the oldest first."""
    query = select(Todo).where(Todo.case_no == case_no, col(Todo.done_at).is_(None))
    return list(session.exec(query.order_by(col(Todo.created_at), col(Todo.id))))


def doers(session: Session, *, case_no: str) -> set[UUID]:
    """Who has done a task of the case."""
    query = select(Todo.done_by).where(Todo.case_no == case_no, col(Todo.done_by).is_not(None))
    return {who for who in session.exec(query) if who is not None}


def open_for(session: Session, subject: Subject, *, limit: int = 100) -> list[OpenTodo]:
    """What ``subject`` must do, the most urgent first."""
    order = (col(CaseClock.due_on).asc().nulls_last(), col(Todo.id))
    query = select(Todo, col(CaseClock.due_on)).outerjoin(CaseClock, _is_its_clock())
    return [
        OpenTodo(
            todo.id,
            todo.case_no,
            todo.kind,
            todo.what,
            todo.href,
            todo.clock,
            due_on,
            todo.created_at,
        )
        for todo, due_on in session.exec(query.where(*_of(subject)).order_by(*order).limit(limit))
    ]


def count_for(session: Session, subject: Subject) -> int:
    """How much ``subject`` must do: the number beside the bell."""
    return session.exec(select(func.count()).select_from(Todo).where(*_of(subject))).one()


def _is_its_clock() -> ColumnElement[bool]:
    return and_(
        col(CaseClock.case_no) == col(Todo.case_no),
        col(CaseClock.kind) == col(Todo.clock),
        col(CaseClock.closed_on).is_(None),
    )


def _of(subject: Subject):  # type: ignore[no-untyped-def]
    own = col(Todo.user_id) == subject.user_id
    of_role = and_(
        col(Todo.user_id).is_(None),
        col(Todo.role).in_(subject.roles),
        or_(col(Todo.department_id).is_(None), col(Todo.department_id) == subject.department_id),
    )
    return col(Todo.done_at).is_(None), or_(own, of_role)
