"""Table of service tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field

from audit.append import ObjectRef
from policies.facts import ResourceFacts
from shuqiao.db import Table, TextArray, Timestamp
from shuqiao.ids import uuid7


class ServiceToken(Table, table=True):
    """A service token (服务令牌) ``sq_<public id>_<secret>``: hashed,
    scoped, expiring, revocable.

    ``scopes`` are names of ``Scope``, or of single actions.
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
