"""Consultations (协商记录) about what a negative entry strikes of a grant, each with its filing.

Read by programs; statements, conclusions, filings and terminations are left to people.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class ConsultedItem(Record):
    """An item that leaves no more, with the negative entry that struck it and its basis."""

    COLUMNS = ("name", "negative_entry", "basis", "since")
    name: str
    negative_entry: str
    basis: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class SideStated(Record):
    """What one side stated."""

    COLUMNS = ("side_label", "department", "statement")
    side: str
    side_label: str = ""
    department: str
    statement: str
    stated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Filing(Record):
    """The filing with the data administration."""

    COLUMNS = ("filing_no", "status", "statement")
    filing_no: str
    status: str
    statement: str = ""
    filed_at: datetime | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Consultation(Record):
    """A consultation with both sides' statements, its outcome and its filing."""

    COLUMNS = ("consultation_no", "status", "outcome", "conclusion", "due_on")
    consultation_no: str
    grant_no: str
    status: str
    status_label: str = ""
    items: list[ConsultedItem] = field(default_factory=list)
    statements: list[SideStated] = field(default_factory=list)
    outcome: str | None = None
    conclusion: str = ""
    due_on: date | None = None
    filing: Filing
    opened_at: datetime
