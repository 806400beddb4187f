"""Tables of departments, accounts and credentials. Secrets are kept as hashes only."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field

from audit.append import ObjectRef
from auth.roles import Role
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, choice
from shuqiao.ids import uuid7

_ADMINISTRATORS = "ARRAY['system_admin', 'security_admin', 'audit_admin']::text[]"
_KNOWN = "ARRAY[" + ", ".join(f"'{role.value}'" for role in Role) + "]::text[]"


class Language(StrEnum):
    """Languages of the pages."""

    ZH_CN = "zh_CN"
    EN = "en"


class Department(Table, table=True):
    """A department (部门) under its unified social credit code (GB 32100, 统一社会信用代码)."""

    __tablename__ = "department"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    code: str = Field(max_length=18, unique=True)
    name: str = Field(max_length=100, unique=True)
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Departments", self.code, {})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Department", self.code)

    def audit_stream(self) -> str:
        return f"auth:department:{self.code}"


class AppUser(Table, table=True):
    """An account of one person in one department; without roles it can
    do nothing until somebody gives it some.
    """

    __tablename__ = "app_user"
    __table_args__ = (
        CheckConstraint(f"roles <@ {_KNOWN}", name="roles_known"),
        CheckConstraint(
            "('system_admin' = ANY(roles))::int + ('security_admin' = ANY(roles))::int"
            " + ('audit_admin' = ANY(roles))::int <= 1",
            name="three_administrators",
        ),
        CheckConstraint(
            f"NOT (roles && {_ADMINISTRATORS}) OR roles <@ ({_ADMINISTRATORS} || "
            "ARRAY['security_reviewer']::text[])",
            name="administrator_alone",
        ),
        CheckConstraint(
            "NOT ('security_reviewer' = ANY(roles)) OR roles <@ ARRAY['security_reviewer', "
            "'audit_admin']::text[]",
            name="reviewer_changes_nothing",
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=40)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    roles: list[str] = Field(sa_type=TextArray)
    password_hash: str = Field(max_length=255)
    is_active: bool = True
    #: Made by an administrator and shown once: nothing else can be done
    #: until the person has chosen another.
    is_password_temporary: bool = False
    #: How the person wants the pages; None: as the browser asks.
    language: Language | None = Field(default=None, sa_type=choice(Language, "language"))
    is_large_type: bool = False
    is_high_contrast: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Account", str(self.id), {"person": str(self.id)})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("User", str(self.id))

    def audit_stream(self) -> str:
        return f"auth:{self.account}"


class SignInThrottle(Table, table=True):
    """Failed sign-ins of an account at an address, and until when they are refused.

    ``account`` is a keyed hash of what was typed; either is empty for all of them. See
    ``auth.throttle``.
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


class ServiceToken(Table, table=True):
    """A service token (服务令牌) ``sq_<public id>_<secret>``: hashed,
    scoped, expiring, revocable.
    """

    __tablename__ = "service_token"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    public_id: str = Field(max_length=16, unique=True)
    secret_hash: bytes = Field(sa_type=LargeBinary)
    user_id: UUID = Field(foreign_key="app_user.id", index=True)
    name: str = Field(max_length=80)
    scopes: list[str] = Field(sa_type=TextArray)
    created_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts("Tokens", str(self.id), {"owner": str(self.user_id)})

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Token", str(self.id))

    def audit_stream(self) -> str:
        return f"auth:token:{self.public_id}"
