"""What may be loaded as announced: a notice of the State Council with its number and source, and a
year that has all its statutory holidays. A year that was not announced is never invented.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from shuqiao.desk.calendar import CalendarDay
from shuqiao.i18n import Listed, Message, _

#: The holidays of 全国年节及纪念日放假办法 (Art. 2), as notices call them.
HOLIDAYS: Final = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
#: Days that are off in every year: month and day, with the holiday.
_FIXED: Final = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))
_NOTICE_NO: Final = re.compile(r"国办发(?:明电)?〔(?P<year>\d{4})〕[1-9]\d{0,3}号")
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a notice. ``index``: of the day it is about, None: of the whole."""

    field: str
    code: str
    detail: Message
    fix: Message
    index: int | None = None


def faults(
    year: int, notice_no: str, days: tuple[CalendarDay, ...], *, on: date
) -> Iterator[Fault]:
    """Everything for which the notice of ``year`` cannot be loaded on the day ``on``."""
    yield from _of_notice(year, notice_no, on)
    seen: set[date] = set()
    for index, line in enumerate(days):
        yield from _of_day(year, line, index)
        if line.day in seen:
            yield Fault(
                "date",
                "repeated",
                _("%(day)s is named twice", day=line.day.isoformat()),
                _("Name each day once."),
                index,
            )
        seen.add(line.day)
    yield from _of_year(year, days)


def _of_notice(year: int, notice_no: str, on: date) -> Iterator[Fault]:
    named = _NOTICE_NO.fullmatch(notice_no)
    if named is None or int(named["year"]) not in (year - 1, year):
        yield Fault(
            "notice_no",
            "no_notice",
            _("This is not the number of a notice on the holidays of %(year)s", year=year),
            _("Write the number as the notice bears it, for example 国办发明电〔2025〕7号."),
        )
    if year > on.year + 1:
        yield Fault(
            "year",
            "not_announced",
            _("The holidays of %(year)s cannot have been announced yet", year=year),
            _("Load a year once the General Office of the State Council has announced it."),
        )


def _of_day(year: int, line: CalendarDay, index: int) -> Iterator[Fault]:
    if not date(year - 1, 12, 15) <= line.day <= date(year, 12, 31):
        yield Fault(
            "date",
            "other_year",
            _("%(day)s does not belong to the year %(year)s", day=line.day.isoformat(), year=year),
            _("Leave the day out, or choose the year that the notice is about."),
            index,
        )
    if line.is_workday and line.day.weekday() < _SATURDAY:
        yield Fault(
            "kind",
            "ordinary_day",
            _("%(day)s is no weekend and is worked anyway", day=line.day.isoformat()),
            _("Name as working days (班) only Saturdays and Sundays that are worked."),
            index,
        )


def _of_year(year: int, days: tuple[CalendarDay, ...]) -> Iterator[Fault]:
    off = [line for line in days if not line.is_workday]
    missing = [each for each in HOLIDAYS if not any(each in line.name for line in off)]
    dates = {line.day for line in off}
    missing += [
        name
        for month, day, name in _FIXED
        if date(year, month, day) not in dates and not any(each in name for each in missing)
    ]
    if missing:
        yield Fault(
            "days",
            "holidays_missing",
            _("Statutory holidays are missing: %(names)s", names=Listed(missing)),
            _("Take over every day off of the notice, with the name of its holiday."),
        )
