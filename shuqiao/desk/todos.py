"""To-do (待办): what a role of a department, or one person, must do next."""

from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select, update

from shuqiao import clock
from shuqiao.desk.models import Todo
from shuqiao.i18n import Message
from shuqiao.ids import uuid7
from shuqiao.subject import Subject


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
    due_on: date | None = None,
) -> Todo:
    """Give ``role`` of ``department_id``, or ``user_id`` alone, a task.

    Repeating it while open is a no-op.

    ``kind`` names the step in code (``release_reply``); ``what`` is its text for people; ``href``
    leads to the page.
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
            due_on=due_on,
            created_at=clock.now(),
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


def done(session: Session, *, case_no: str, kind: str | None = None, by: UUID | None) -> int:
    """Tick off the open tasks of a case (of one ``kind``, or all); gives how many.

    None left is fine.
    """
    ticked = update(Todo).where(col(Todo.case_no) == case_no, col(Todo.done_at).is_(None))
    if kind is not None:
        ticked = ticked.where(col(Todo.kind) == kind)
    return session.exec(ticked.values(done_at=clock.now(), done_by=by)).rowcount


def find_open(session: Session, *, case_no: str, kind: str) -> Todo | None:
    """The open task of this ``kind`` on a case; of several the oldest."""
    query = select(Todo).where(
        Todo.case_no == case_no, Todo.kind == kind, col(Todo.done_at).is_(None)
    )
    return session.exec(query.order_by(col(Todo.id)).limit(1)).first()


def open_of(session: Session, *, case_no: str) -> list[Todo]:
    """The open tasks of a case, whoever has them, the oldest first."""
    query = select(Todo).where(Todo.case_no == case_no, col(Todo.done_at).is_(None))
    return list(session.exec(query.order_by(col(Todo.id))))


def open_for(session: Session, subject: Subject, *, limit: int = 100) -> list[Todo]:
    """What ``subject`` must do, the most urgent first."""
    order = (col(Todo.due_on).asc().nulls_last(), col(Todo.id))
    return list(session.exec(select(Todo).where(*_of(subject)).order_by(*order).limit(limit)))


def count_for(session: Session, subject: Subject) -> int:
    """How much ``subject`` must do: the number beside the bell."""
    return session.exec(select(func.count()).select_from(Todo).where(*_of(subject))).one()


def _of(subject: Subject):  # type: ignore[no-untyped-def]
    own = col(Todo.user_id) == subject.user_id
    of_role = and_(
        col(Todo.user_id).is_(None),
        col(Todo.role).in_(subject.roles),
        or_(col(Todo.department_id).is_(None), col(Todo.department_id) == subject.department_id),
    )
    return col(Todo.done_at).is_(None), or_(own, of_role)
