"""A statutory clock as pages show it: the date, what is left of it, and how it was counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final, Literal

from sqlmodel import Session

from shuqiao.clock import today
from shuqiao.desk.calendar import CalendarMissing, DayStep, WorkDays
from shuqiao.desk.dates import derivation_of
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.i18n import Message, _

State = Literal["running", "stopped", "overdue", "met"]


@dataclass(frozen=True, slots=True)
class Due:
    """What the macro ``ui.due`` takes.

    ``remaining``: working days, negative when the date has passed, None when unknown. Overdue is
    what passes a limit of law, not one the platform has set for itself. ``is_reference``: whoever
    has to act is bound by the limit for reference only (参照时限).
    """

    title: Message
    due_on: date | None
    remaining: int | None
    state: State
    steps: tuple[tuple[date | None, Message], ...]
    rule: Message
    uninterrupted_on: date | None
    is_reference: bool = False


def title_of(kind: str) -> Message:
    """What a kind of clock is called."""
    return _TITLES.get(kind, _("Time limit"))


def due_of(session: Session, clock: CaseClock, *, is_reference: bool = False) -> Due:
    """``clock`` as of today."""
    (due,) = dues_of(session, [clock])
    return replace(due, is_reference=is_reference)


def dues_of(session: Session, clocks: Iterable[CaseClock]) -> list[Due]:
    """The clocks as of today, the calendar read once for all."""
    calendar = WorkDays(session)
    return [_due(calendar, clock) for clock in clocks]


def _due(calendar: WorkDays, clock: CaseClock) -> Due:
    end = clock.closed_on or today()
    is_late = clock.limit.basis.is_law and clock.due_on is not None and clock.due_on < end
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
        title=title_of(clock.kind),
        due_on=clock.due_on,
        remaining=_remaining(calendar, clock.due_on, end),
        state=state,
        steps=tuple(_steps(derivation_of(clock))),
        rule=clock.limit.rule(clock.limit_days + clock.extended_days),
        uninterrupted_on=clock.uninterrupted_due_on if differs else None,
    )


_TITLES: Final = {
    "demand_assignment": _("Assignment of the demand due"),
    "demand_answer": _("Answer to the demand due"),
    "demand_application": _("Application for the entry due"),
    "demand_objection": _("Word on the refusal due"),
    "demand_mediation": _("Mediation due"),
    "reply": _("Reply due"),
    "delivery": _("Delivery due"),
    "correction": _("Correction due"),
    "catalogue_review": _("Review due"),
    "catalogue_update": _("Update due"),
    "head_consent": _("Consent of the department head due"),
    "entry_correction": _("Correction of the entry due"),
    "own_consent": _("Consent of the own department due"),
    "request_correction": _("Correction of the request due"),
    "element_intake": _("Intake of the proposal due"),
    "element_hearing": _("Opinion on the proposal due"),
    "element_decision": _("Decision on the proposal due"),
    "element_correction": _("Correction of the proposal due"),
    "held_edition": _("Settling of the held edition due"),
    "refresh_mending": _("Mending of the renewal due"),
    "suspended_item": _("Settling of the suspended items due"),
    "consultation": _("Consultation due"),
    "consultation_filing": _("Filing due"),
    "system_census": _("Report to the census of systems due"),
    "succession": _("Naming of successors due"),
    "census_closing": _("Closing of the census of systems due"),
    "repeated_form": _("Answer to the repeated form due"),
}


def _remaining(calendar: WorkDays, due_on: date | None, end: date) -> int | None:
    if due_on is None:
        return None
    try:
        if due_on < end:
            return -calendar.between(due_on, end)
        return calendar.between(end, due_on)
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
