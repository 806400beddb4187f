"""What goes in and out of the grant routes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.resources.words import ShareWay
from exchange.grants.words import GrantStatus, Ground, WhyNot
from shuqiao.texts import CodeText, ShortText, Strict, example


class Revocation(Strict):
    """Ends a grant at once; the reason is told to the consumer."""

    model_config = example(reason="使用目的已经实现")

    reason: ShortText


class Termination(Strict):
    """Ends a suspended grant after consultation and filing (Order 809, Art. 27); all three are
    needed.
    """

    model_config = example(
        reason="信息项已依法列入负面清单，双方已协商一致，不再共享",
        consultation_no="CO-2026-000001",
        filing_no="FL-2026-000001",
    )

    reason: ShortText
    consultation_no: Annotated[
        CodeText, Field(max_length=20, description="Number of the concluded consultation record")
    ]
    filing_no: Annotated[
        CodeText, Field(max_length=20, description="Number of the filing that was made")
    ]


class ItemSettled(Strict):
    """What becomes of a suspended item: it leaves again, or stays as it is."""

    model_config = example(item_id="019a9e5c-0000-7000-8000-000000000011", outcome="left")

    item_id: UUID
    outcome: Literal["resumed", "left"]


class GrantedItemRead(BaseModel):
    """One granted item and what is done to it before it leaves. While it is suspended nothing of it
    does: why, in a word and in words; since when, once that is noted. ``negative_entries``: the
    numbers of the negative entries that strike it now. ``may_resume``: the entry allows it again,
    and the provider's approver decides.
    """

    item_id: UUID
    name: str
    mask: dict[str, Any] | None
    mask_label: str
    is_suspended: bool
    suspended_why: WhyNot | None
    suspended_label: str
    suspended_at: datetime | None
    may_resume: bool
    negative_entries: list[str]


class GrantRead(BaseModel):
    """A grant as both sides see it. ``data_url`` is absolute: the data role has its own address.

    ``follows_editions``: whether it gives the current edition of the data; ``edition_no``: the
    edition that a fetch gives now, null where the data has none. ``ground``: why the whole of it is
    suspended; ``consultation_no`` and ``filing_no``: what a termination rests on. ``coverage``:
    what the entry declared on the day of the decision; ``{"all": true}`` where it declared nothing.
    ``share_way``: the way that was asked for and granted; ``use_condition``: the provider's, as
    published then.
    """

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
    share_way: ShareWay
    share_way_label: str
    use_condition: str
    items: list[GrantedItemRead]
    row_filter: dict[str, Any] | None
    row_filter_label: str
    coverage: dict[str, Any]
    coverage_label: str
    valid_until: date
    issued_at: datetime
    activated_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    ground: Annotated[Ground | None, Field(description="Why the whole of it is suspended")]
    ground_label: str
    consultation_no: str
    filing_no: Annotated[str, Field(description="Public number of the filing")]
    follows_editions: bool
    edition_no: int | None
    data_url: str


class GrantRecorded(GrantRead, EventReceipt):
    """A grant after a step, with the receipt of its event."""
