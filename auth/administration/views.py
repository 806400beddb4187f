"""The register of departments and accounts as administrators read it:
who is there, with which roles, since when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from auth.accounts.models import AppUser
from auth.administration import repository
from auth.administration.schemas import Wanted
from auth.administration.words import NEEDED, AccountState
from auth.departments import repository as register
from auth.departments.models import Department
from auth.roles import Role
from auth.sessions.repository import sessions
from auth.sessions.service import throttle
from auth.tokens import repository as tokens
from shuqiao.web.paging import PageRequest


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department with its active accounts, and the needed roles nobody active holds there
    (岗位空缺); one that has ended needs none.
    """

    code: str
    name: str
    accounts: int
    holders: Mapping[Role, int]
    vacant: tuple[Role, ...]
    ended_on: date | None = None
    #: The department that bore a name of this look before, when both were there already.
    looks_like: Department | None = None


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


def departments(session: Session) -> list[DepartmentRow]:
    """All departments by code. A hundred or a thousand of them are one query and one page."""
    held = repository.holders(session)
    rows = register.listed(session)
    known = {row.id: row for row in rows}
    return [_department(row, held.get(row.id, {}), known) for row in rows]


def department_row(session: Session, found: Department) -> DepartmentRow:
    held = repository.holders(session, found.id).get(found.id, {})
    first = found.looks_like_id
    known = {first: register.by_id(session, first)} if first is not None else {}
    return _department(found, held, known)


def page(
    session: Session, wanted: Wanted, asked: PageRequest
) -> tuple[list[AccountRow], str | None]:
    """One page of accounts by name, and the cursor of the next."""
    rows, following = repository.page(session, wanted, asked)
    return _shown(session, rows), following


def account_row(session: Session, user: AppUser) -> AccountRow:
    """One account as the list shows it."""
    return _shown(session, [(user, register.by_id(session, user.department_id))])[0]


def _department(
    row: Department, held: Mapping[Role | None, int], known: Mapping[UUID, Department]
) -> DepartmentRow:
    by_role = {role: held[role] for role in Role if held.get(role)}
    vacant = tuple(role for role in NEEDED if role not in by_role and row.ended_on is None)
    return DepartmentRow(
        row.code,
        row.name,
        held.get(None, 0),
        by_role,
        vacant,
        row.ended_on,
        known[row.looks_like_id] if row.looks_like_id is not None else None,
    )


def _shown(session: Session, rows: Sequence[tuple[AppUser, Department]]) -> list[AccountRow]:
    ids = [user.id for user, _home in rows]
    live, last = sessions.live_counts(session, ids), sessions.last_sign_ins(session, ids)
    held = tokens.live_counts(session, ids)
    locked = throttle.locked(session, [user.account for user, _home in rows])
    return [
        AccountRow(
            id=user.id,
            account=user.account,
            name=user.name,
            department_code=home.code,
            department=home.name,
            roles=tuple(role for role in Role if role in user.roles),
            is_active=user.is_active,
            is_password_temporary=user.is_password_temporary,
            is_locked=user.account in locked,
            sessions=live.get(user.id, 0),
            tokens=held.get(user.id, 0),
            signed_in_at=last.get(user.id),
            created_at=user.created_at,
        )
        for user, home in rows
    ]
