"""What goes in and out of the request routes."""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.resources.words import ShareWay
from exchange.requests.words import RequestStatus
from shuqiao.limits import Basis
from shuqiao.texts import CodeText, LongText, ShortText, Strict, TextRule, example

#: Items of examples.
SAMPLE_ITEMS: Final = (
    "019a9e5c-0000-7000-8000-000000000011",
    "019a9e5c-0000-7000-8000-000000000012",
)
#: What is answered about the use, as the reference shows it.
_ANSWERS: Final[Mapping[str, Any]] = {
    "basis": "《中华人民共和国户口登记条例》第三条",
    "scenario": "核对学龄人口就学情况",
    "scope": "治安管理支队内部使用",
    "share_way": "batch",
    "until": "2026-12-31",
}


class RequestAnswers(Strict):
    """What Order 809 Art. 20 wants to know: items, basis, scenario, scope, way and term."""

    model_config = example(item_ids=[SAMPLE_ITEMS[0]], **_ANSWERS)

    item_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    basis: Annotated[LongText, Field(max_length=500)]
    scenario: Annotated[LongText, Field(max_length=1000)]
    scope: Annotated[LongText, Field(max_length=500)]
    share_way: ShareWay
    until: date

    @property
    def purpose_digest(self) -> str:
        return purpose_digest(self.basis, self.scenario)


def purpose_digest(basis: str, scenario: str) -> str:
    """What stands for a purpose: the same for the same words, however they are typed (width, case,
    blanks and breaks).
    """
    said = "\0".join(map(_folded, (basis, scenario)))
    return hashlib.sha256(said.encode()).hexdigest()


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


class RequestCreate(RequestAnswers):
    """A request for a published resource."""

    model_config = example(resource_code="307001-000001", item_ids=[*SAMPLE_ITEMS], **_ANSWERS)

    resource_code: Annotated[str, Field(min_length=8, max_length=40)]
    #: The demand (需求) that this entry serves.
    demand_no: Annotated[CodeText, Field(max_length=20)] | None = None


class Remark(Strict):
    """A step with a remark; a return or a withdrawal needs one."""

    model_config = example(remark="业务调整，不再需要")

    remark: ShortText


class ConsentGiven(Strict):
    """The sharing head's word on the own department's request (Art. 20)."""

    model_config = example(outcome="consented")

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
    limit_basis: Basis
    #: The number of the instrument (文号), and its article.
    instrument: str
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
    demand_no: str | None
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    clocks: list[ClockRead]


class DifferenceRead(BaseModel):
    """One thing that is otherwise now, in the reader's language."""

    field: str
    kind: str
    before: str
    after: str


class RequestShown(RequestRead):
    """A request with what became of its subject since: the entry's ``latest_version``, its current
    edition of the data, and ``entry_changes``, what it says otherwise than the version asked for;
    null where nothing later is published or nothing is waited for. ``changes``: of the answers,
    since the own sharing head saw them last.
    """

    latest_version: int
    edition_no: int | None
    entry_changes: list[DifferenceRead] | None
    changes: list[DifferenceRead] | None


class RequestRecorded(RequestRead, EventReceipt):
    """A request after a step, with the receipt of its event."""
