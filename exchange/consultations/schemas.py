"""Consultations and filings as they are written and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from exchange.consultations.words import ConsultationStatus, FilingStatus, Outcome, Side
from shuqiao.texts import LongText, Strict, example


class SideStatement(Strict):
    """What the own side says about the items that leave no more."""

    model_config = example(statement="该信息项依法不予共享，建议改用脱敏后的统计结果。")

    statement: LongText


class Conclusion(Strict):
    """What came of the consultation, and in which words it is concluded."""

    model_config = example(outcome="agreed", conclusion="双方同意停止共享该信息项。")

    outcome: Outcome
    conclusion: Annotated[LongText, Field(description="In which words it is concluded")]


class FilingMade(Strict):
    """What is filed with the data administration."""

    model_config = example(statement="该信息项已列入负面清单，已与需求部门协商，特此备案。")

    statement: LongText


class ConsultedItem(BaseModel):
    """An item that is consulted about, with the negative entry that struck it and its basis."""

    name: str
    negative_entry: str
    basis: str
    since: Annotated[datetime, Field(description="Since when it does not leave")]


class SideStated(BaseModel):
    side: Side
    side_label: str
    department: str
    statement: str
    stated_by: str
    stated_at: datetime


class FilingRead(BaseModel):
    """The filing that belongs to a consultation."""

    filing_no: Annotated[str, Field(description="Public number of the filing")]
    status: FilingStatus
    status_label: str
    statement: str
    filed_by: str | None
    filed_at: datetime | None
    due_on: date | None


class ConsultationRead(BaseModel):
    """A consultation with its items, what both sides state, its outcome and its filing."""

    consultation_no: str
    grant_no: str
    resource_title: str
    consumer: str
    provider: str
    status: ConsultationStatus
    status_label: str
    items: list[ConsultedItem]
    statements: list[SideStated]
    outcome: Outcome | None
    outcome_label: Annotated[str, Field(description="What came of it, in words")]
    conclusion: Annotated[str, Field(description="In which words it was concluded")]
    concluded_by: str | None
    concluded_at: Annotated[datetime | None, Field(description="When it was concluded")]
    due_on: date | None
    filing: FilingRead
    version: int
    opened_at: datetime


class ConsultationList(BaseModel):
    """The consultations of a grant, the newest first."""

    items: list[ConsultationRead]


class ConsultationRecorded(ConsultationRead, EventReceipt):
    """A consultation after a step, with the receipt of its event."""
