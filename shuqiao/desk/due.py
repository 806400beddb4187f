"""A statutory clock as pages show it: the date, what is left of it, and how it was counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal

from sqlmodel import Session

from shuqiao.clock import today
from shuqiao.context import Locale
from shuqiao.desk.calendar import CalendarMissing, DayStep, working_days_between
from shuqiao.desk.dates import derivation_of
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.i18n import Message, _

State = Literal["running", "stopped", "overdue", "met"]


@dataclass(frozen=True, slots=True)
class Due:
    """What the macro ``ui.due`` takes.

    ``remaining``: working days, negative when overdue, None when unknown.
    """

    title: Message
    due_on: date | None
    remaining: int | None
    state: State
    steps: tuple[tuple[date | None, Message], ...]
    rule: Message
    uninterrupted_on: date | None


def due_of(session: Session, clock: CaseClock) -> Due:
    """``clock`` as of today."""
    end = clock.closed_on or today()
    is_late = clock.due_on is not None and clock.due_on < end
    state: State = "running"
    if clock.status is ClockStatus.STOPPED:
        state = "stopped"
    elif is_late:
        state = "overdue"
    elif clock.status is ClockStatus.CLOSED:
        state = "met"
    # beside a running clock the uninterrupted date is worth showing only when it differs
    differs = clock.uninterrupted_due_on != clock.due_on
    return Due(
        title=_TITLES.get(clock.kind, _("Time limit")),
        due_on=clock.due_on,
        remaining=_remaining(session, clock.due_on, end),
        state=state,
        steps=tuple(_steps(derivation_of(clock))),
        rule=_rule(clock),
        uninterrupted_on=clock.uninterrupted_due_on if differs else None,
    )


_TITLES: Final = {
    "reply": _("Reply due"),
    "delivery": _("Delivery due"),
    "correction": _("Correction due"),
    "catalogue_review": _("Review due"),
}


def _rule(clock: CaseClock) -> Message:
    days = clock.limit_days + clock.extended_days
    return _(
        "Regulation on the Sharing of Government Data (Order 809), Art. %(article)s: %(days)s "
        "working days",
        article=ArticleNumber(clock.article),
        days=days,
    )


def _remaining(session: Session, due_on: date | None, end: date) -> int | None:
    if due_on is None:
        return None
    try:
        if due_on < end:
            return -working_days_between(session, due_on, end)
        return working_days_between(session, end, due_on)
    except CalendarMissing:
        return None


def _steps(days: list[DayStep]) -> Iterator[tuple[date | None, Message]]:
    """One line a counted day; neighbouring days that are not counted
    for the same reason share one.
    """
    for _key, group in groupby(days, key=lambda step: (step.number, str(step.why))):
        run = list(group)
        first, last = run[0], run[-1]
        if first.counted:
            yield first.day, _("%(why)s, day %(number)s", why=first.why, number=first.number)
        elif first.day == last.day:
            yield first.day, _("%(why)s, not counted", why=first.why)
        else:
            yield (
                first.day,
                _("to %(day)s: %(why)s, not counted", day=last.day.isoformat(), why=first.why),
            )


class ArticleNumber(Message):
    """The number of an article as the reader's language writes it: 21, 二十一."""

    def render(self, language: Locale) -> str:
        return self.msgid if language == "en" else numeral(self.msgid)


def numeral(article: str) -> str:
    """``21`` as 二十一, the way Chinese law numbers its articles;
    anything but 1 to 99 stays as it is.
    """
    if not (article.isascii() and article.isdigit() and 0 < int(article) < 100):
        return article
    tens, ones = divmod(int(article), 10)
    digits = "零一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (
        digits[ones] if ones else ""
    )
