"""What goes in and out of the account routes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from policies.actions import Action
from shuqiao.texts import Name, Strict


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
    """A service token to be issued; without ``scopes`` it may read the catalogue and fetch granted data."""

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
