"""Table of duties."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from shuqiao.clock import now
from shuqiao.db import Table, Timestamp
from shuqiao.ids import uuid7


class Duty(Table, table=True):
    """A duty (职责) of a department, cited by its number; it ends, and is never deleted."""

    __tablename__ = "duty"
    __table_args__ = (CheckConstraint("valid_until >= valid_from", name="valid"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    duty_no: str = Field(max_length=40, unique=True)
    department_id: UUID = Field(foreign_key="department.id", index=True)
    text: str = Field(max_length=1000)
    document: str = Field(max_length=200)
    document_no: str = Field(default="", max_length=100)
    article: str = Field(default="", max_length=100)
    valid_from: date
    valid_until: date | None = None
    recorded_at: datetime = Field(default_factory=now, sa_type=Timestamp)
