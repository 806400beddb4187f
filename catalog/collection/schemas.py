"""Checks before collecting and reports of repeated forms as they are written and read."""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.collection.models import CollectedField, CollectionCheck, RepeatedForm
from catalog.collection.words import (
    Answer,
    CheckStatus,
    FormKind,
    RepeatOutcome,
    RepeatStatus,
)
from catalog.resources.words import ShareType
from shuqiao.texts import Name, Strict, TextRule, example

#: The addresses that take a file with the fields.
FIELD_PATHS: Final = re.compile(r"^/(api/v1/)?collection-checks/files/?$")
#: More fields than the longest form of the country has.
FIELDS_LIMIT: Final = 300
Said = Annotated[str, TextRule(500, shortest=0, multiline=True)]
FieldNames = Annotated[list[Name], Field(min_length=1, max_length=FIELDS_LIMIT)]


class CheckHead(Strict):
    """What the fields are collected by; they come in a file beside it."""

    model_config = example(title="低保家庭入户登记表", kind="form")

    title: Name
    kind: FormKind


#: Names as they are pasted into a form: one a line, or a row of a table.
Pasted = Annotated[str, Field(max_length=40_000)]


class CheckForm(CheckHead):
    """The same with the fields that are pasted."""

    fields: Pasted = ""


class CheckCreate(Strict):
    """The fields of a form, a report or a planned system."""

    model_config = example(
        title="低保家庭入户登记表", kind="form", fields=["学校代码", "学校名称", "家庭年收入"]
    )

    title: Name
    kind: FormKind
    fields: FieldNames


class FieldCorrect(Strict):
    """The right answer of a field: the item of an entry that holds it, or neither where nobody has
    it; and whether it is collected after all.
    """

    model_config = example(
        resource_code="307001-000001", item="学校名称", is_collected=False, reason=""
    )

    resource_code: Annotated[str, TextRule(40, shortest=0)] = ""
    item: Annotated[str, TextRule(100, shortest=0)] = ""
    is_collected: bool = False
    reason: Said = ""


class RepeatForm(Strict):
    """A report as it is typed into the page."""

    asked_by: Name
    form_name: Name
    fields: Pasted = ""
    remark: Said = ""


class RepeatCreate(Strict):
    """A form that is asked for again and again: by whom, with which fields."""

    model_config = example(
        asked_by="市民政局",
        form_name="低保家庭季度报表",
        fields=["户主姓名", "家庭人口"],
        remark="",
    )

    asked_by: Name
    form_name: Name
    fields: FieldNames
    remark: Said = ""


class RepeatAnswer(Strict):
    """What becomes of the form, and why."""

    model_config = example(outcome="prefilled", answer="由部门共享数据预填，基层只核对变动。")

    outcome: RepeatOutcome
    answer: Annotated[str, TextRule(500, multiline=True), Field(description="What was answered")]


class FieldRead(BaseModel):
    """One field and its answer. ``basis``: of what is not shared; ``reason``: why it is collected
    again.
    """

    position: int
    name: str
    answer: Answer
    answer_label: str
    item_name: str
    resource_code: str
    resource_title: str
    provider: str
    share_type: ShareType | None
    basis: str
    element: str
    is_corrected: bool
    is_collected: bool
    reason: str

    @classmethod
    def of(cls, row: CollectedField) -> Self:
        told: dict[str, Any] = row.model_dump(include=set(cls.model_fields))
        return cls(**told, answer_label=str(row.answer.label))


class CheckSummary(BaseModel):
    """A check without its fields."""

    check_no: str
    title: str
    kind: FormKind
    status: CheckStatus
    owner: Annotated[str, Field(description="Department that collects")]
    entries: Annotated[int, Field(description="Entries that were published then")]
    made_at: datetime
    concluded_at: datetime | None
    version: int

    @classmethod
    def summed(cls, row: CollectionCheck, owner: str) -> Self:
        return cls(**row.model_dump(include=set(CheckSummary.model_fields)), owner=owner)


class CheckRead(CheckSummary):
    """A check with each field and its answer, by ``maker``."""

    maker: str
    fields: list[FieldRead]


class CheckChanged(CheckRead, EventReceipt):
    """A check after a step."""


class RepeatRead(BaseModel):
    """A report of a repeated form, and what it was answered."""

    report_no: str
    owner: Annotated[str, Field(description="Unit that reports it")]
    asked_by: str
    form_name: str
    fields: list[str]
    remark: str
    status: RepeatStatus
    outcome: RepeatOutcome | None
    answer: Annotated[str, Field(description="What was answered")]
    reported_at: datetime
    answered_at: datetime | None
    version: int

    @classmethod
    def told(cls, row: RepeatedForm, owner: str) -> Self:
        return cls(**row.model_dump(include=set(RepeatRead.model_fields)), owner=owner)


class RepeatChanged(RepeatRead, EventReceipt):
    """A report after a step."""
