"""Table of accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.accounts.words import Language
from auth.roles import Role
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, TextArray, Timestamp, choice
from shuqiao.ids import uuid7

_ADMINISTRATORS = "ARRAY['system_admin', 'security_admin', 'audit_admin']::text[]"


_KNOWN = "ARRAY[" + ", ".join(f"'{role.value}'" for role in Role) + "]::text[]"


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
        Index(
            "app_user_account_skeleton_key",
            "account_skeleton",
            unique=True,
            postgresql_where=text("account_skeleton <> '' AND looks_like_id IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    account: str = Field(max_length=40, unique=True)
    #: What the account looks like (``shuqiao.skeletons``): no two look the same.
    account_skeleton: str = Field(default="", sa_column_kwargs={"server_default": ""})
    #: The first that looked like it: of those that were there before a second one was refused.
    looks_like_id: UUID | None = Field(default=None, foreign_key="app_user.id", index=True)
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
