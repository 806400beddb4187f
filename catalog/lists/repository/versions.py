"""The versions of the lists."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from auth.departments.models import Department
from catalog.demand.models import Demand
from catalog.demand.repository.cases import visible_to
from catalog.lists.models import ListVersion
from catalog.lists.repository.lines import of_department
from catalog.lists.schemas import Scope
from catalog.lists.words import ListKind
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

Dated = tuple[ListVersion, Department]


def page(
    session: Session,
    subject: Subject,
    asked: PageRequest,
    scope: Scope,
    kind: ListKind | None = None,
) -> tuple[Sequence[Dated], str | None]:
    """The versions of a scope, the latest first; of one list, or of all."""
    query = select(ListVersion, Department).join(
        Department, col(Department.id) == col(ListVersion.department_id)
    )
    query = query.where(*of_department(scope), _seen_by(subject))
    if kind is not None:
        query = query.where(col(ListVersion.kind) == kind)
    order = (
        column(ListVersion.at),
        column(ListVersion.kind),
        column(Department.code),
        column(ListVersion.number),
    )
    rows = session.exec(asked.keyset(query, *order, descending=True)).all()
    return asked.cut(rows, lambda row: (row[0].at, row[0].kind.value, row[1].code, row[0].number))


def between(
    session: Session,
    subject: Subject,
    kind: ListKind,
    scope: Scope,
    after: datetime,
    until: datetime,
    limit: int,
) -> Sequence[Dated]:
    """The versions after one moment and up to another, the oldest first."""
    query = (
        select(ListVersion, Department)
        .join(Department, col(Department.id) == col(ListVersion.department_id))
        .where(
            ListVersion.kind == kind,
            col(ListVersion.at) > after,
            col(ListVersion.at) <= until,
            *of_department(scope),
            _seen_by(subject),
        )
        .order_by(col(ListVersion.at), col(Department.code), col(ListVersion.number))
        .limit(limit)
    )
    return session.exec(query).all()


def one(session: Session, kind: ListKind, department: str, number: int) -> ListVersion | None:
    """The version of this number of the list of a department."""
    query = (
        select(ListVersion)
        .join(Department, col(Department.id) == col(ListVersion.department_id))
        .where(
            ListVersion.kind == kind, Department.code == department, ListVersion.number == number
        )
    )
    return session.exec(query).first()


def latest(session: Session, kind: ListKind, department: str, at: datetime) -> ListVersion | None:
    """The version that stood at a moment."""
    query = (
        select(ListVersion)
        .join(Department, col(Department.id) == col(ListVersion.department_id))
        .where(ListVersion.kind == kind, Department.code == department, col(ListVersion.at) <= at)
        .order_by(col(ListVersion.number).desc())
    )
    return session.exec(query.limit(1)).first()


def count(session: Session, kind: ListKind, scope: Scope, at: datetime) -> int:
    """How many versions there had been by then."""
    query = (
        select(func.count())
        .select_from(ListVersion)
        .join(Department, col(Department.id) == col(ListVersion.department_id))
        .where(ListVersion.kind == kind, col(ListVersion.at) <= at, *of_department(scope))
    )
    return int(session.exec(query).one())


def _seen_by(subject: Subject) -> ColumnElement[bool]:
    """A version of a demand list is known to whom the demand is."""
    seen = select(Demand.demand_no).where(visible_to(subject))
    return or_(column(ListVersion.kind) != ListKind.DEMAND, col(ListVersion.reference).in_(seen))
