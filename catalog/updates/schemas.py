"""Changes of law or duties as they are written and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

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
        default_factory=list, max_length=500
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


class ChangeRecorded(ChangeRead, EventReceipt):
    """A change after a step, with the receipt of its event."""
