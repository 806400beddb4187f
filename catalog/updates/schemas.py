"""Changes of law or duties as they are written and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.updates.words import ChangeKind, ExtensionOutcome, UpdateStatus
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
    """A change and the update that it asks for, with its limit. ``decided_at``, with
    ``is_self_reviewed``: of the last decision on more time.
    """

    change_no: str
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
    limit_days: int
    due_on: date | None
    closed_on: date | None
    version: int
    created_at: datetime


class ChangeRecorded(ChangeRead, EventReceipt):
    """A change after a step, with the receipt of its event."""
