"""The register of departments and accounts as administrators read it:
who is there, with which roles, since when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, text
from sqlalchemy import select as plain_select
from sqlmodel import Session, col, select

from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.roles import Role
from auth.sessions.models import LoginSession
from auth.sessions.service import throttle
from auth.tokens.models import ServiceToken
from shuqiao.db import column
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.web.paging import PageRequest

#: Roles without which work of a department stands still: registering, consenting, deciding.
NEEDED: Final = (Role.REGISTRAR, Role.DEPARTMENT_HEAD, Role.APPROVER, Role.SHARING_HEAD)


class AccountState(StrEnum):
    """What an account is at the moment, for filters and tags."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHOUT_ROLES = "without_roles"

    @property
    def label(self) -> Message:
        return _STATES[self]


_STATES: Final[Mapping[AccountState, Message]] = {
    AccountState.ACTIVE: _("In use"),
    AccountState.SUSPENDED: _("Suspended"),
    AccountState.WITHOUT_ROLES: _("Without roles"),
}


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department with its active accounts, and the needed roles
    nobody active holds there (岗位空缺).
    """

    code: str
    name: str
    accounts: int
    holders: Mapping[Role, int]
    vacant: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with what administrators must know of it; no secret."""

    id: UUID
    account: str
    name: str
    department_code: str
    department: str
    roles: tuple[Role, ...]
    is_active: bool
    is_password_temporary: bool
    is_locked: bool
    sessions: int
    tokens: int
    signed_in_at: datetime | None
    created_at: datetime

    @property
    def state(self) -> AccountState:
        if not self.is_active:
            return AccountState.SUSPENDED
        return AccountState.ACTIVE if self.roles else AccountState.WITHOUT_ROLES


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an administrator looks for; everything empty: all accounts."""

    words: str = ""
    department: str = ""
    role: Role | None = None
    state: AccountState | None = None


def departments(session: Session) -> list[DepartmentRow]:
    """All departments by code. A hundred or a thousand of them are one query and one page."""
    held = _holders(session)
    rows = session.exec(select(Department).order_by(col(Department.code))).all()
    return [_department(row, held.get(row.id, {})) for row in rows]


def department_row(session: Session, found: Department) -> DepartmentRow:
    return _department(found, _holders(session, found.id).get(found.id, {}))


def page(
    session: Session, wanted: Wanted, asked: PageRequest
) -> tuple[list[AccountRow], str | None]:
    """One page of accounts by name, and the cursor of the next."""
    query = plain_select(AppUser, Department).join(
        Department, col(Department.id) == AppUser.department_id
    )
    fitting: Any = query.where(*_fitting(wanted))
    rows = session.execute(asked.keyset(fitting, column(AppUser.account))).all()
    kept, following = asked.cut(rows, lambda row: (row[0].account,))
    return _shown(session, [(user, home) for user, home in kept]), following


def count(session: Session, wanted: Wanted) -> int:
    query = (
        select(func.count())
        .select_from(AppUser)
        .join(Department, col(Department.id) == AppUser.department_id)
    )
    return session.exec(query.where(*_fitting(wanted))).one()


def account_row(session: Session, user: AppUser) -> AccountRow:
    """One account as the list shows it."""
    return _shown(session, [(user, session.get_one(Department, user.department_id))])[0]


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


def _holders(
    session: Session, department_id: UUID | None = None
) -> dict[UUID, dict[Role | None, int]]:
    """Active accounts by department and role; under None all active accounts of the department."""
    query = text(
        "SELECT department_id, role, count(DISTINCT id) FROM ("
        " SELECT id, department_id, unnest(roles) AS role FROM app_user WHERE is_active"
        " UNION ALL SELECT id, department_id, NULL FROM app_user WHERE is_active) AS held"
        " WHERE CAST(:department AS uuid) IS NULL OR department_id = :department GROUP BY "
        "department_id, role"
    )
    found: dict[UUID, dict[Role | None, int]] = {}
    for department, role, number in session.connection().execute(
        query, {"department": department_id}
    ):
        found.setdefault(department, {})[Role(role) if role else None] = number
    return found


def _department(row: Department, held: Mapping[Role | None, int]) -> DepartmentRow:
    by_role = {role: held[role] for role in Role if held.get(role)}
    vacant = tuple(role for role in NEEDED if role not in by_role)
    return DepartmentRow(row.code, row.name, held.get(None, 0), by_role, vacant)


def _shown(session: Session, rows: Sequence[tuple[AppUser, Department]]) -> list[AccountRow]:
    ids = [user.id for user, _home in rows]
    live, last = _sessions(session, ids), _last_sign_in(session, ids)
    tokens = _tokens(session, ids)
    locked = throttle.locked(session, [user.account for user, _home in rows])
    return [
        AccountRow(
            user.id,
            user.account,
            user.name,
            home.code,
            home.name,
            tuple(role for role in Role if role in user.roles),
            user.is_active,
            user.is_password_temporary,
            user.account in locked,
            live.get(user.id, 0),
            tokens.get(user.id, 0),
            last.get(user.id),
            user.created_at,
        )
        for user, home in rows
    ]


def _sessions(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    query = select(LoginSession.user_id, func.count()).where(
        col(LoginSession.user_id).in_(ids),
        col(LoginSession.ended_at).is_(None),
        col(LoginSession.expires_at) > text("now()"),
        col(LoginSession.seen_at)
        > text(f"now() - interval '{int(settings().session_idle_minutes)} minutes'"),
    )
    return dict(session.exec(query.group_by(col(LoginSession.user_id))).all())


def _last_sign_in(session: Session, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    query = select(LoginSession.user_id, func.max(col(LoginSession.created_at)))
    return dict(
        session.exec(
            query.where(col(LoginSession.user_id).in_(ids)).group_by(col(LoginSession.user_id))
        ).all()
    )


def _tokens(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    query = select(ServiceToken.user_id, func.count()).where(
        col(ServiceToken.user_id).in_(ids),
        col(ServiceToken.revoked_at).is_(None),
        col(ServiceToken.expires_at) > text("now()"),
    )
    return dict(session.exec(query.group_by(col(ServiceToken.user_id))).all())
