"""Demands as they are written and read."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.demand.words import (
    AnswerKind,
    CandidateKind,
    DemandStatus,
    SettleOutcome,
    UnmetReason,
    UseBasis,
)
from catalog.resources.fields.codes import ResourceCode
from catalog.resources.words import ShareWay, UpdateCycle, WithheldKind
from shuqiao.texts import CodeText, LongText, Name, ShortText, Strict, TextRule, example

#: Things that one demand wants.
ITEMS_LIMIT: Final = 100
#: Number of an entry of the negative list, or nothing.
NEGATIVE_NO: Final = r"^(NE-[0-9]{4}-[0-9]{6})?$"
_Optional200 = Annotated[str, TextRule(200, shortest=0)]
_Optional100 = Annotated[str, TextRule(100, shortest=0)]
_Said = Annotated[str, TextRule(500, shortest=0, multiline=True)]
_Reason = Annotated[str, TextRule(1_000, multiline=True)]
DepartmentCode = Annotated[CodeText, Field(max_length=18, description="Credit code")]
Number = Annotated[CodeText, Field(max_length=20)]


class WantedItem(Strict):
    """One thing that is wanted, perhaps by the identifier of its data element."""

    name: Name
    definition: _Said = ""
    element: Annotated[CodeText, Field(max_length=40)] | None = None
    why: _Said = ""


class DemandCreate(Strict):
    """What a department needs and finds nowhere: with basis, scene, scope and term as Order 809,
    Art. 20 has them. ``provider`` may stay unknown; ``item``: of a published entry that is aimed
    at.
    """

    model_config = example(
        title="学校名录",
        need="办理入学积分时核对学校名称和地址。",
        items=[{"name": "学校名称", "definition": "学校的法定名称"}],
        basis_kind="duty",
        basis_document="公安厅职能配置、内设机构和人员编制规定",
        basis_article="第三条第（二）项",
        scenario="核对学龄人口就学情况",
        scope="治安管理支队内部使用",
        update_cycle="monthly",
        until="2026-12-31",
    )

    title: ShortText
    need: LongText
    items: Annotated[list[WantedItem], Field(min_length=1, max_length=ITEMS_LIMIT)]
    basis_kind: UseBasis
    basis_document: ShortText
    basis_article: _Optional100 = ""
    duty_no: Annotated[CodeText, Field(max_length=40)] | None = None
    matter: _Optional200 = ""
    scenario: _Reason
    scope: Annotated[str, TextRule(500, multiline=True)]
    share_way: ShareWay | None = None
    update_cycle: UpdateCycle | None = None
    until: date
    is_urgent: bool = False
    item: UUID | None = None
    provider: DepartmentCode | None = None


class DemandAssign(Strict):
    """The department that is to answer."""

    model_config = example(provider="11150000009900021B", reason="职责依据为编制规定第三条。")

    provider: DepartmentCode
    reason: Annotated[str, TextRule(1_000, shortest=0, multiline=True)] = ""


class AnswerCreate(Strict):
    """An answer: ``share`` names the ``entry``; ``collect`` the day; ``not_ours`` why, and perhaps
    whose it is; ``refuse`` one of the three legal bases with document and article, or the number of
    an entry of the negative list.
    """

    model_config = example(kind="share", entry="307001-000001")

    kind: AnswerKind
    reason: Annotated[str, TextRule(2_000, shortest=0, multiline=True)] = ""
    entry: ResourceCode | None = None
    collect_by: date | None = None
    suggested: DepartmentCode | None = None
    legal_kind: WithheldKind | None = None
    legal_document: _Optional200 = ""
    legal_number: _Optional100 = ""
    legal_article: _Optional100 = ""
    negative_no: Annotated[str, Field(pattern=NEGATIVE_NO, max_length=20)] = ""


class DemandMerge(Strict):
    """The demand under which this one goes on."""

    model_config = example(into="DM-2026-000001")

    into: Number


class DemandReason(Strict):
    """Why: of a withdrawal, or of contesting a refusal."""

    model_config = example(reason="业务调整，需求改变。")

    reason: _Reason


class DemandSettle(Strict):
    """What comes of the mediation."""

    model_config = example(outcome="sent_back", reason="所引条款不构成不予共享的依据。")

    outcome: SettleOutcome
    reason: _Reason


class DemandClose(Strict):
    """Why it ends without a delivery."""

    model_config = example(reason="not_suitable", note="更新频率不能满足办理需要。")

    reason: UnmetReason
    note: Annotated[str, TextRule(1_000, shortest=0, multiline=True)] = ""


class WantedRead(BaseModel):
    name: str
    definition: str
    element: str | None
    why: str


class VoiceRead(BaseModel):
    """The need of one department, as it filed it."""

    department: str
    filed_as: str
    need: str
    scenario: str
    until: date
    request_no: str
    delivery_no: str
    met_at: datetime | None
    left_at: datetime | None


class AnswerRead(BaseModel):
    """An answer as it was given."""

    department: str
    kind: AnswerKind
    kind_label: str
    reason: str
    entry: str | None
    collect_by: date | None
    suggested: str | None
    legal_kind: WithheldKind | None
    legal_document: str
    legal_number: str
    legal_article: str
    negative_no: str
    answered_by: str
    answered_at: datetime
    due_on: date | None


class DemandRead(BaseModel):
    """A demand as lists show it. ``entry``: the code of the one that serves it."""

    demand_no: str
    title: str
    status: DemandStatus
    status_label: str
    consumer: str
    provider: str | None
    voices: int
    is_urgent: bool
    until: date
    entry: str | None
    due_on: date | None
    version: int
    filed_at: datetime


class DemandShown(DemandRead):
    """A demand with all that was said: wants, voices, answers, and how it ended."""

    need: str
    wanted: Sequence[WantedRead]
    basis_kind: UseBasis
    basis_document: str
    basis_article: Annotated[str, Field(description="Article of the document")]
    duty_no: str
    matter: str
    scenario: str
    scope: str
    share_way: ShareWay | None
    update_cycle: UpdateCycle | None
    proposed: str | None
    responsible: str
    withheld_item: str | None
    withheld_by: Sequence[str]
    heard: Sequence[VoiceRead]
    answers: Sequence[AnswerRead]
    collect_by: date | None
    into: str | None
    merged: Sequence[str]
    unmet_reason: UnmetReason | None
    end_note: str
    delivery_no: str
    ended_at: datetime | None


class DemandRecorded(DemandShown, EventReceipt):
    """A demand after a step, with the receipt of its event."""


class CandidateRead(BaseModel):
    """What may serve a demand, the best first; ``why``: in words."""

    kind: CandidateKind
    name: str
    title: str
    department: str
    score: int
    is_withheld: bool
    why: Sequence[str]


class SimilarRead(BaseModel):
    """A demand that seems to want the same."""

    demand_no: str
    title: str
    consumer: str
    status: DemandStatus
    score: int
    why: Sequence[str]


class CandidatesRead(BaseModel):
    """Candidates of an answer, and demands that may be merged."""

    candidates: Sequence[CandidateRead]
    similar: Sequence[SimilarRead]


class FiguresRead(BaseModel):
    """One month in figures. A rate has its numerator and denominator; it is null where the latter
    is 0. Refusals by law are counted apart.
    """

    month: str
    filed: int
    answers_due: int
    answered_in_time: int
    answered_in_time_percent: float | None
    met: int
    unmet: int
    withheld_by_law: int
    met_percent: float | None
    unmet_by_reason: dict[UnmetReason, int]
