"""What is due, together for each entry: the list and its figures. One statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, distinct, func, literal, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from auth.departments.models import Department
from auth.visibility import Columns, visible
from catalog.updates import lifecycle
from catalog.updates.models import CatalogueChange
from catalog.updates.repository.owed import OPEN
from catalog.updates.words import ChangeKind, Urgency
from policies.actions import Action
from shuqiao.db import column
from shuqiao.desk.models import CaseClock
from shuqiao.limits import Basis
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

FACTS: Final[Columns] = {"owner": column(CatalogueChange.provider_id)}
#: So many days ahead is soon.
SOON: Final = timedelta(days=7)
#: Stands for the date of a limit whose calendar is missing: it comes last.
_UNKNOWN: Final = date(9999, 12, 31)
_DUE: Final = func.coalesce(col(CaseClock.due_on), literal(_UNKNOWN))
#: What is owed together: for one entry; new data without an entry stands for itself.
_TOGETHER: Final[ColumnElement[str]] = func.coalesce(
    func.nullif(col(CatalogueChange.resource_code), ""), col(CatalogueChange.change_no)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the board is narrowed to; ``department`` is a code."""

    department: str = ""
    kind: ChangeKind | None = None
    basis: Basis | None = None
    urgency: Urgency | None = None


class Owed(NamedTuple):
    """One update that is owed, with its limit and department."""

    change: CatalogueChange
    clock: CaseClock
    department: Department


class Sum(NamedTuple):
    """How much one department owes: all, of law, overdue of law, overdue of the platform's own."""

    department: str
    code: str
    entries: int
    updates: int
    of_law: int
    overdue_of_law: int
    overdue_of_policy: int


def page(
    session: Session, subject: Subject, asked: Asked, on: date, wanted: PageRequest | None
) -> tuple[Sequence[Owed], str | None]:
    """What ``subject`` may read of what is owed, the most urgent entry first and its updates
    together; one page of entries, or all.
    """
    groups = _of(
        select(_TOGETHER.label("together"), func.min(_DUE).label("due")), subject, asked, on
    )
    first = groups.group_by(_TOGETHER).subquery()
    order = (first.c.due, first.c.together)
    keys: Any = select(first.c.together, first.c.due)
    following = None
    if wanted is None:
        found = session.connection().execute(keys.order_by(*order)).all()
    else:
        rows = session.connection().execute(wanted.keyset(keys, *order)).all()
        found, following = wanted.cut(rows, lambda row: (row.due, row.together))
    place = {row.together: number for number, row in enumerate(found)}
    query = _of(select_rows(CatalogueChange, CaseClock, Department), subject, asked, on)
    owed = [Owed(*row) for row in session.exec(query.where(_TOGETHER.in_(list(place))))]
    owed.sort(key=lambda row: (place[together(row.change)], row.change.change_no))
    return owed, following


def together(change: CatalogueChange) -> str:
    """What an update is shown together under."""
    return change.resource_code or change.change_no


def figures(session: Session, subject: Subject, asked: Asked, on: date) -> Sequence[Sum]:
    """The same by department, the most overdue first."""
    is_law, is_late = col(CaseClock.basis) != Basis.POLICY, col(CaseClock.due_on) < on
    late_law = _count(and_(is_law, is_late))
    query = _of(
        select(
            col(Department.name),
            col(Department.code),
            func.count(distinct(_TOGETHER)),
            func.count(),
            _count(is_law),
            late_law,
            _count(and_(~is_law, is_late)),
        ),
        subject,
        asked,
        on,
    )
    query = query.group_by(col(Department.id)).order_by(
        late_law.desc(), func.count().desc(), col(Department.code)
    )
    return [Sum(*row) for row in session.connection().execute(query)]


def _count(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((of, 1)))


def _of(query: Any, subject: Subject, asked: Asked, on: date) -> Any:
    query = (
        query.select_from(CatalogueChange)
        .join(
            CaseClock,
            and_(
                col(CaseClock.case_no) == col(CatalogueChange.change_no),
                col(CaseClock.kind) == lifecycle.UPDATE,
            ),
        )
        .join(Department, col(Department.id) == col(CatalogueChange.provider_id))
        .where(OPEN, visible(Action.UPDATE_READ, subject, FACTS))
    )
    if asked.department:
        query = query.where(col(Department.code) == asked.department)
    if asked.kind is not None:
        query = query.where(col(CatalogueChange.kind) == asked.kind)
    if asked.basis is not None:
        query = query.where(col(CaseClock.basis) == asked.basis)
    if asked.urgency is Urgency.OVERDUE:
        query = query.where(col(CaseClock.due_on) < on)
    if asked.urgency is Urgency.SOON:
        query = query.where(col(CaseClock.due_on).between(on, on + SOON))
    return query
