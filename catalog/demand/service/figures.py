"""A month of demands in figures (月度供需对接情况)."""

import calendar
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from catalog.demand.checks import met_of, percent
from catalog.demand.repository import figures as repository
from catalog.demand.repository.figures import Month
from catalog.demand.schemas import FiguresRead
from catalog.demand.words import UnmetReason
from shuqiao.clock import BEIJING, today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def month_of(text: str) -> Month:
    """``2026-11``; the present one where nothing is said. Raises ``Invalid``."""
    try:
        first = date.fromisoformat(f"{text}-01") if text else today().replace(day=1)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        begins = datetime.combine(first, time(), BEIJING)
        ends = datetime.combine(last + timedelta(days=1), time(), BEIJING)
    except (ValueError, OverflowError):
        fix = _("Write the year and the month, for example 2026-11")
        found = [FieldError("/month", "bad_month", _("This is no month"), fix)]
        raise Invalid(errors=found) from None
    return Month(first, last, begins, ends)


def figures(session: Session, subject: Subject, text: str) -> FiguresRead:
    """The month over the demands that the reader may see. Raises ``Invalid``."""
    month = month_of(text)
    found = repository.counted(session, subject, month, today())
    met, whole = met_of(found.met, found.unmet)
    lawful = found.unmet.get(UnmetReason.WITHHELD_BY_LAW, 0)
    return FiguresRead(
        month=month.first.isoformat()[:7],
        filed=found.filed,
        answers_due=found.due,
        answered_in_time=found.in_time,
        answered_in_time_percent=percent(found.in_time, found.due),
        met=met,
        unmet=whole - met,
        withheld_by_law=lawful,
        met_percent=percent(met, whole),
        unmet_by_reason=dict(found.unmet),
    )
