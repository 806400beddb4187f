"""What goes in and out of the grant routes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from audit.schemas import EventReceipt
from exchange.grants.words import GrantStatus
from shuqiao.texts import ShortText, Strict, example


class Revocation(Strict):
    """Ends a grant at once; the reason is told to the consumer."""

    model_config = example(reason="使用目的已经实现")

    reason: ShortText


class GrantedItemRead(BaseModel):
    """One granted item and what is done to it before it leaves."""

    item_id: UUID
    name: str
    mask: dict[str, Any] | None
    mask_label: str


class GrantRead(BaseModel):
    """A grant as both sides see it. ``data_url`` is absolute: the data role has its own address."""

    grant_no: str
    request_no: str
    status: GrantStatus
    status_label: str
    version: int
    resource_code: str
    resource_title: str
    resource_version: int
    consumer: str
    provider: str
    purpose: str
    items: list[GrantedItemRead]
    row_filter: dict[str, Any] | None
    row_filter_label: str
    valid_until: date
    issued_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    data_url: str


class GrantRecorded(GrantRead, EventReceipt):
    """A grant after a step, with the receipt of its event."""
