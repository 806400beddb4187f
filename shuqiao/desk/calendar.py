"""Working days (工作日) by the State Council's notices, make-up days (调休) included.

Never a guess.

Counting: the first day is not counted (Civil Code, Art. 201); a year without its notice raises
``CalendarMissing``.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib import resources

from sqlmodel import Session, col, delete, select

from shuqiao import clock
from shuqiao.desk.models import CalendarVersion, CalendarYear, WorkCalendar
from shuqiao.errors import Conflict, Invalid, Unavailable
from shuqiao.i18n import Message, _


class CalendarMissing(Unavailable):
    """The count runs into a ``year`` whose calendar is not loaded (日历未加载)."""

    code, title = "calendar_missing", _("The working-day calendar of that year is not loaded")

    def __init__(self, year: int) -> None:
        super().__init__(_("The working-day calendar of %(year)s is not loaded", year=year))
        self.year = year


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One line of a notice: a holiday, or a weekend day worked instead."""

    day: date
    is_workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class DayStep:
    """One day of a derivation: whether it counted, the how-manieth it was, and why."""

    day: date
    counted: bool
    number: int | None
    why: Message


def add_working_days(session: Session, start: date, days: int) -> date:
    """The last day of a limit of ``days`` ≥ 1 working days that begins after ``start``.

    Raises ``CalendarMissing``.
    """
    return derivation(session, start, days)[-1].day


def working_days_between(session: Session, start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``; 0 when it is not later.

    Raises ``CalendarMissing``.
    """
    return WorkDays(session).between(start, end)


def worked_days_ago(session: Session, on: date, days: int) -> date:
    """The first of the last ``days`` ≥ 1 working days up to and including ``on``: a limit that
    ended before it has been over for as many. Raises ``CalendarMissing``.
    """
    book, day = WorkDays(session), on
    left = days - book.look_up(day)[0]
    while left > 0:
        day -= timedelta(days=1)
        left -= book.look_up(day)[0]
    return day


def is_working_day(session: Session, day: date) -> bool:
    """Whether ``day`` is worked. Raises ``CalendarMissing``."""
    return WorkDays(session).look_up(day)[0]


def derivation(session: Session, start: date, days: int) -> list[DayStep]:
    """Every day from ``start`` (not counted) to the last of ``days`` ≥ 1 working days.

    Raises ``CalendarMissing``.
    """
    if days < 1:
        raise ValueError("a limit has at least one working day")
    book = WorkDays(session)
    steps = [
        DayStep(
            start,
            counted=False,
            number=None,
            why=_("The first day is not counted (Civil Code, Art. 201)"),
        )
    ]
    day, number = start, 0
    while number < days:
        day += timedelta(days=1)
        counted, why = book.look_up(day)
        number += counted
        steps.append(DayStep(day, counted=counted, number=number if counted else None, why=why))
    return steps


def loaded_years(session: Session) -> list[int]:
    """Years that can be counted, ascending."""
    return list(session.exec(select(CalendarYear.year).order_by(col(CalendarYear.year))))


def version_of(session: Session, year: int) -> int | None:
    """Which version of a year is counted with; None: it is not loaded."""
    found = session.get(CalendarYear, year)
    return found.version if found else None


def versions(session: Session) -> Sequence[CalendarVersion]:
    """Everything that was ever loaded, the newest year and version first."""
    newest = (col(CalendarVersion.year).desc(), col(CalendarVersion.version).desc())
    return session.exec(select(CalendarVersion).order_by(*newest)).all()


def write_year(
    session: Session, year: int, days: Iterable[CalendarDay], *, source: str, notice_no: str = ""
) -> int:
    """Load the notice of ``year``, or its next version; gives the version.

    Use ``notices.load_calendar``, which also recomputes the clocks.

    A notice may speak of the last days of the year before. Raises ``Invalid`` for days of other
    years and repeated days; ``Conflict`` when another year's notice already speaks of a day.
    """
    lines = _checked(year, days)
    session.exec(delete(WorkCalendar).where(col(WorkCalendar.notice_year) == year))
    taken = session.exec(
        select(WorkCalendar).where(col(WorkCalendar.day).in_(line.day for line in lines))
    ).first()
    if taken is not None:
        raise Conflict(_("Another notice already speaks of %(day)s", day=taken.day.isoformat()))
    version = (version_of(session, year) or 0) + 1
    session.merge(CalendarYear(year=year, version=version))
    session.add(
        CalendarVersion(
            year=year,
            version=version,
            notice_no=notice_no,
            source=source,
            days=[{**asdict(line), "day": line.day.isoformat()} for line in lines],
            loaded_at=clock.now(),
        )
    )
    session.flush()
    session.add_all(
        WorkCalendar(
            day=line.day,
            is_workday=line.is_workday,
            note=line.name,
            source=source,
            notice_year=year,
        )
        for line in lines
    )
    session.flush()
    return version


def packaged_years() -> Iterator[tuple[int, list[CalendarDay]]]:
    """The notices shipped with the program, one year after the other (``calendars.csv``)."""
    lines: dict[int, list[CalendarDay]] = {}
    packaged = (resources.files("shuqiao.desk") / "calendars.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(packaged.splitlines()):
        line = CalendarDay(date.fromisoformat(row["day"]), row["is_workday"] == "1", row["name"])
        lines.setdefault(int(row["notice_year"]), []).append(line)
    yield from sorted(lines.items())


class WorkDays:
    """Reads a year from the database when it is first needed; lives for
    one count or one list, so it is never out of date.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._years: dict[int, dict[date, tuple[bool, str]]] = {}

    def between(self, start: date, end: date) -> int:
        """``working_days_between``."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.look_up(day)[0] for day in days)

    def look_up(self, day: date) -> tuple[bool, Message]:
        if day.year not in self._years:
            self._years[day.year] = self._read(day.year)
        special = self._years[day.year].get(day)
        if special is not None:
            is_workday, name = special
            if is_workday:
                return True, _("Working day in exchange for a holiday: %(name)s", name=name)
            return False, _("Holiday: %(name)s", name=name)
        is_workday = day.weekday() < 5
        return is_workday, _("Working day") if is_workday else _("Weekend")

    def _read(self, year: int) -> dict[date, tuple[bool, str]]:
        if self._session.get(CalendarYear, year) is None:
            raise CalendarMissing(year)
        within = col(WorkCalendar.day).between(date(year, 1, 1), date(year, 12, 31))
        rows = self._session.exec(select(WorkCalendar).where(within))
        return {row.day: (row.is_workday, row.note) for row in rows}


def _checked(year: int, days: Iterable[CalendarDay]) -> list[CalendarDay]:
    lines = sorted(days, key=lambda line: line.day)
    if not any(line.day.year == year and not line.is_workday for line in lines):
        raise Invalid(_("The notice of %(year)s names no holiday of that year", year=year))
    seen: set[date] = set()
    for line in lines:
        if not date(year - 1, 12, 15) <= line.day <= date(year, 12, 31):
            raise Invalid(
                _(
                    "%(day)s does not belong to the notice of %(year)s",
                    day=line.day.isoformat(),
                    year=year,
                )
            )
        if line.day in seen:
            raise Invalid(_("%(day)s is named twice", day=line.day.isoformat()))
        seen.add(line.day)
    return lines
