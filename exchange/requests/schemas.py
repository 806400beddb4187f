"""What goes in and out of the request routes."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.resources.words import ShareWay
from exchange.requests.words import RequestStatus
from shuqiao.texts import LongText, ShortText, Strict, TextRule


class RequestAnswers(Strict):
    """What Order 809 Art. 20 wants to know: items, basis, scenario, scope, way and term."""

    item_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    basis: Annotated[LongText, Field(max_length=500)]
    scenario: Annotated[LongText, Field(max_length=1000)]
    scope: Annotated[LongText, Field(max_length=500)]
    share_way: ShareWay
    until: date


class RequestCreate(RequestAnswers):
    """A request for a published resource."""

    resource_code: Annotated[str, Field(min_length=8, max_length=40)]


class Remark(Strict):
    """A step with a remark; a return or a withdrawal needs one."""

    remark: ShortText


class ConsentGiven(Strict):
    """The sharing head's word on the own department's request (Art. 20)."""

    outcome: Annotated[str, Field(pattern="^(consented|returned)$")]
    remark: Annotated[str, TextRule(500, shortest=0, multiline=True)] = ""


class PartyRead(BaseModel):
    """A department or person by name."""

    id: UUID
    name: str


class ItemRead(BaseModel):
    """One requested item."""

    id: UUID
    name: str
    data_type: str
    is_personal: bool


class ClockRead(BaseModel):
    """A statutory clock with how its date was counted."""

    kind: str
    article: str
    limit_days: int
    started_on: date
    due_on: date | None
    uninterrupted_due_on: date | None
    closed_on: date | None
    status: str
    derivation: list[dict[str, Any]]


class RequestRead(BaseModel):
    """A request as both sides see it."""

    request_no: str
    status: RequestStatus
    status_label: str
    version: int
    resource_code: str
    resource_title: str
    resource_version: int
    share_type: str
    consumer: PartyRead
    provider: PartyRead
    applicant: PartyRead
    items: list[ItemRead]
    basis: str
    scenario: str
    scope: str
    share_way: str
    until: date
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    clocks: list[ClockRead]


class RequestRecorded(RequestRead, EventReceipt):
    """A request after a step, with the receipt of its event."""
