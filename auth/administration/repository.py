"""Every SQL statement by which administrators read departments and accounts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, text
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from auth.accounts.models import AppUser
from auth.administration.schemas import Wanted
from auth.administration.words import AccountState
from auth.departments.models import Department
from auth.roles import Role
from shuqiao.db import column
from shuqiao.web.paging import PageRequest


def page(
    session: Session, wanted: Wanted, asked: PageRequest
) -> tuple[list[tuple[AppUser, Department]], str | None]:
    """One page of accounts by name, each with its department, and the cursor of the next."""
    query = select_rows(AppUser, Department).join(
        Department, col(Department.id) == AppUser.department_id
    )
    fitting: Any = query.where(*_fitting(wanted))
    rows = session.execute(asked.keyset(fitting, column(AppUser.account))).all()
    kept, following = asked.cut(rows, lambda row: (row[0].account,))
    return [(user, home) for user, home in kept], following


def count(session: Session, wanted: Wanted) -> int:
    """How many accounts are like that."""
    query = (
        select(func.count())
        .select_from(AppUser)
        .join(Department, col(Department.id) == AppUser.department_id)
    )
    return session.exec(query.where(*_fitting(wanted))).one()


def holders(
    session: Session, department_id: UUID | None = None
) -> Mapping[UUID, Mapping[Role | None, int]]:
    """Active accounts by department and role; under None all active accounts of the department."""
    query = text(
        "SELECT department_id, role, count(DISTINCT id) FROM ("
        " SELECT id, department_id, unnest(roles) AS role FROM app_user WHERE is_active"
        " UNION ALL SELECT id, department_id, NULL FROM app_user WHERE is_active) AS held"
        " WHERE CAST(:department AS uuid) IS NULL OR department_id = :department GROUP BY "
        "department_id, role"
    )
    found: dict[UUID, dict[Role | None, int]] = {}
    rows: Sequence[Any] = session.connection().execute(query, {"department": department_id}).all()
    for department, role, number in rows:
        found.setdefault(department, {})[Role(role) if role else None] = number
    return found


def _fitting(wanted: Wanted) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for word in wanted.words.split()[:5]:
        fields = (col(AppUser.account), col(AppUser.name), col(Department.name))
        clauses.append(or_(*(field.icontains(word, autoescape=True) for field in fields)))
    if wanted.department:
        clauses.append(col(Department.code) == wanted.department)
    if wanted.role is not None:
        clauses.append(col(AppUser.roles).contains([wanted.role.value]))
    if wanted.state is AccountState.SUSPENDED:
        clauses.append(col(AppUser.is_active).is_(False))
    elif wanted.state is not None:
        has_roles = func.cardinality(col(AppUser.roles)) > 0
        clauses += [
            col(AppUser.is_active).is_(True),
            has_roles if wanted.state is AccountState.ACTIVE else ~has_roles,
        ]
    return clauses
