"""The steps of deciding a request; rows are only added, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from exchange.approvals.words import StepKind
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7


class ApprovalStep(Table, table=True):
    """One step of the decision (答复环节): who, when, and for a
    prepared reply its whole content.
    """

    __tablename__ = "approval_step"

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    request_id: UUID = Field(foreign_key="share_request.id", index=True)
    kind: StepKind = Field(sa_type=choice(StepKind, "kind"))
    actor_id: UUID = Field(foreign_key="app_user.id")
    remark: str = Field(default="", max_length=1000)
    #: ``{items: [{item_id, outcome, mask, reason}], filter, until}`` as
    #: released; see ``schemas.Reply``.
    reply: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    at: datetime = Field(default_factory=now, sa_type=Timestamp)
