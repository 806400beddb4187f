"""What is overdue (逾期清单): open clocks past their date, each with the task that waits by it.

Beside what has passed its limit stands what has passed the uninterrupted date of a limit of law
that is stopped: no breach, a warning.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from shuqiao.desk.models import CaseClock, Todo
from shuqiao.desk.todos import URGED
from shuqiao.limits import Basis
from shuqiao.web.paging import PageRequest


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose tasks are seen: those of a department, by its id, by the people in it, and by the roles
    that only somebody there may hold. ``is_law_everywhere``: every limit of law beside them.
    """

    department_id: UUID | None
    user_ids: Collection[UUID]
    roles: Collection[str]
    is_law_everywhere: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to: how the limit is based, which clock, the start of a number."""

    basis: Basis | None = None
    clock: str | None = None
    case_no: str = ""


class Late(NamedTuple):
    """``todo``: None where nobody has a task by that clock. ``passed``: the date that is over."""

    clock: CaseClock
    todo: Todo | None
    passed: date
    is_breach: bool


_IS_LAW: Final = col(CaseClock.basis) != Basis.POLICY
_ID: Final[ColumnElement[Any]] = func.coalesce(col(Todo.id), col(CaseClock.id))


def page(
    session: Session, on: date, reach: Reach, asked: Asked, wanted: PageRequest | None = None
) -> tuple[Sequence[Late], str | None]:
    """What is overdue on the day ``on``, the longest overdue first; all without ``wanted``."""
    breach = and_(col(CaseClock.due_on).is_not(None), col(CaseClock.due_on) < on)
    passed: ColumnElement[Any] = case(
        (breach, col(CaseClock.due_on)), else_=col(CaseClock.uninterrupted_due_on)
    )
    query: Select[Any] = (
        select_columns(CaseClock, Todo, passed, breach)
        .outerjoin(
            Todo,
            and_(
                col(Todo.case_no) == col(CaseClock.case_no),
                col(Todo.clock) == col(CaseClock.kind),
                col(Todo.done_at).is_(None),
                col(Todo.kind).not_like(f"{URGED}%"),
            ),
        )
        .where(
            col(CaseClock.closed_on).is_(None),
            or_(breach, and_(_IS_LAW, col(CaseClock.uninterrupted_due_on) < on)),
            _within(reach),
            *_narrowed(asked),
        )
    )
    order = (passed, _ID)
    if wanted is None:
        return [Late(*row) for row in session.execute(query.order_by(*order))], None
    rows = [Late(*row) for row in session.execute(wanted.keyset(query, *order))]
    return wanted.cut(rows, lambda row: (row.passed, row.todo.id if row.todo else row.clock.id))


def count(session: Session, on: date) -> list[tuple[str, Basis, int]]:
    """How many open limits are over on the day ``on``, by kind of the clock and basis."""
    query = (
        select_columns(col(CaseClock.kind), col(CaseClock.basis), func.count())
        .where(col(CaseClock.closed_on).is_(None), col(CaseClock.due_on) < on)
        .group_by(col(CaseClock.kind), col(CaseClock.basis))
    )
    return [(kind, basis, number) for kind, basis, number in session.execute(query)]


def _within(reach: Reach) -> ColumnElement[bool]:
    own = or_(
        col(Todo.department_id) == reach.department_id,
        col(Todo.user_id).in_(reach.user_ids),
        and_(
            col(Todo.department_id).is_(None),
            col(Todo.user_id).is_(None),
            col(Todo.role).in_(reach.roles),
        ),
    )
    return or_(own, _IS_LAW if reach.is_law_everywhere else false())


def _narrowed(asked: Asked) -> list[ColumnElement[bool]]:
    parts = []
    if asked.basis is not None:
        parts.append(col(CaseClock.basis) == asked.basis)
    if asked.clock is not None:
        parts.append(col(CaseClock.kind) == asked.clock)
    if asked.case_no:
        parts.append(col(CaseClock.case_no).startswith(asked.case_no, autoescape=True))
    return parts
