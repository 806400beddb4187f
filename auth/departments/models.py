"""Table of departments."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from audit.append import ObjectRef
from policies.facts import ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp
from shuqiao.ids import uuid7


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
