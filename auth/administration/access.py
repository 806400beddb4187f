"""From the address to the department or account that an administrator looks at or changes."""

from typing import Annotated, Final

from fastapi import Path
from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.accounts.models import AppUser
from auth.departments import service as departments
from auth.departments.models import Department
from auth.guard import Authorized, Place, may, may_at
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

DEPARTMENTS: Final = Place("Departments", "auth:departments")
ACCOUNTS: Final = Place("Accounts", "auth:accounts")

DepartmentCode = Annotated[str, Path(max_length=18)]
Account = Annotated[str, Path(max_length=40)]


def department_seen(code: DepartmentCode, session: ReadSessionDep) -> Department:
    return _existing(session, code)


def department_to_change(code: DepartmentCode, session: SessionDep) -> Department:
    """The department, its row locked: changes of one department follow each other."""
    return _existing(session, code, lock=True)


def account_seen(account: Account, session: ReadSessionDep) -> AppUser:
    return _account(session, account, lock=False)


def account_to_change(account: Account, session: SessionDep) -> AppUser:
    """The account, its row locked: changes of one account follow each other."""
    return _account(session, account, lock=True)


def _existing(session: Session, code: str, *, lock: bool = False) -> Department:
    try:
        return departments.department_by_code(session, code, lock=lock)
    except NotFound:
        raise NotFound from None


def _account(session: Session, account: str, *, lock: bool) -> AppUser:
    found = accounts.by_account(session, account, lock=lock)
    if found is None:
        raise NotFound
    return found


DepartmentsReader = Annotated[Subject, may_at(Action.DEPARTMENT_READ, DEPARTMENTS)]
DepartmentCreator = Annotated[Subject, may_at(Action.DEPARTMENT_CREATE, DEPARTMENTS)]
ReadableDepartment = Annotated[Authorized[Department], may(Action.DEPARTMENT_READ, department_seen)]
RenamableDepartment = Annotated[
    Authorized[Department], may(Action.DEPARTMENT_RENAME, department_to_change)
]

AccountsReader = Annotated[Subject, may_at(Action.ACCOUNT_LIST, ACCOUNTS)]
AccountCreator = Annotated[Subject, may_at(Action.ACCOUNT_CREATE, ACCOUNTS)]
ReadableAccount = Annotated[Authorized[AppUser], may(Action.ACCOUNT_READ, account_seen)]
#: An account whose roles the caller may assign.
AssignableAccount = Annotated[Authorized[AppUser], may(Action.ROLES_ASSIGN, account_to_change)]
#: For the page that asks before.
SuspendableAccountSeen = Annotated[Authorized[AppUser], may(Action.ACCOUNT_SUSPEND, account_seen)]
SuspendableAccount = Annotated[Authorized[AppUser], may(Action.ACCOUNT_SUSPEND, account_to_change)]
RestorableAccount = Annotated[Authorized[AppUser], may(Action.ACCOUNT_RESTORE, account_to_change)]
#: An account whose password the caller may reset.
ResettableAccount = Annotated[
    Authorized[AppUser], may(Action.ACCOUNT_RESET_PASSWORD, account_to_change)
]
UnlockableAccount = Annotated[Authorized[AppUser], may(Action.ACCOUNT_UNLOCK, account_to_change)]
#: An account whose sessions the caller may end.
EvictableAccount = Annotated[
    Authorized[AppUser], may(Action.ACCOUNT_END_SESSIONS, account_to_change)
]
