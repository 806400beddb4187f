"""List templates as they are written and read."""

import re
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from auth.departments.words import Level
from catalog.assignments.words import LineKind, TemplateStatus
from shuqiao.texts import CodeText, Name, Strict, TextRule, example

LINES_LIMIT: Final = 2_000
#: Where the files of lines are sent.
LINE_PATHS: Final = re.compile(r"^/(api/v1/)?list-templates/[^/]+/files/?$")

Short = Annotated[str, TextRule(200, shortest=0)]
Long = Annotated[str, TextRule(500, shortest=0, multiline=True)]
Code = Annotated[str, TextRule(60, shortest=0, code=True)]
_HEAD: Final = {
    "title": "自治区政务数据目录清单（教育领域）",
    "level": "province",
    "document": "关于开展三张清单认领和填报的通知",
    "document_no": "内数发〔2026〕3号",
    "deadline_on": "2026-03-06",
}


class LineWrite(Strict):
    """One expected entry or element. ``department``: credit code of whoever is suggested; without
    it the department of the duty.
    """

    kind: LineKind = LineKind.ENTRY
    title: Annotated[str, TextRule(50)]
    definition: Annotated[Long, Field(description="What it is to hold")] = ""
    upper_code: Code = ""
    element: Annotated[str, TextRule(20, shortest=0, code=True)] = ""
    items_text: Annotated[str, TextRule(2_000, shortest=0, multiline=True)] = ""
    department: Annotated[str, TextRule(100, shortest=0)] = ""
    duty_no: Annotated[str, TextRule(40, shortest=0)] = ""
    matter: Short = ""


class TemplateHead(Strict):
    """What a template says of itself."""

    model_config = example(**_HEAD)

    title: Name
    level: Level | None = None
    area_code: Annotated[str, TextRule(6, shortest=0, code=True)] = ""
    document: Short = ""
    document_no: Annotated[str, TextRule(100, shortest=0)] = ""
    deadline_on: Annotated[date | None, Field(description="Last day to claim")] = None


class TemplateWrite(TemplateHead):
    """A template with its lines; without ``lines`` they stay as they are."""

    model_config = example(
        **_HEAD,
        lines=[
            {
                "title": "中小学校名录",
                "upper_code": "150000-JY-0001",
                "items_text": "学校代码\n学校名称",
                "department": "11150000009900021B",
            }
        ],
    )

    lines: Annotated[list[LineWrite] | None, Field(max_length=LINES_LIMIT)] = None


class Pasted(Strict):
    """Lines pasted as text: a head, then a row a line, columns apart by tabs or commas.
    ``replace``: what was there goes.
    """

    text: Annotated[str, TextRule(200_000, shortest=0, multiline=True)] = ""
    replace: bool = False


class Assigning(Strict):
    """To whom a line is assigned, by credit codes."""

    model_config = example(departments=["11150000009900013G"])

    departments: Annotated[list[CodeText], Field(min_length=1, max_length=50)]


class LineRead(BaseModel):
    """A line with whom it is assigned to, as far as the reader may see that."""

    position: int
    kind: LineKind
    kind_label: str
    title: str
    definition: Annotated[str, Field(description="What it is to hold")]
    upper_code: str
    element: str
    items_text: str
    department: str
    department_code: str
    duty_no: str
    matter: str
    #: Whether nobody has it, or may still take it on.
    is_gap: bool
    assignments: list[str]


class TemplateSummary(BaseModel):
    """A template as lists show it. ``gaps``: lines that nobody holds and nobody is asked for."""

    template_no: str
    title: str
    level: Level | None
    area_code: str | None
    document: str
    document_no: str
    deadline_on: date | None
    status: TemplateStatus
    status_label: str
    line_count: int
    gaps: int
    version: int


class TemplateRead(TemplateSummary):
    """A template with its lines."""

    written_at: datetime
    issued_at: datetime | None
    closed_at: datetime | None
    lines: list[LineRead]


class TemplateRecorded(TemplateRead, EventReceipt):
    """A template after a step, with the receipt of its event."""


class AssigningForm(Strict):
    """The same from a page: codes typed into one field."""

    departments: Annotated[str, TextRule(1_000)]

    @property
    def codes(self) -> list[str]:
        """Each once, in their order."""
        found = [each for each in re.split(r"[\s,，、;；]+", self.departments) if each]
        return list(dict.fromkeys(found))
