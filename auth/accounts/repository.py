"""Every SQL statement about accounts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.roles import Role
from shuqiao.db import column

#: Columns that make a subject, for the look-ups of every request: one statement, past the objects.
PERSON: Final[tuple[ColumnElement[Any], ...]] = tuple(
    map(
        column,
        (
            AppUser.id,
            AppUser.account,
            AppUser.name,
            AppUser.department_id,
            Department.name,
            AppUser.roles,
            col(Department.ended_on).is_not(None),
        ),
    )
)


def by_account(session: Session, account: str, *, lock: bool = False) -> AppUser | None:
    """The account of this name, its row locked until the end of the
    transaction when it is going to be changed.
    """
    query = select(AppUser).where(AppUser.account == account)
    return session.exec(query.with_for_update() if lock else query).first()


def looking_like(session: Session, account_skeleton: str) -> AppUser | None:
    """The first account that looks like that."""
    query = select(AppUser).where(AppUser.account_skeleton == account_skeleton)
    return session.exec(query.order_by(col(AppUser.id)).limit(1)).first()


def by_id(session: Session, user_id: UUID | None, *, lock: bool = False) -> AppUser:
    """The account with this id, its row locked when it is going to be changed."""
    return session.get_one(AppUser, user_id, with_for_update=lock)


def listed(session: Session) -> Sequence[AppUser]:
    """All accounts, by name."""
    return session.exec(select(AppUser).order_by(col(AppUser.account))).all()


def named(session: Session, name: str) -> Sequence[str]:
    """The accounts of everybody who is called so."""
    query = select(AppUser.account).where(AppUser.name == name)
    return session.exec(query.order_by(col(AppUser.account))).all()


def user_name(session: Session, user_id: UUID) -> str:
    """The person's name for pages; the trail itself keeps ids only."""
    return by_id(session, user_id).name


def user_names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The same of many people at once, by id."""
    query = select(AppUser.id, AppUser.name).where(col(AppUser.id).in_(ids))
    return dict(session.exec(query).all())


def people(session: Session, accounts: Collection[str]) -> Mapping[str, tuple[str, str]]:
    """Name and department of the persons behind ``accounts``, by account."""
    query = (
        select(AppUser.account, AppUser.name, Department.name)
        .join(Department, col(AppUser.department_id) == col(Department.id))
        .where(col(AppUser.account).in_(accounts))
    )
    return {account: (name, home) for account, name, home in session.exec(query)}


def holders(session: Session, role: Role, department_id: UUID | None = None) -> Sequence[AppUser]:
    """Active accounts with ``role``, of one department or of all."""
    query = select(AppUser).where(col(AppUser.roles).contains([role.value]), col(AppUser.is_active))
    if department_id is not None:
        query = query.where(AppUser.department_id == department_id)
    return session.exec(query.order_by(col(AppUser.account))).all()


def of_department(session: Session, department_id: UUID | None) -> Sequence[AppUser]:
    """The active accounts of a department."""
    query = select(AppUser).where(AppUser.department_id == department_id, col(AppUser.is_active))
    return session.exec(query.order_by(col(AppUser.account))).all()


def holders_locked(session: Session, role: Role) -> Sequence[UUID]:
    """Ids of the active accounts with ``role``, their rows locked in one order."""
    query = (
        select(AppUser.id)
        .where(col(AppUser.roles).contains([role.value]), col(AppUser.is_active))
        .order_by(col(AppUser.id))
        .with_for_update()
    )
    return session.exec(query).all()
