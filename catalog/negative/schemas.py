"""What goes in and out of the negative list."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from audit.schemas import EventReceipt
from catalog.elements.schemas import Identifier
from catalog.negative.words import (
    ConsentOutcome,
    ContestOutcome,
    ContestStatus,
    EndKind,
    EntryStatus,
    ReviewOutcome,
)
from catalog.resources.fields.codes import ResourceCode
from catalog.resources.words import ReviewStep, WithheldKind
from shuqiao.i18n import _
from shuqiao.texts import CodeText, LongText, Name, Strict, TextRule, example

_Optional = Annotated[str, TextRule(500, shortest=0, multiline=True)]
_Number = Annotated[CodeText, Field(max_length=20)]


class ItemNamed(Strict):
    """A published item by its entry of the catalogue and its name."""

    resource: ResourceCode
    name: Annotated[Name, Field(description="Name of the item")]


class EntryCreate(Strict):
    """An entry that is proposed by itself: the basis, what it names, how far it reaches, and when
    it is looked at again.
    """

    model_config = example(
        basis_kind="law",
        basis_name="《中华人民共和国统计法》",
        basis_number="主席令第37号",
        basis_article="第二十八条",
        basis_text="统计调查中获得的能够识别或者推断单个统计调查对象身份的资料应当依法严格管理，"
        "除作为统计执法依据外，不得直接作为对统计调查对象实施行政许可、行政处罚等具体行政行为的"
        "依据，不得用于完成统计任务以外的目的。",
        reason="能够推断单个统计调查对象",
        business="统计调查",
        elements=["DE-000001"],
        review_on="2027-06-30",
    )

    department: Annotated[
        CodeText | None, Field(description="Credit code; left out: the own department")
    ] = None
    basis_kind: WithheldKind
    basis_name: Annotated[str, TextRule(500)]
    basis_number: Annotated[str, TextRule(100, shortest=0)] = ""
    basis_article: Annotated[str, TextRule(100)]
    basis_text: Annotated[LongText, Field(description="The article as it reads")]
    reason: Annotated[str, TextRule(2_000, multiline=True)]
    business: Annotated[
        str,
        TextRule(100, shortest=0),
        Field(description="Business in which it is collected; empty: all of the department's"),
    ] = ""
    reach_clause: Annotated[
        str,
        TextRule(4_000, shortest=0, multiline=True),
        Field(description="The clause that says that it reaches all departments, word by word"),
    ] = ""
    review_on: Annotated[date, Field(description="Day of the next review")]
    basis_ends_on: Annotated[
        date | None, Field(description="Last day of the basis, if it says one")
    ] = None
    elements: Annotated[list[Identifier], Field(max_length=100)] = Field(default_factory=list)
    items: Annotated[list[ItemNamed], Field(max_length=100)] = Field(default_factory=list)
    supersedes: Annotated[
        _Number | None, Field(description="Number of the entry in whose place it stands")
    ] = None


class EntryConsent(Strict):
    """The head's word on a proposed entry; a refusal says why."""

    model_config = example(outcome="consented")

    outcome: ConsentOutcome
    remark: _Optional = ""

    @model_validator(mode="after")
    def _said_why(self) -> Self:
        if self.outcome is ConsentOutcome.REFUSED and not self.remark:
            raise ValueError(_("A refusal needs a reason"), _("Say why."))
        return self


class EntryReview(Strict):
    """The word of the data administration; ``reaches_all`` confirms that the quoted clause reaches
    all departments.
    """

    model_config = example(outcome="published")

    outcome: ReviewOutcome
    reaches_all: bool = False
    remark: _Optional = ""

    @model_validator(mode="after")
    def _said_why(self) -> Self:
        if self.outcome is ReviewOutcome.REFUSED and not self.remark:
            raise ValueError(_("A refusal needs a reason"), _("Say why."))
        return self


