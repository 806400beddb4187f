"""Successions as they are written and read."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from auth.departments.schemas import DepartmentCode
from auth.succession.words import SuccessionStatus
from shuqiao.texts import CodeText, Strict, TextRule, example


class SuccessorNaming(Strict):
    """Who takes over objects of one kind, by the document that gives the duty (三定).

    ``numbers`` empty: everything of the kind that may be named at once. What holds personal or
    important data is named alone, and confirmed. ``is_passed_on``: of a grant, whether duty and
    matter pass; else it is suspended for disposal.
    """

    model_config = example(
        kind="entry",
        numbers=["307001/000001"],
        successor="1115000000990003X3",
        document_no="内党办字〔2026〕3号",
        article="第三条第（二）项",
    )

    kind: CodeText
    numbers: Annotated[list[CodeText], Field(max_length=1_000)] = Field(default_factory=list)
    successor: DepartmentCode
    document_no: Annotated[str, TextRule(100)]
    article: Annotated[str, TextRule(100)]
    is_passed_on: bool = True
    is_confirmed: Annotated[
        bool, Field(description="That the security of personal or important data was looked after")
    ] = False


class HeldRead(BaseModel):
    """Something that an ended department holds still."""

    kind: str
    kind_label: str
    number: str
    title: str
    department: Annotated[str, Field(description="The ended department that holds it")]
    is_sensitive: bool


class SucceededRead(BaseModel):
    """Something that has its successor."""

    kind: str
    kind_label: str
    number: str
    title: str
    successor: str
    document_no: str
    article: str
    is_passed_on: bool
    named_at: datetime


class SuccessionRead(BaseModel):
    """What ended departments hold after an act, and what has its successor. ``status`` null: they
    held nothing. ``accounts``: active accounts of the ended departments.
    """

    act_no: str
    effective_on: date
    status: SuccessionStatus | None
    status_label: str
    left: list[HeldRead]
    succeeded: list[SucceededRead]
    accounts: int
    version: int


class SuccessionRecorded(SuccessionRead, EventReceipt):
    """A succession after a ruling."""
