"""Tables of browser sessions and of failed sign-ins."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field

from shuqiao.clock import now
from shuqiao.db import Table, Timestamp
from shuqiao.ids import uuid7


class SignInThrottle(Table, table=True):
    """Failed sign-ins of an account at an address, and until when they are refused.

    ``account`` is a keyed hash of what was typed; either is empty for all of them. See
    ``auth.sessions.service.throttle``.
    """

    __tablename__ = "sign_in_throttle"
    __unaudited__: ClassVar[bool] = True

    account: bytes = Field(sa_type=LargeBinary, primary_key=True)
    address: str = Field(primary_key=True, max_length=45)
    failures: int = 0
    last_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    locked_until: datetime | None = Field(default=None, sa_type=Timestamp)
    #: The last sign-in with success to this account from this address.
    succeeded_at: datetime | None = Field(default=None, sa_type=Timestamp)


class LoginSession(Table, table=True):
    """A browser session (会话). The cookie's value is 256 random bits; only its SHA-256 is here."""

    __tablename__ = "login_session"
    __unaudited__: ClassVar[bool] = True

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    user_id: UUID = Field(foreign_key="app_user.id", index=True)
    created_at: datetime = Field(sa_type=Timestamp)
    seen_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
