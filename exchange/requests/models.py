"""Tables of share requests."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from audit.append import ObjectRef
from auth.steps import Step
from exchange.requests.errors import RequestChanged, WrongState
from exchange.requests.words import RequestStatus
from policies.facts import Fact, ResourceFacts
from shuqiao.clock import now
from shuqiao.db import Table, Timestamp, choice
from shuqiao.ids import uuid7

#: Holds that a department asks once at a time for a resource and a purpose.
ASKED_ONCE: Final = "share_request_asked_once_idx"


class ShareRequest(Table, table=True):
    """A share request (共享申请) with the five statements Order 809 Art. 20 asks for."""

    __tablename__ = "share_request"
    __table_args__ = (
        CheckConstraint("consumer_id <> provider_id", name="two_departments"),
        Index(
            ASKED_ONCE,
            "consumer_id",
            "resource_id",
            "purpose_digest",
            unique=True,
            postgresql_where=text("status IN ('own_consent', 'submitted', 'reply_prepared')"),
        ),
    )

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    request_no: str = Field(max_length=20, unique=True)
    resource_id: UUID = Field(foreign_key="data_resource.id", index=True)
    #: The published version the request was made against.
    resource_version: int
    consumer_id: UUID = Field(foreign_key="department.id", index=True)
    provider_id: UUID = Field(foreign_key="department.id", index=True)
    applicant_id: UUID = Field(foreign_key="app_user.id", index=True)
    #: 使用依据 · 使用场景 · 使用范围 · 共享方式 · 使用时限
    basis: str = Field(max_length=500)
    scenario: str = Field(max_length=1000)
    #: Of basis and scenario as ``schemas.purpose_digest`` folds them.
    purpose_digest: str = Field(max_length=64)
    scope: str = Field(max_length=500)
    share_way: str = Field(max_length=40)
    until: date
    #: The demand (需求) that it serves, where it came of one.
    demand_no: str | None = Field(
        default=None, max_length=20, foreign_key="demand.demand_no", index=True
    )
    status: RequestStatus = Field(
        default=RequestStatus.DRAFT, sa_type=choice(RequestStatus, "status"), index=True
    )
    created_at: datetime = Field(default_factory=now, sa_type=Timestamp)
    #: When it reached the unified intake (统一受理): the clock starts. Never
    #: unset: from then on it has left the department, whatever becomes of it.
    submitted_at: datetime | None = Field(default=None, sa_type=Timestamp)
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    version: int = 1

    @property
    def state(self) -> RequestStatus:
        return self.status

    def enter(self, state: RequestStatus) -> None:
        self.status, self.version = state, self.version + 1

    def told(self) -> Mapping[str, str]:
        return {"no": self.request_no}

    def not_now(self, step: Step[RequestStatus]) -> WrongState:
        return WrongState(self.status)

    def changed(self) -> RequestChanged:
        return RequestChanged()

    def policy_facts(self) -> ResourceFacts:
        facts: dict[str, Fact] = {
            "consumer": str(self.consumer_id),
            "provider": str(self.provider_id),
            "status": self.status.value,
            "applicant": str(self.applicant_id),
            "has_left": self.submitted_at is not None,
        }
        return ResourceFacts("ShareRequest", self.request_no, facts)

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("ShareRequest", self.request_no, self.version)

    def audit_stream(self) -> str:
        return self.request_no


class RequestedItem(Table, table=True):
    """One information item that is asked for."""

    __tablename__ = "requested_item"
    __table_args__ = (UniqueConstraint("request_id", "item_id"),)

    id: UUID = Field(default_factory=uuid7, primary_key=True)
    request_id: UUID = Field(foreign_key="share_request.id", index=True)
    item_id: UUID = Field(foreign_key="resource_item.id")
    position: int
