"""Departments and accounts: created by the operator's command line or a
system administrator, read by everybody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts.models import AppUser
from auth.accounts.service.passwords import check_choice, hashed
from auth.departments.models import Department
from auth.departments.service import department, department_by_code
from auth.roles import Role, clash
from shuqiao.db import column, insert_once
from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import AuthWay, Subject

_ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def create_user(
    session: Session,
    subject: Subject,
    *,
    account: str,
    name: str,
    department_code: str,
    roles: frozenset[Role],
    password: str,
    is_temporary: bool = False,
) -> AppUser:
    """Create an account; ``is_temporary``: the password must be changed before anything else.

    Raises ``Invalid`` naming the field, ``Conflict`` when the account is taken.
    """
    if not _ACCOUNT.fullmatch(account):
        fix = _("2 to 40 characters: small letters, digits, dot, dash; a letter first")
        raise Invalid(
            errors=[FieldError("/account", "bad_account", _("This is not an account name"), fix)]
        )
    if problem := clash(roles):
        raise Invalid(
            errors=[
                FieldError("/roles", "roles_clash", problem, _("Use two accounts of two people"))
            ]
        )
    check_choice(password, account=account)
    if session.exec(select(AppUser).where(AppUser.account == account)).first() is not None:
        raise Conflict(_("The account %(account)s exists", account=account))
    department = department_by_code(session, department_code)
    user = AppUser(
        account=account,
        name=name,
        department_id=department.id,
        roles=sorted(roles),
        password_hash=hashed(password),
        is_password_temporary=is_temporary,
    )
    insert_once(session, user, Conflict(_("The account %(account)s exists", account=account)))
    append(
        session,
        subject,
        Event.USER_CREATED,
        stream=f"auth:{account}",
        obj=ObjectRef("User", str(user.id)),
        why={"roles": sorted(roles), "department": department.code},
    )
    return user


def by_account(session: Session, account: str, *, lock: bool = False) -> AppUser | None:
    """The account of this name, its row locked until the end of the
    transaction when it is going to be changed.
    """
    query = select(AppUser).where(AppUser.account == account)
    return session.exec(query.with_for_update() if lock else query).first()


def users(session: Session) -> Sequence[AppUser]:
    return session.exec(select(AppUser).order_by(col(AppUser.account))).all()


def user_name(session: Session, user_id: UUID) -> str:
    """The person's name for pages; the trail itself keeps ids only."""
    return session.get_one(AppUser, user_id).name


def holders(session: Session, role: Role, department_id: UUID | None = None) -> Sequence[AppUser]:
    """Active accounts with ``role``, of one department or of all."""
    query = select(AppUser).where(col(AppUser.roles).contains([role.value]), col(AppUser.is_active))
    if department_id is not None:
        query = query.where(AppUser.department_id == department_id)
    return session.exec(query.order_by(col(AppUser.account))).all()


def subject_of(session: Session, user: AppUser) -> Subject:
    """The account as a session subject, for commands and tests that act as a person."""
    home = department(session, user.department_id)
    return Subject(
        user.id, user.account, user.name, home.id, home.name, frozenset(user.roles), "session"
    )


@dataclass(frozen=True, slots=True)
class Found:
    """Who is behind a credential that holds at this moment.

    ``is_stale``: its last use was noted some time ago.
    """

    subject: Subject
    #: The person must choose a password before anything else.
    is_password_temporary: bool
    is_stale: bool = False


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
        ),
    )
)


def person(
    row: Sequence[Any], auth: AuthWay, credential_id: UUID, scopes: frozenset[str] | None = None
) -> Subject:
    """The subject of a row that begins with :data:`PERSON`."""
    user_id, account, name, department_id, department_name, roles = row[: len(PERSON)]
    return Subject(
        user_id,
        account,
        name,
        department_id,
        department_name,
        frozenset(roles),
        auth,
        credential_id,
        scopes,
    )
