"""HTTP of departments and accounts, for the three administrators."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from sqlmodel import Session

from audit.receipts import receipt
from auth import accounts, administration, directory
from auth.directory import AccountState, Wanted
from auth.guard import Authorized, Place, may, may_at
from auth.models import AppUser, Department
from auth.once import OnceDep
from auth.roles import Role
from auth.schemas import (
    DepartmentChanged,
    DepartmentCreate,
    DepartmentList,
    DepartmentRead,
    DepartmentRename,
    PasswordMade,
    RolesAssign,
    SessionsEnded,
    Suspension,
    UserChanged,
    UserCreate,
    UserRead,
)
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)

DEPARTMENTS: Final = Place("Departments", "auth:departments")
ACCOUNTS: Final = Place("Accounts", "auth:accounts")

DepartmentCode = Annotated[str, Path(max_length=18)]
Account = Annotated[str, Path(max_length=40)]
#: A department of the examples' world: the provider.
_PROVIDER: Final = {"code": "11150000009900021B"}
_APPLICANT: Final = {"account": "applicant"}


def department_seen(code: DepartmentCode, session: ReadSessionDep) -> Department:
    return _existing(session, code)


def department_to_change(code: DepartmentCode, session: SessionDep) -> Department:
    return _existing(session, code)


def account_seen(account: Account, session: ReadSessionDep) -> AppUser:
    return _account(session, account, lock=False)


def account_to_change(account: Account, session: SessionDep) -> AppUser:
    """The account, its row locked: changes of one account follow each other."""
    return _account(session, account, lock=True)


@router.get("/departments", operation_id="departments_list", summary="Departments")
@example(
    Example(
        world="accounts", who="audit_admin", success=200, visibility="owner", forbidden="applicant"
    )
)
def list_departments(
    subject: Annotated[Subject, may_at(Action.DEPARTMENT_READ, DEPARTMENTS)],
    session: ReadSessionDep,
) -> DepartmentList:
    return DepartmentList(items=[_department_read(row) for row in directory.departments(session)])


@router.post(
    "/departments", status_code=201, operation_id="departments_create", summary="Add a department"
)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        event="auth:department:created",
        body={"code": "11150000009900056X", "name": "内蒙古自治区水利厅"},
    )
)
def create_department(
    body: DepartmentCreate,
    subject: Annotated[Subject, may_at(Action.DEPARTMENT_CREATE, DEPARTMENTS)],
    session: SessionDep,
    once: OnceDep,
) -> DepartmentChanged:
    made = accounts.create_department(session, subject, code=body.code, name=body.name)
    return once.keep(_department_changed(session, made))


@router.get("/departments/{code}", operation_id="departments_show", summary="One department")
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=200,
        visibility="owner",
        forbidden="applicant",
        path=_PROVIDER,
    )
)
def show_department(
    found: Annotated[Authorized[Department], may(Action.DEPARTMENT_READ, department_seen)],
    session: ReadSessionDep,
) -> DepartmentRead:
    return _department_read(directory.department_row(session, found.object))


@router.put("/departments/{code}", operation_id="departments_rename", summary="Rename a department")
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=200,
        visibility="owner",
        forbidden="security_admin",
        path=_PROVIDER,
        event="auth:department:renamed",
        body={"name": "内蒙古自治区教育和科技厅", "name_before": "内蒙古自治区教育厅"},
    )
)
def rename_department(
    body: DepartmentRename,
    session: SessionDep,
    found: Annotated[Authorized[Department], may(Action.DEPARTMENT_RENAME, department_to_change)],
) -> DepartmentChanged:
    made = accounts.rename_department(
        session, found.subject, found.object, name=body.name, before=body.name_before
    )
    return _department_changed(session, made)


@router.get("/users", operation_id="users_list", summary="Accounts")
@example(
    Example(
        world="accounts",
        who="audit_admin",
        success=200,
        visibility="owner",
        forbidden="applicant",
        query={"q": "head"},
    )
)
def list_users(
    subject: Annotated[Subject, may_at(Action.ACCOUNT_LIST, ACCOUNTS)],
    session: ReadSessionDep,
    asked: PageDep,
    q: Annotated[
        str, Query(max_length=100, description="Words of account, name or department")
    ] = "",
    department: Annotated[str, Query(max_length=18, description="Code of a department")] = "",
    role: Role | None = None,
    state: AccountState | None = None,
) -> Page[UserRead]:
    rows, following = directory.page(session, Wanted(q, department, role, state), asked)
    return Page(
        items=[UserRead.model_validate(row, from_attributes=True) for row in rows], next=following
    )


@router.post("/users", status_code=201, operation_id="users_create", summary="Create an account")
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        event="auth:user:created",
        body={"account": "zhao.liu", "name": "赵六", "department_code": "11150000009900021B"},
    )
)
def create_user(
    body: UserCreate,
    subject: Annotated[Subject, may_at(Action.ACCOUNT_CREATE, ACCOUNTS)],
    session: SessionDep,
    once: OnceDep,
) -> PasswordMade:
    """Without roles: the security administrator gives them. The one-time password is in this answer
    only.
    """
    user, password = create(session, subject, body)
    answer = _password_made(session, user, password)
    once.keep(answer.model_copy(update={"password": ""}))
    return answer


@router.get("/users/{account}", operation_id="users_show", summary="One account")
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=200,
        visibility="owner",
        stranger="registrar",
        path=_APPLICANT,
    )
)
def show_user(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_READ, account_seen)],
    session: ReadSessionDep,
) -> UserRead:
    return _read(session, found.object)


@router.put("/users/{account}/roles", operation_id="users_assign_roles", summary="Assign roles")
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=200,
        visibility="owner",
        forbidden="system_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:roles_assigned",
        body={"roles": ["applicant", "registrar"], "roles_before": ["applicant"]},
    )
)
def assign_roles(
    body: RolesAssign,
    found: Annotated[Authorized[AppUser], may(Action.ROLES_ASSIGN, account_to_change)],
    session: SessionDep,
) -> UserChanged:
    user = administration.assign_roles(
        session,
        found.subject,
        found.object,
        roles=body.roles,
        before=[role.value for role in body.roles_before],
    )
    return _changed(session, user)


@router.post(
    "/users/{account}/suspensions", status_code=201, operation_id="users_suspend", summary="Suspend"
)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:suspended",
        body={"reason": "已调离本单位"},
    )
)
def suspend_user(
    body: Suspension,
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_SUSPEND, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> UserChanged:
    user = administration.suspend(session, found.subject, found.object, reason=body.reason)
    return once.keep(_changed(session, user))


@router.post(
    "/users/{account}/restorations",
    status_code=201,
    operation_id="users_restore",
    summary="Restore",
)
@example(
    Example(
        world="suspended_account",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:restored",
    )
)
def restore_user(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_RESTORE, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> UserChanged:
    return once.keep(
        _changed(session, administration.restore(session, found.subject, found.object))
    )


@router.post(
    "/users/{account}/password-resets",
    status_code=201,
    operation_id="users_reset_password",
    summary="Reset a password",
)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:password_reset",
    )
)
def reset_password(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_RESET_PASSWORD, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> PasswordMade:
    """The one-time password is in this answer only."""
    answer = _password_made(
        session, found.object, administration.reset_password(session, found.subject, found.object)
    )
    once.keep(answer.model_copy(update={"password": ""}))
    return answer


@router.post(
    "/users/{account}/unlocks",
    status_code=201,
    operation_id="users_unlock",
    summary="Unlock sign-in",
)
@example(
    Example(
        world="locked_account",
        who="security_admin",
        success=201,
        visibility="owner",
        forbidden="system_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:unlocked",
    )
)
def unlock_user(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_UNLOCK, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> UserChanged:
    return once.keep(_changed(session, administration.unlock(session, found.subject, found.object)))


@router.delete(
    "/users/{account}/sessions", operation_id="users_end_sessions", summary="End all sessions"
)
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=200,
        visibility="owner",
        forbidden="system_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:session:ended",
    )
)
def end_sessions(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_END_SESSIONS, account_to_change)],
    session: SessionDep,
) -> SessionsEnded:
    ended = administration.end_sessions(session, found.subject, found.object)
    return SessionsEnded(ended=ended, **receipt(session))


def create(session: Session, subject: Subject, body: UserCreate) -> tuple[AppUser, str]:
    """An account without roles and its one-time password; used by the page too.

    An unknown department is a field's.
    """
    password = administration.one_time_password()
    try:
        user = accounts.create_user(
            session,
            subject,
            account=body.account,
            name=body.name,
            department_code=body.department_code,
            roles=frozenset(),
            password=password,
            is_temporary=True,
        )
    except NotFound as missing:
        detail = missing.detail or missing.title
        fix = _("Choose a department of the list.")
        raise Invalid(
            errors=[FieldError("/department_code", "unknown_department", detail, fix)]
        ) from None
    return user, password


def _existing(session: Session, code: str) -> Department:
    try:
        return accounts.department_by_code(session, code)
    except NotFound:
        raise NotFound from None


def _account(session: Session, account: str, *, lock: bool) -> AppUser:
    found = accounts.by_account(session, account, lock=lock)
    if found is None:
        raise NotFound
    return found


def _department_read(row: directory.DepartmentRow) -> DepartmentRead:
    return DepartmentRead(
        code=row.code, name=row.name, accounts=row.accounts, vacant=list(row.vacant)
    )


def _department_changed(session: Session, made: Department) -> DepartmentChanged:
    shown = _department_read(directory.department_row(session, made))
    return DepartmentChanged(**shown.model_dump(), **receipt(session))


def _read(session: Session, user: AppUser) -> UserRead:
    return UserRead.model_validate(directory.account_row(session, user), from_attributes=True)


def _changed(session: Session, user: AppUser) -> UserChanged:
    return UserChanged(**_read(session, user).model_dump(), **receipt(session))


def _password_made(session: Session, user: AppUser, password: str) -> PasswordMade:
    return PasswordMade(**_read(session, user).model_dump(), password=password, **receipt(session))
