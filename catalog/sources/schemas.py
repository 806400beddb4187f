"""Sources as they are written and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from auth.areas.schemas import AreaCode
from catalog.elements.words import Sourcing
from catalog.sources.words import Answer, ClaimStatus, CountersignStatus, Decision, Ground
from shuqiao.texts import CodeText, Name, Strict, TextRule, example

_Optional = Annotated[str, TextRule(200, shortest=0)]
Reason = Annotated[str, TextRule(1_000, multiline=True)]
OptionalReason = Annotated[str, TextRule(1_000, shortest=0, multiline=True)]
ClaimNumber = Annotated[CodeText, Field(max_length=20)]


class ScopeRegister(Strict):
    """A named part of what the element speaks of, which shares no object with another part."""

    model_config = example(
        name="社会组织", belongs="统一社会信用代码第一位登记管理部门代码为 5，由民政部门登记"
    )

    name: Name
    belongs: Annotated[str, TextRule(500, multiline=True)]


class ExceptedArea(Strict):
    """An area below the one of the claim that has a source of its own, and why."""

    model_config = example(area_code="150200", reason="包头市按地方立法自行编制本市代码")

    area_code: AreaCode
    reason: Annotated[str, TextRule(500, multiline=True)]


class ClaimCreate(Strict):
    """A claim to be the source of an element.

    It rests on a duty by its number, or on a document and its article. Without ``department`` it is
    the own one, without ``scope`` it is for all objects, without ``area_code`` for the department's
    own area. ``is_upper`` and ``replaces`` are the data administration's.
    """

    model_config = example(
        document="教育厅职能配置、内设机构和人员编制规定",
        article="第三条第（四）项",
        collected_by="中小学学籍信息管理系统",
    )

    department: Annotated[CodeText, Field(max_length=18)] | None = None
    scope: Annotated[Name, Field(description="Object scope; left out: all objects")] | None = None
    area_code: AreaCode | None = None
    duty_no: Annotated[CodeText, Field(max_length=40)] | None = None
    document: _Optional = ""
    article: Annotated[
        str, TextRule(100, shortest=0), Field(description="Article of the document")
    ] = ""
    collected_by: _Optional = ""
    is_upper: bool = False
    replaces: ClaimNumber | None = None
    excepted: Annotated[list[ExceptedArea], Field(max_length=50)] = Field(default_factory=list)


class CountersignAnswer(Strict):
    """Whether the department agrees; an objection says why."""

    model_config = example(answer="agreed", reason="")

    answer: Answer
    reason: OptionalReason = ""


class ClaimDecision(Strict):
    """The word of the data administration on a claim. What was countersigned is decided with a
    reason, which answers the objections.
    """

    model_config = example(reason="职责依据明确，异议所涉数据由该部门共享取得")

    reason: OptionalReason = ""


class ClaimOutcome(Strict):
    """The word of the data administration, as the page asks for it."""

    outcome: Decision
    reason: OptionalReason = ""


class ClaimReason(Strict):
    """Why a claim is not confirmed, or a source ended."""

    model_config = example(reason="职责已划转，由新的部门另行认领")

    reason: Reason


class ScopeRead(BaseModel):
    """An object scope; ``number`` names it in addresses."""

    number: int
    name: str
    belongs: str
    ended_on: date | None


class CountersignRead(BaseModel):
    """What one collecting department said of a claim."""

    countersign_no: str
    department: str
    status: CountersignStatus
    status_label: str
    reason: str
    asked_at: datetime
    signed_at: datetime | None
    due_on: date | None


class ExceptionRead(BaseModel):
    area_code: str
    area: str
    reason: str
    recorded_at: datetime


class ClaimRead(BaseModel):
    """A claim; ``scope`` null: for all objects. The source is the one that is ``confirmed``."""

    claim_no: str
    element: str
    element_name: str
    department: str
    department_code: str
    scope: Annotated[str | None, Field(description="Object scope; null: all objects")]
    area_code: str
    area: str
    duty_no: str | None
    document: str
    article: Annotated[str, Field(description="Article of the document")]
    collected_by: str
    is_upper: bool
    is_by_administration: bool
    is_rival: bool
    replaces: str | None
    status: ClaimStatus
    status_label: str
    ground: Ground | None
    reason: str
    is_self_reviewed: bool
    confirmed_on: date | None
    ended_on: date | None
    end_reason: str
    due_on: date | None
    version: int
    created_at: datetime


class ClaimShown(ClaimRead):
    """A claim with its countersignings and exceptions."""

    countersigns: list[CountersignRead]
    exceptions: list[ExceptionRead]
    decides: Annotated[
        str, Field(description="Data administration that decides; empty: any of the platform")
    ]
    is_elsewhere: Annotated[bool, Field(description="Whether that one is not on this platform")]


class ClaimRecorded(ClaimShown, EventReceipt):
    """A claim after a step, with the receipt of its event."""


class HoldingRead(BaseModel):
    """How many entries and items of a department follow the element; ``copied`` and ``processed``
    of these are taken from their source, or worked out.
    """

    department: str
    department_code: str
    entries: int
    items: int
    copied: int
    processed: int
    taken_from: list[str]
    is_source: bool


class ElementSource(BaseModel):
    """The source of one element: by scope and area, who else holds it, what waits."""

    identifier: str
    name: str
    sourcing: Sourcing
    sourcing_label: str
    derivation: str
    scopes: list[ScopeRead]
    sources: list[ClaimRead]
    open_claims: list[ClaimRead]
    holdings: list[HoldingRead]


class CoverageRead(BaseModel):
    """Of the elements that need a source and are in use, how many have one; ``share`` in per cent,
    null where there are none. ``department`` null: all together.
    """

    department: str | None
    department_code: str | None
    elements: int
    with_source: int
    as_source: int
    share: float | None


class Coverage(BaseModel):
    """The coverage in total and by department that holds the elements."""

    total: Annotated[CoverageRead, Field(description="All together")]
    departments: list[CoverageRead]


class ScopeRegistered(ScopeRead, EventReceipt):
    """An object scope that has just been registered or ended."""
