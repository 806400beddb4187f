"""Source conflicts as they are written and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.conflicts.words import ConflictStatus, ReviewOutcome
from catalog.resources.fields.codes import ResourceCode
from shuqiao.texts import CodeText, LongText, Strict, TextRule, example

_Optional = Annotated[str, TextRule(200, shortest=0)]
_Article = Annotated[str, TextRule(100, shortest=0), Field(description="Article of the document")]
Number = Annotated[CodeText, Field(max_length=20)]


class StatementCreate(Strict):
    """What a side states, with its evidence: a duty by its number, a document with its article,
    entries that show it.
    """

    model_config = example(
        statement="本部门依职责采集并每日更新该数据，其他部门均由本部门共享取得。",
        document="民政厅职能配置、内设机构和人员编制规定",
        article="第三条第（六）项",
    )

    statement: LongText
    document: _Optional = ""
    article: _Article = ""
    duty_no: Annotated[CodeText, Field(max_length=40)] | None = None
    entries: Annotated[list[ResourceCode], Field(max_length=20)] = Field(default_factory=list)


class ConflictOpen(StatementCreate):
    """Dispute a claim: the own department says that it is the source, for the same objects and
    area. It rests on a duty or a document.
    """

    model_config = example(
        against="SC-2026-000001",
        statement="该数据由本部门在办理业务时直接采集，早于对方登记。",
        document="教育厅职能配置、内设机构和人员编制规定",
        article="第三条第（四）项",
    )

    against: Annotated[Number, Field(description="Number of the claim that is disputed")]
    collected_by: _Optional = ""


class OpinionCreate(Strict):
    """What the establishment office (编办) says of the duties."""

    model_config = example(opinion="该项职责归教育厅。", document="内机编办函〔2026〕示例8号")

    opinion: LongText
    document: Annotated[
        str, TextRule(200), Field(description="Number of the document of the opinion")
    ]


class Referral(Strict):
    """Before whom it is brought, and by which document (提请上级数据主管部门处理)."""

    model_config = example(to="国家数据局", document="内数据函〔2026〕示例12号")

    to: Annotated[str, TextRule(200), Field(description="Administration that decides")]
    document: Annotated[str, TextRule(200), Field(description="Number of the document")]


class ConflictDecision(Strict):
    """Which of the two claims is confirmed, why, and on what basis."""

    model_config = example(
        named="SC-2026-000001",
        reasons="编制规定明确由该部门负责采集，另一部门的数据由共享取得。",
        basis="民政厅职能配置、内设机构和人员编制规定第三条第（六）项",
    )

    named: Annotated[Number, Field(description="Number of the claim that is confirmed")]
    reasons: LongText
    basis: Annotated[str, TextRule(500)]


class ReviewPlea(Strict):
    """Why the decision should be reviewed (申请复核)."""

    model_config = example(plea="决定未考虑第三条第（四）项的职责。")

    plea: LongText


class ReviewDecision(Strict):
    """What the review says, and why."""

    model_config = example(outcome="upheld", reasons="原决定依据充分，予以维持。")

    outcome: ReviewOutcome
    reasons: LongText


class StatementRead(BaseModel):
    department: str
    statement: str
    document: str
    article: Annotated[str, Field(description="Article of the document")]
    duty_no: str
    entries: list[str]
    stated_by: str
    stated_at: datetime


class ConflictRead(BaseModel):
    """A source conflict as lists show it. ``source``: the department that was named, null until
    then.
    """

    conflict_no: str
    element: str
    element_name: str
    claim: str
    own_claim: str
    opener: str
    rival: str
    status: ConflictStatus
    status_label: str
    source: str | None
    due_on: date | None
    version: int
    opened_at: datetime


class ConflictShown(ConflictRead):
    """A source conflict with what both sides state, the opinion, the decision and its review."""

    statements: list[StatementRead]
    opinion: str
    opinion_document: str
    reasons: str
    basis: Annotated[str, Field(description="On what the decision rests")]
    decided_by: str | None
    decided_at: datetime | None
    is_self_reviewed: bool
    review_until: date | None
    review_plea: str
    review_asked_at: datetime | None
    reviewed_by: str | None
    review_reasons: str
    reviewed_at: datetime | None
    decides: Annotated[str, Field(description="Who decides; empty: any data administration")]
    is_elsewhere: Annotated[bool, Field(description="It is not on this platform")]
    referred_to: Annotated[str, Field(description="Before whom it was brought")]
    referred_document: Annotated[str, Field(description="By which document")]
    referred_at: datetime | None
    lapse_reason: Annotated[str, Field(description="Why it fell away without a decision")]


class ConflictRecorded(ConflictShown, EventReceipt):
    """A source conflict after a step, with the receipt of its event."""
