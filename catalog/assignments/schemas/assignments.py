"""Assignments as they are written and read."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from audit.schemas import EventReceipt
from auth.departments.words import Level
from catalog.assignments.schemas.templates import Code, LineRead, Long, Short
from catalog.assignments.words import Answer, AssignmentStatus, Refusal
from catalog.resources.schemas import ClassCode
from catalog.resources.words import ShareType
from shuqiao.texts import CodeText, Strict, TextRule, example


class Reassigning(Strict):
    """To whom an assignment goes instead, by credit code; empty: whom the answer names."""

    model_config = example(department="11150000009900013G")

    department: Annotated[str, TextRule(18, shortest=0, code=True)] = ""


class AnswerWrite(Strict):
    """What a department answers; which fields belong to which answer is checked."""

    model_config = example(answer="claimed")

    answer: Answer
    part: Annotated[Long, Field(description="Which part is claimed")] = ""
    rest: Long = ""
    rest_department: Annotated[str, TextRule(18, shortest=0, code=True)] = ""
    refusal: Refusal | None = None
    reason: Long = ""
    #: No such duty: whose it should be.
    belongs_to: Annotated[str, TextRule(18, shortest=0, code=True)] = ""
    duplicate_of: Code = ""


class AnswersWrite(AnswerWrite):
    """The same answer for several assignments at once; all of them, or none."""

    model_config = example(numbers=["AS-2026-000001", "AS-2026-000002"], answer="claimed")

    numbers: Annotated[list[CodeText], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        self.numbers = list(dict.fromkeys(self.numbers))
        return self


class WayWrite(Strict):
    """The way from the duty to the data; what is left out is emptied."""

    model_config = example(matter="学校设立登记", table_name="school")

    duty_no: Annotated[str, TextRule(40, shortest=0)] = ""
    matter: Short = ""
    system_no: Annotated[str, TextRule(20, shortest=0, code=True)] = ""
    table_name: Short = ""


class EntryChoice(Strict):
    """The entry of the own department that fills the line."""

    model_config = example(code="307001/000001")

    code: CodeText


class EntryOpen(Strict):
    """A draft to be registered for the line: its class, and how it is meant to be shared."""

    model_config = example(class_code="307001", share_type="conditional")

    class_code: ClassCode
    share_type: ShareType


class AssignmentSummary(BaseModel):
    """An assignment as lists show it. ``stage``: where the facts of the catalogue have brought it.
    ``is_partly``: claimed in part.
    """

    assignment_no: str
    template_no: str
    template: str
    position: int
    title: str
    upper_code: str
    department: str
    department_code: str
    status: AssignmentStatus
    status_label: str
    is_partly: bool
    due_on: date | None
    answer: Answer | None
    answer_label: str
    refusal: Refusal | None
    refusal_label: str
    entry: str
    version: int


class AssignmentRead(AssignmentSummary):
    """An assignment with everything that is known of it."""

    part: Annotated[str, Field(description="Which part is claimed")]
    rest: str
    rest_department: str
    reason: str
    belongs_to: str
    duplicate_of: str
    answered_at: datetime | None
    duty_no: str
    matter: str
    system_no: str
    table_name: str
    previous: str
    following: list[str]
    made_at: datetime
    line: LineRead


class AssignmentRecorded(AssignmentRead, EventReceipt):
    """An assignment after a step, with the receipt of its event."""


class AssignmentsRecorded(EventReceipt):
    """Several assignments after the same step."""

    items: list[AssignmentSummary]


class BoardRow(BaseModel):
    """How far a department is: answers, then the way of what it claimed. ``overdue``: what it has
    to do and has not done in time.
    """

    department: Annotated[str, Field(description="Department that answers and fills")]
    code: str
    assigned: int
    claimed: int
    partly: int
    refused: int
    open: int
    silent: int
    registered: int
    published: int
    with_data: int
    overdue: int


class Share(BaseModel):
    """A figure with what it is made of; no rate while there is nothing to divide by."""

    numerator: int
    denominator: int


class BoardRead(BaseModel):
    """Who is how far. ``compiled`` (目录编制率): entries registered, of what is claimed;
    ``attached`` (挂载率): entries with data, of those published.
    """

    items: list[BoardRow]
    compiled: Share
    attached: Share
    silent: list[str]
    gaps: list[str]
    gap_count: int


class WantedAssignments(BaseModel):
    """What is looked for: words, a template, a state, a department, an area, a level."""

    q: str = ""
    template: str = ""
    status: AssignmentStatus | None = None
    department: str = ""
    area: str = ""
    level: Level | None = None
