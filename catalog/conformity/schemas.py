"""How far data keeps to its standards, as it is read."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel

from catalog.conformity.models import ConformityReport
from catalog.conformity.words import FAULTS, CheckState, Side


class RuleRead(BaseModel):
    """One rule of a column: of the values ``checked``, how many broke it."""

    rule: str
    checked: int
    failed: int
    detail: str = ""
    fix: str = ""

    @classmethod
    def said(cls, kept: dict[str, Any]) -> Self:
        """As kept, with the words of the rule."""
        fault = FAULTS[kept["rule"]]
        return cls(**kept, detail=str(fault.detail), fix=str(fault.fix))


class ColumnRead(BaseModel):
    """One column: what it was held to, and of its values ``checked`` how many broke any rule.

    ``element_version`` and ``domain_edition``: as they were in force on the day of the report;
    ``held_to``: whether its values are codes or names of the domain.
    """

    item: str
    column: str
    element: str | None = None
    element_name: str | None = None
    element_version: int | None = None
    domain: str | None = None
    domain_name: str | None = None
    domain_edition: int | None = None
    domain_edition_label: str | None = None
    held_to: Side | None = None
    checked: int = 0
    failed: int = 0
    rules: list[RuleRead] = []

    @classmethod
    def kept(cls, told: dict[str, Any]) -> Self:
        rules = [RuleRead.said(each) for each in told["rules"]]
        return cls(**{**told, "rules": rules})


class ConformityRead(BaseModel):
    """How far the check of a table has come (``rows_done`` of ``rows_known``), and what it found.

    ``held_on``: the day whose editions of value domains count; ``failed``: values that break any
    rule; ``named``: how many failures are named one by one. ``is_whole``: whether all rows were
    looked at; of a connected table the first 100,000 are.
    """

    state: CheckState
    rows_known: int | None = None
    rows_done: int | None = None
    held_on: date | None = None
    made_at: datetime | None = None
    rows: int | None = None
    is_whole: bool | None = None
    failed: int | None = None
    named: int | None = None
    columns: list[ColumnRead] = []

    @classmethod
    def of(cls, report: ConformityReport, named: int) -> Self:
        return cls(
            state=CheckState.DONE,
            rows_known=report.rows,
            rows_done=report.rows,
            held_on=report.held_on,
            made_at=report.made_at,
            rows=report.rows,
            is_whole=report.is_whole,
            failed=report.failed,
            named=named,
            columns=[ColumnRead.kept(each) for each in report.columns],
        )


class FailureRead(BaseModel):
    """One value that breaks a rule of its column; identity numbers are masked. ``row``: of the
    data, the first is 1.
    """

    row: int
    item: str
    rule: str
    detail: str
    value: str

    @classmethod
    def kept(cls, told: list[Any]) -> Self:
        row, item, rule, value = told
        return cls(row=row, item=item, rule=rule, detail=str(FAULTS[rule].detail), value=value)
