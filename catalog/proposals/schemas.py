"""Proposals as they are written and read."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.elements.schemas import ElementContent, Identifier
from catalog.proposals.words import ProposalKind, ProposalOutcome, ProposalStatus, Verdict
from shuqiao.texts import Strict, TextRule, example

Reason = Annotated[str, TextRule(1_000, multiline=True)]
Remark = Annotated[str, TextRule(1_000, shortest=0, multiline=True)]


class ProposalCreate(ElementContent):
    """What an element is to say, and why. ``element``: the published one to be changed, or a draft
    of the own department; without it a new element is proposed.
    """

    model_config = example(
        name="在校生数",
        object_class="学校",
        definition="学年初在校的学生人数",
        data_type="I",
        counting_rule="含寄读生，不含借读生",
        reason="各部门统计口径不一",
    )

    element: Annotated[Identifier, Field(description="Identifier of a data element")] | None = None
    reason: Annotated[Reason, Field(description="Why it is needed")]


class ProposalRevision(ElementContent):
    """The same, corrected after a return."""

    model_config = example(
        name="在校生数", definition="学年初在校的学生人数", data_type="I", reason="补充了统计口径"
    )

    reason: Annotated[Reason, Field(description="Why it is needed")]


class EndingCreate(Strict):
    """An element is to end: replaced by its ``successor``, or retired without one. Its sources end
    with it, or go over to the successor where ``carries_sources`` says so.
    """

    model_config = example(reason="该项统计已停止")

    successor: (
        Annotated[Identifier, Field(description="Identifier of the published element to use")]
        | None
    ) = None
    carries_sources: Annotated[
        bool, Field(description="Whether its sources go over to the successor")
    ] = False
    reason: Annotated[Reason, Field(description="Why it ends")]


class OpinionCreate(Strict):
    """What the department thinks of it; comments say what."""

    model_config = example(verdict="comments", remark="报告期宜为学期")

    verdict: Verdict
    remark: Remark = ""


class ProposalDecision(Strict):
    """The word of the data administration. A return says why; so does a publication while the
    hearing is open and somebody who follows the element has not answered.
    """

    model_config = example(outcome="returned", remark="请补充统计口径")

    outcome: ProposalOutcome
    remark: Remark = ""


class Misfit(BaseModel):
    """A published item that would no longer be like its element, and why."""

    code: str
    title: str
    department: str
    item: str
    why: str


class Effect(BaseModel):
    """What a proposal means for those who follow the element: how many published items of how many
    entries and departments, and the items that would no longer fit; the first 100 are named.
    """

    items: Annotated[int, Field(description="How many published items follow the element")]
    entries: Annotated[int, Field(description="How many entries they belong to")]
    departments: Annotated[list[str], Field(description="Departments that follow the element")]
    misfits: Annotated[list[Misfit], Field(description="Items that would no longer fit")]
    misfit_count: Annotated[int, Field(description="How many items would no longer fit")]


class OpinionRead(BaseModel):
    """What a department said."""

    round: Annotated[int, Field(description="Counted hearing of the proposal")]
    department: str
    verdict: Verdict
    verdict_label: str
    remark: str
    given_at: datetime


class ProposalRead(BaseModel):
    """A proposal. ``content``: what the element is to say; ``asked``: the departments whose items
    follow it; ``decided_at``, ``remark``, ``is_self_reviewed``: of the last decision.
    """

    proposal_no: str
    kind: ProposalKind
    kind_label: str
    element: str
    title: str
    proposer: Annotated[str, Field(description="Department that proposes")]
    reason: str
    base_version: Annotated[int, Field(description="Published version it is a change of, 0: none")]
    content: Annotated[dict[str, Any] | None, Field(description="What the element is to say")]
    successor: str | None
    carries_sources: bool
    status: ProposalStatus
    status_label: str
    heard_until: Annotated[date | None, Field(description="Last day of the hearing")]
    asked: Annotated[list[str], Field(description="Departments asked for their opinion")]
    decided_at: datetime | None
    remark: str
    is_self_reviewed: bool
    created_at: datetime
    version: int


class ProposalShown(ProposalRead):
    """A proposal with what was said of it, and what it means for those who follow the element."""

    opinions: Annotated[list[OpinionRead], Field(description="What departments said")]
    effect: Effect | None


class ProposalRecorded(ProposalRead, EventReceipt):
    """A proposal that has just been filed or changed."""
