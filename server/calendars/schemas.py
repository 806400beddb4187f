"""Working-day calendars as they are written and read."""

import re
from datetime import date, datetime
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from server.calendars.words import DayKind
from shuqiao.desk.calendar import CalendarDay
from shuqiao.desk.models import CalendarVersion
from shuqiao.texts import ShortText, Strict, TextRule, example

#: The addresses that take the file of a notice.
NOTICE_PATHS: Final = re.compile(r"^/(api/v1/calendars/[^/]+/files|calendars/files)/?$")

NoticeNo = Annotated[str, TextRule(60)]
Replaced = Annotated[
    int | None,
    Field(ge=1, le=9_999, description="Version that this one corrects; none for a new year."),
]


class DayWrite(Strict):
    """One line of a notice."""

    date: date
    kind: DayKind
    name: Annotated[str, TextRule(60)]

    def as_day(self) -> CalendarDay:
        return CalendarDay(self.date, self.kind is DayKind.WORK, self.name)


class NoticeWrite(Strict):
    """Number (文号) and source of a notice of the General Office of the State Council."""

    model_config = example(notice_no="国办发明电〔2025〕7号", source="中国政府网，2025-11-04")

    notice_no: NoticeNo
    source: ShortText
    replaces: Replaced = None


class CalendarWrite(NoticeWrite):
    """A notice with the days that it names."""

    model_config = example(
        notice_no="国办发明电〔2025〕7号",
        source="中国政府网，2025-11-04",
        days=[{"date": "2026-01-01", "kind": "off", "name": "元旦"}],
    )

    days: Annotated[list[DayWrite], Field(min_length=1, max_length=200)]


class CalendarForm(NoticeWrite):
    """The same beside a file, on the page."""

    year: Annotated[int, Field(ge=2018, le=2100)]


class DayRead(BaseModel):
    """One day that a notice names."""

    date: date
    kind: DayKind
    kind_label: str
    name: str


class CalendarRead(BaseModel):
    """One version of a year; the first of a year is the one that is counted with."""

    year: int
    version: int
    notice_no: str
    source: str
    loaded_at: datetime
    days_off: int
    days_worked: int

    @classmethod
    def of(cls, row: CalendarVersion) -> Self:
        worked = sum(bool(line["is_workday"]) for line in row.days)
        return cls(
            **row.model_dump(exclude={"days"}),
            days_off=len(row.days) - worked,
            days_worked=worked,
        )


class CalendarList(BaseModel):
    """The years that can be counted, the newest first, each in its present version."""

    items: list[CalendarRead]


class CalendarShown(CalendarRead):
    """A year with its days, and every version that was ever loaded, the newest first."""

    days: list[DayRead]
    versions: list[CalendarRead]


class CalendarLoaded(CalendarRead, EventReceipt):
    """What was loaded; ``moved``: how many running limits got a date or another one."""

    moved: int