class EntryKeep(Strict):
    """The basis was looked at again and still holds."""

    model_config = example(review_on="2027-12-31", remark="条文未修改")

    review_on: Annotated[date, Field(description="Day of the next review")]
    remark: Annotated[str, TextRule(500, multiline=True)]


class EntryEnd(Strict):
    """The basis ended: since when, by which document, why."""

    model_config = example(
        ended_on="2026-02-01", document="主席令第90号", reason="原条文已经删除，不再禁止共享"
    )

    ended_on: Annotated[date, Field(description="Day from which the basis holds no more")]
    document: Annotated[str, TextRule(200), Field(description="By which document the basis ended")]
    reason: Annotated[str, TextRule(2_000, multiline=True)]


class ContestCreate(Strict):
    """Why the basis does not forbid sharing, or does not reach so far."""

    model_config = example(reasons="该条文约束统计机构，不约束本部门依职责登记取得的数据。")

    reasons: LongText


class ContestAnswer(Strict):
    """What the owner says to it."""

    model_config = example(answer="条文所指即本单位调查取得的单个对象资料，应予维持。")

    answer: LongText


class ContestDecision(Strict):
    """What the data administration decides, and why."""

    model_config = example(outcome="upheld", decision="条文明确禁止，依据充分，予以维持。")

    outcome: ContestOutcome
    decision: LongText


class TargetRead(BaseModel):
    """What an entry names: an element by its identifier, an item, or a whole resource."""

    kind: Annotated[str, Field(description="item, resource or element")]
    name: str
    element: Annotated[str | None, Field(description="Identifier of the data element")]


class CoverRead(BaseModel):
    """A published item that an entry strikes or struck; ``until`` is null while it does."""

    resource: Annotated[str, Field(description="Code of the entry of the catalogue")]
    title: str
    item: Annotated[str, Field(description="Name of the item")]
    is_marked: Annotated[bool, Field(description="Whether its owner published it as not shared")]
    since: datetime
    until: datetime | None


class ContestRead(BaseModel):
    """A contest of a basis."""

    contest_no: str
    entry_no: str
    opener: Annotated[str, Field(description="Department that contests")]
    owner: Annotated[str, Field(description="Department whose entry it is")]
    status: ContestStatus
    status_label: str
    reasons: str
    raised_at: datetime
    answer: str
    answered_at: datetime | None
    decision: str
    decided_at: datetime | None
    decided_by: str | None
    is_self_reviewed: bool
    due_on: date | None
    version: int


class EntryRead(BaseModel):
    """An entry of the negative list as lists show it; ``struck``: how many items it strikes now."""

    entry_no: str
    department: str
    department_code: str
    status: EntryStatus
    review_step: ReviewStep | None
    status_label: str
    basis_kind: WithheldKind
    basis_kind_label: str
    basis_name: str
    basis_number: str
    basis_article: str
    names: Annotated[list[str], Field(description="Names of what the entry names")]
    business: str
    reaches_all: bool
    struck: int
    in_force_at: datetime | None
    review_on: date
    version: int


class EntryShown(EntryRead):
    """An entry with its basis, its reach, what it strikes and what was said of it."""

    basis_text: str
    reason: str
    reach_clause: str
    basis_ends_on: date | None
    targets: list[TargetRead]
    covers: list[CoverRead]
    contests: list[ContestRead]
    resource: Annotated[
        str | None, Field(description="Code of the entry of the catalogue that proposed it")
    ]
    proposed_by: str
    approved_by: str | None
    is_self_reviewed: bool
    consented_at: datetime | None
    ended_at: datetime | None
    end_kind: EndKind | None
    end_reason: str
    supersedes: str | None
    superseded_by: str | None
    due_on: date | None
    created_at: datetime


class EntryRecorded(EntryShown, EventReceipt):
    """An entry after a step, with the receipt of its event."""


class ContestRecorded(ContestRead, EventReceipt):
    """A contest after a step, with the receipt of its event."""
