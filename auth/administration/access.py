"""From the address to the department or account that an administrator looks at or changes."""

from typing import Annotated, Final

from fastapi import Path
from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.accounts.models import AppUser
from auth.departments import service as departments
from auth.departments.models import Department
from auth.guard import Place
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound

DEPARTMENTS: Final = Place("Departments", "auth:departments")


ACCOUNTS: Final = Place("Accounts", "auth:accounts")


DepartmentCode = Annotated[str, Path(max_length=18)]


Account = Annotated[str, Path(max_length=40)]


def department_seen(code: DepartmentCode, session: ReadSessionDep) -> Department:
    return _existing(session, code)


def department_to_change(code: DepartmentCode, session: SessionDep) -> Department:
    return _existing(session, code)


def account_seen(account: Account, session: ReadSessionDep) -> AppUser:
    return _account(session, account, lock=False)


def account_to_change(account: Account, session: SessionDep) -> AppUser:
    """The account, its row locked: changes of one account follow each other."""
    return _account(session, account, lock=True)


def _existing(session: Session, code: str) -> Department:
    try:
        return departments.department_by_code(session, code)
    except NotFound:
        raise NotFound from None


def _account(session: Session, account: str, *, lock: bool) -> AppUser:
    found = accounts.by_account(session, account, lock=lock)
    if found is None:
        raise NotFound
    return found
