"""Loading the notice of a year, with its events: of the calendar, and of each case whose date
moved. Flushes and records, never commits.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.escalation import stream_of
from server.calendars.schemas import NoticeWrite
from shuqiao.clock import today
from shuqiao.desk import calendar, notices
from shuqiao.desk.announcements import Fault, faults
from shuqiao.desk.calendar import CalendarDay
from shuqiao.desk.models import CalendarVersion, CaseClock
from shuqiao.errors import Conflict, FieldError, Invalid, NotFound
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and how many running limits got a date or another one."""

    version: CalendarVersion
    moved: int


def load(
    session: Session,
    subject: Subject,
    year: int,
    notice: NoticeWrite,
    days: Sequence[CalendarDay],
    lines: Sequence[int] = (),
) -> Loaded:
    """Load a year, or its next version. ``lines``: of the file that each day stands in.

    Raises ``Invalid`` naming what is wrong, ``Conflict`` when the year is loaded in another version
    than ``notice.replaces``.
    """
    found = list(faults(year, notice.notice_no, tuple(days), on=today()))
    if found:
        raise Invalid(errors=[_said(fault, lines) for fault in found])
    _check_version(session, year, notice.replaces)
    moved = notices.load_calendar(
        session, year, days, source=notice.source, notice_no=notice.notice_no
    )
    return Loaded(_record(session, subject, year, moved), len(moved))


def load_packaged(session: Session, subject: Subject) -> list[int]:
    """Load the notices shipped with the program that are not loaded yet; gives their years."""
    loaded = notices.load_packaged_calendars(session)
    for year, moved in loaded.items():
        _record(session, subject, year, moved)
    return list(loaded)


def loaded(session: Session) -> list[CalendarVersion]:
    """Every year in its present version, the newest first."""
    newest = {each.year: each for each in reversed(calendar.versions(session))}
    return list(reversed(newest.values()))


def versions(session: Session, year: int) -> list[CalendarVersion]:
    """Every version of a year, the newest first. Raises ``NotFound``."""
    found = [each for each in calendar.versions(session) if each.year == year]
    if not found:
        raise NotFound(_("The working-day calendar of %(year)s is not loaded", year=year))
    return found


def _check_version(session: Session, year: int, replaces: int | None) -> None:
    present = calendar.version_of(session, year)
    if present is not None and replaces is None:
        raise Conflict(
            _(
                "The calendar of %(year)s is loaded as version %(version)s; to correct it, say "
                "that you replace that version",
                year=year,
                version=present,
            )
        )
    if replaces != present:
        raise Conflict(
            _(
                "The calendar of %(year)s is not loaded in the version that you replace; look at "
                "the present one first",
                year=year,
            )
        )


def _record(
    session: Session, subject: Subject, year: int, moved: Sequence[CaseClock]
) -> CalendarVersion:
    version, *_older = versions(session, year)
    for clock in moved:
        append(
            session,
            subject,
            Event.CLOCK_RECOUNTED,
            stream=stream_of(clock),
            obj=ObjectRef("CaseClock", f"{clock.case_no}/{clock.kind}", clock.version),
            why={"clock": clock.kind, "due_on": clock.due_on, "calendar": year},
        )
    append(
        session,
        subject,
        Event.CALENDAR_LOADED,
        stream=f"calendar:{year}",
        obj=ObjectRef("Calendar", str(year), version.version),
        why={
            "notice_no": version.notice_no,
            "source": version.source,
            "days": len(version.days),
            "sha256": _digest(version),
            "moved": len(moved),
        },
    )
    return version


def _digest(version: CalendarVersion) -> str:
    kept = json.dumps(version.days, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(kept.encode()).hexdigest()


def _said(fault: Fault, lines: Sequence[int]) -> FieldError:
    """At the place in the body, or by the line of the file."""
    if not lines:
        day = "" if fault.index is None else f"/days/{fault.index}"
        return FieldError(f"{day}/{fault.field}", fault.code, fault.detail, fault.fix)
    place = f"/{fault.field}" if fault.field in ("notice_no", "year") else "/file"
    detail: Message = fault.detail
    if fault.index is not None:
        detail = _("Line %(line)s: %(what)s", line=lines[fault.index], what=fault.detail)
    return FieldError(place, fault.code, detail, fault.fix)


def kept_days(version: CalendarVersion) -> Iterator[CalendarDay]:
    """The days of a version as they were loaded."""
    for line in version.days:
        yield CalendarDay(
            day=date.fromisoformat(line["day"]),
            is_workday=line["is_workday"],
            name=line["name"],
        )
