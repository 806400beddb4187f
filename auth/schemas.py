"""What goes in and out of the account routes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from auth.models import Language
from auth.roles import Role
from policies.actions import Action
from shuqiao.texts import CodeText, Name, ShortText, Strict, TextRule

PersonName = Annotated[str, TextRule(40)]


class SignIn(Strict):
    """Credentials. The password is taken as it is: no trimming, no folding."""

    account: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, Field(min_length=1, max_length=128)]


class Me(BaseModel):
    """Who the caller is."""

    account: str
    name: str
    department: str
    roles: list[str]
    auth: str


class SessionOpened(EventReceipt):
    """A new session; the cookie came with the answer, the form token goes into ``X-CSRF-Token``."""

    me: Me
    csrf_token: str


class SessionClosed(EventReceipt):
    """The session has ended."""


class TokenCreate(Strict):
    """A service token to be issued; without ``scopes`` it may read the
    catalogue and fetch granted data.
    """

    name: Name
    days: Annotated[int, Field(ge=1, le=90)] = 30
    scopes: Annotated[list[Action], Field(min_length=1, max_length=40)] | None = None


class TokenRead(BaseModel):
    """A token without its secret."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class TokenIssued(TokenRead, EventReceipt):
    """A new token with its only showing."""

    token: str


class TokenRevoked(TokenRead, EventReceipt):
    """A token that no longer works."""


class TokenList(BaseModel):
    items: list[TokenRead]


class DepartmentCreate(Strict):
    """A department under its unified social credit code (GB 32100, 统一社会信用代码)."""

    code: CodeText
    name: Name


class DepartmentRename(Strict):
    """Another name for a department.

    ``name_before`` is the one that was shown: 412 when it has changed since.
    """

    name: Name
    name_before: Name


class DepartmentRead(BaseModel):
    """A department, how many active accounts it has, and the needed
    roles nobody there holds (岗位空缺).
    """

    code: str
    name: str
    accounts: int
    vacant: list[Role]


class DepartmentChanged(DepartmentRead, EventReceipt):
    """A department after a change."""


class DepartmentList(BaseModel):
    items: list[DepartmentRead]


class UserCreate(Strict):
    """An account without roles; the security administrator gives it some.

    The password is made here, shown once.
    """

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


class RolesAssign(Strict):
    """All roles the account is to have.

    ``roles_before`` are those that were shown: 412 when they changed since.
    """

    roles: Annotated[list[Role], Field(max_length=11)]
    roles_before: Annotated[list[Role], Field(max_length=11)]


class Suspension(Strict):
    """Why an account is suspended; it goes into the trail."""

    reason: ShortText


class Preferences(Strict):
    """How the pages are to look wherever the person signs in."""

    language: Language
    is_large_type: bool = False
    is_high_contrast: bool = False


class PreferencesChanged(Preferences, EventReceipt):
    """The settings as they are kept."""


class PasswordChange(Strict):
    """The present password and the one to be used from now on; both taken as they are."""

    old_password: Annotated[str, Field(min_length=1, max_length=128)]
    new_password: Annotated[str, Field(min_length=1, max_length=128)]


class SessionsEnded(EventReceipt):
    """How many sessions were ended."""

    ended: int


class SessionRead(BaseModel):
    """A session that still works."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_current: bool


class SessionList(BaseModel):
    items: list[SessionRead]
