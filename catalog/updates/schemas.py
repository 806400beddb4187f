"""Changes of law or duties as they are written and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from audit.schemas import EventReceipt
from catalog.updates.words import ChangeKind, ExtensionOutcome, UpdateStatus
from shuqiao.limits import Basis
from shuqiao.texts import Strict, TextRule, example

Reason = Annotated[str, TextRule(500, multiline=True)]


class ChangeCreate(Strict):
    """A change of a law, an administrative regulation, a State Council decision or of duties, and
    the day from which it holds.
    """

    model_config = example(
        on="2026-02-10", kind="law", basis="《中华人民共和国义务教育法》第十一条修改"
    )

    on: date
    kind: ChangeKind
    basis: Reason


class NewData(Strict):
    """Data that was newly collected or produced and has no entry: by what name, in which department
    (the own one without a code), and in which registered system if it is known.
    """

    name: Annotated[str, TextRule(50)]
    department: Annotated[str, TextRule(18, shortest=0, code=True)] = ""
    system: Annotated[str, TextRule(20, shortest=0, code=True)] = ""


class CauseCreate(Strict):
    """What happened, once, and all the published entries that it concerns; for new data: the data,
    and no entries.
    """

    model_config = example(
        kind="law",
        on="2026-02-10",
        basis="《中华人民共和国义务教育法》第十一条修改",
        codes=["307001-000001"],
        data=[],
    )

    kind: ChangeKind
    on: date
    basis: Reason
    codes: list[Annotated[str, TextRule(40, code=True)]] = Field(
        default_factory=list, max_length=500, description="Codes of the entries that it concerns"
    )
    data: list[NewData] = Field(default_factory=list, max_length=50)


class EntryNaming(Strict):
    """The entry that registers new data."""

    model_config = example(resource_code="307001/000001")

    resource_code: Annotated[str, TextRule(40, code=True)]


class Dismissal(Strict):
    """Why no update is needed."""

    model_config = example(reason="修改的条款不涉及本目录的信息项和共享条件")

    reason: Reason


class ExtensionAsk(Strict):
    """Working days beyond the limit, and why they are needed."""

    model_config = example(working_days=5, reason="涉及的信息项需要逐项核实")

    working_days: Annotated[int, Field(ge=1, le=99)]
    reason: Reason


class ExtensionDecision(Strict):
    """The word of the data administration; a refusal says why."""

    model_config = example(outcome="consented", remark="")

    outcome: ExtensionOutcome
    remark: Annotated[str, TextRule(500, shortest=0, multiline=True)] = ""


class ChangeRead(BaseModel):
    """A change and the update that it asks for, with its limit. ``resource_code`` is empty for new
    data until its entry is named. ``decided_at``, with ``is_self_reviewed``: of the last decision.
    """

    change_no: str
    cause_no: str
    resource_code: str
    resource_title: str
    changed_on: date
    kind: ChangeKind
    kind_label: str
    basis: str
    status: UpdateStatus
    status_label: str
    extension_days: int | None
    extension_reason: str
    decided_at: datetime | None
    is_self_reviewed: bool
    dismissed_for: str
    #: On what the limit rests: the law, or what the platform has set for itself.
    limit_basis: Basis
    limit_days: int
    due_on: date | None
    closed_on: date | None
    version: int
    created_at: datetime


class UpdateListed(BaseModel):
    """One update that is owed. ``working_days_left``: negative when the date has passed, none while
    the calendar is missing.
    """

    change_no: str
    kind: ChangeKind
    kind_label: str
    task: Annotated[str, Field(description="What is to be done")]
    changed_on: date
    basis: str
    resource_code: str
    resource_title: str
    department: str
    department_code: str
    status: UpdateStatus
    status_label: str
    limit_basis: Basis
    limit_basis_label: str
    due_on: date | None
    working_days_left: int | None
    is_overdue: bool


class UpdateSum(BaseModel):
    """How much one department owes; overdue is what passed a limit of law, late what passed one
    that the platform has set for itself.
    """

    model_config = ConfigDict(from_attributes=True)

    department: str
    code: str
    entries: Annotated[int, Field(description="Entries that updates are owed for")]
    updates: int
    of_law: int
    overdue_of_law: int
    overdue_of_policy: int


class UpdateSums(BaseModel):
    """Of every department that owes something, the most overdue first."""

    items: list[UpdateSum]


class ReachedEntry(BaseModel):
    """An entry that a cause would reach."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    title: str
    department: str
    #: The numbers of all that is owed for it already.
    owed: list[str]


class Reached(BaseModel):
    """Whom a cause would reach. ``has_more``: the search is to be narrowed."""

    items: list[ReachedEntry]
    has_more: bool


class CauseRead(BaseModel):
    """A cause, and all that is owed for it. ``about``: the object of the platform it comes from."""

    cause_no: str
    kind: ChangeKind
    kind_label: str
    changed_on: date
    basis: str
    about: str
    recorder: str
    created_at: datetime
    changes: list[ChangeRead]


class CauseRecorded(CauseRead, EventReceipt):
    """A cause with the receipt of its events."""


class ChangeRecorded(ChangeRead, EventReceipt):
    """A change after a step, with the receipt of its event."""
