"""What is shown of the calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from server.calendars import service
from server.calendars.schemas import CalendarRead, CalendarShown, DayRead
from server.calendars.words import DayKind
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

LABELS: Final[Mapping[str, Message]] = {
    "year": _("Year"),
    "notice_no": _("Number of the notice"),
    "source": _("Where the notice was read"),
    "replaces": _("Version that is corrected"),
    "file": _("File"),
}
TONES: Final[Mapping[DayKind, str]] = {DayKind.OFF: "success", DayKind.WORK: "warning"}


@dataclass(frozen=True, slots=True)
class CalendarsPage(Page):
    """The years that can be counted, and the form that loads one."""

    template = "calendars/list.html"
    form: Form
    labels: Mapping[str, Message]
    years: Sequence[CalendarRead]
    may_load: bool
    done: str


@dataclass(frozen=True, slots=True)
class CalendarPage(Page):
    """One year: its days, and every version that was loaded."""

    template = "calendars/show.html"
    shown: CalendarShown
    tones: Mapping[DayKind, str]


def shown(session: Session, year: int) -> CalendarShown:
    """A year with its days. Raises ``NotFound``."""
    versions = service.versions(session, year)
    kinds = [
        (line, DayKind.WORK if line.is_workday else DayKind.OFF)
        for line in service.kept_days(versions[0])
    ]
    return CalendarShown(
        **dict(CalendarRead.of(versions[0])),
        days=[
            DayRead(date=line.day, kind=kind, kind_label=str(kind.label), name=line.name)
            for line, kind in kinds
        ],
        versions=[CalendarRead.of(each) for each in versions],
    )
