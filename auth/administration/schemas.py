"""Departments and accounts as administrators write and read them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from auth.accounts.schemas import PersonName
from auth.administration.words import AccountState
from auth.departments.schemas import ActRecord
from auth.roles import Role
from shuqiao.texts import CodeText, Name, ShortText, Strict, TextRule, example


class DepartmentCreate(Strict):
    """A department under its unified social credit code (GB 32100, 统一社会信用代码)."""

    model_config = example(code="11150000009900056X", name="内蒙古自治区水利厅")

    code: CodeText
    name: Name


class DepartmentRename(Strict):
    """Another name for a department; the former one stays readable.

    ``name_before`` is the one that was shown: 412 when it has changed since. ``document_no``: the
    document that gives the name; ``effective_on``: from when, today if not said.
    """

    model_config = example(name="内蒙古自治区教育和科技厅", name_before="内蒙古自治区教育厅")

    name: Name
    name_before: Name
    document_no: Annotated[str, TextRule(100, shortest=0)] = ""
    effective_on: date | None = None

    @property
    def act(self) -> ActRecord:
        return ActRecord(self.document_no, self.effective_on)


class UserCreate(Strict):
    """An account without roles; the security administrator gives it some.

    The password is made here, shown once.
    """

    model_config = example(account="zhao.liu", name="赵六", department_code="11150000009900021B")

    account: CodeText
    name: PersonName
    department_code: CodeText


class UserRead(BaseModel):
    """An account as administrators see it."""

    account: str
    name: str
    department_code: str
    department: str
    roles: list[Role]
    is_active: bool
    is_password_temporary: bool
    is_locked: bool
    sessions: int
    tokens: int
    signed_in_at: datetime | None
    created_at: datetime


class UserChanged(UserRead, EventReceipt):
    """An account after a change."""


class PasswordMade(UserRead, EventReceipt):
    """An account with a one-time password, in its only showing."""

    password: str


#: As many as there are.
RoleList = Annotated[list[Role], Field(max_length=len(Role))]


class RolesAssign(Strict):
    """All roles the account is to have.

    ``roles_before`` are those that were shown: 412 when they changed since.
    """

    model_config = example(roles=["applicant", "registrar"], roles_before=["applicant"])

    roles: RoleList
    roles_before: RoleList


class Suspension(Strict):
    """Why an account is suspended; it goes into the trail."""

    model_config = example(reason="已调离本单位")

    reason: ShortText


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an administrator looks for; everything empty: all accounts."""

    words: str = ""
    department: str = ""
    role: Role | None = None
    state: AccountState | None = None
