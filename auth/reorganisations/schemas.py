"""A merger or a split as it is recorded."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from auth.departments.schemas import DepartmentCode
from auth.departments.words import Act
from shuqiao.texts import Strict, TextRule, example

Codes = Annotated[list[DepartmentCode], Field(min_length=1, max_length=20)]


class ReorganisationRecord(Strict):
    """Departments before and after an act of merging or splitting. Who stands on both sides goes
    on; who stands only before has ended with the day.
    """

    model_config = example(
        kind="merged",
        document_no="内党发〔2026〕1号",
        effective_on="2026-02-10",
        before=["111500000099000483"],
        after=["1115000000990003X3"],
    )

    kind: Literal[Act.MERGED, Act.SPLIT]
    document_no: Annotated[str, TextRule(100)]
    effective_on: date
    before: Codes
    after: Codes
