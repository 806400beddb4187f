"""Departments and accounts: created by the operator's command line or a
system administrator, read by everybody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from audit.append import ObjectRef, append
from audit.events import Event
from auth.errors import NameChanged
from auth.models import AppUser, Department
from auth.passwords import check_choice, hashed
from auth.roles import Role, clash
from shuqiao.codes import check_credit_code
from shuqiao.db import column
from shuqiao.errors import Conflict, FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.subject import AuthWay, Subject

_ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def create_department(session: Session, subject: Subject, *, code: str, name: str) -> Department:
    """Register a department under its GB 32100 code. Raises ``Invalid`` or ``Conflict``."""
    check_credit_code(code, pointer="/code")
    taken = session.exec(
        select(Department).where((col(Department.code) == code) | (col(Department.name) == name))
    ).first()
    if taken is not None:
        raise Conflict(_("A department with this code or name exists: %(name)s", name=taken.name))
    department = Department(code=code, name=name)
    _insert(
        session,
        department,
        Conflict(_("A department with this code or name exists: %(name)s", name=name)),
    )
    obj = ObjectRef("Department", code)
    append(session, subject, Event.DEPARTMENT_CREATED, stream=f"auth:department:{code}", obj=obj)
    return department


def rename_department(
    session: Session, subject: Subject, found: Department, *, name: str, before: str
) -> Department:
    """Give a department another name; its code never changes.

    ``before`` is the name that was shown.

    Raises ``NameChanged`` (412) when somebody was faster, ``Conflict`` when another department has
    the name.
    """
    if found.name != before:
        raise NameChanged
    refusal = Conflict(_("A department with this code or name exists: %(name)s", name=name))
    taken = select(Department.id).where(
        col(Department.name) == name, col(Department.id) != found.id
    )
    if session.exec(taken).first() is not None:
        raise refusal
    found.name = name
    _insert(session, found, refusal)
    append(
        session,
        subject,
        Event.DEPARTMENT_RENAMED,
        stream=found.audit_stream(),
        obj=found.audit_ref(),
        change=(before, name),
    )
    return found


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
    _insert(session, user, Conflict(_("The account %(account)s exists", account=account)))
    append(
        session,
        subject,
        Event.USER_CREATED,
        stream=f"auth:{account}",
        obj=ObjectRef("User", str(user.id)),
        why={"roles": sorted(roles), "department": department.code},
    )
    return user


def _insert(session: Session, row: Department | AppUser, refusal: Conflict) -> None:
    """Write ``row`` now; two at the same moment end in one row and one
    ``refusal``, never in a fault.
    """
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise refusal from None


def department_by_code(session: Session, code: str) -> Department:
    found = session.exec(select(Department).where(Department.code == code)).first()
    if found is None:
        raise NotFound(_("No department has the code %(code)s", code=code))
    return found


def department(session: Session, department_id: UUID) -> Department:
    """The department with this id; it exists, foreign keys see to that."""
    return session.get_one(Department, department_id)


def departments(session: Session) -> Sequence[Department]:
    return session.exec(select(Department).order_by(col(Department.code))).all()


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
