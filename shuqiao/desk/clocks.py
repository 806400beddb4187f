"""Statutory clocks of cases, in working days: start, stop, resume, extend, close, and who is late.

The due date is kept with its derivation. While stopped, ``uninterrupted_due_on`` still runs: the
order (Order 809) does not say that a supplement stops the clock, so both dates are shown. When the
calendar ends before the limit does, the clock waits as ``calendar_missing``, the case moves on and
the administrator gets a to-do; loading the calendar computes it. Limits, caps and articles come
from the caller's policy table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, or_
from sqlmodel import Session, col, select

from shuqiao.desk.calendar import CalendarMissing, working_days_between
from shuqiao.desk.dates import compute, left, missing_year, noted
from shuqiao.desk.models import CaseClock, ClockStatus
from shuqiao.errors import Conflict, NotFound
from shuqiao.i18n import Message, _
from shuqiao.limits import Basis, Limit


@dataclass(frozen=True, slots=True)
class Overdue:
    """A clock past its date. ``is_breach`` is False when only the uninterrupted date has passed."""

    clock: CaseClock
    is_breach: bool
    days_late: int


def start(
    session: Session, *, case_no: str, kind: str, limit: Limit, started_on: date
) -> CaseClock:
    """Start the ``kind`` clock of a case.

    Repeating it is a no-op; another start while it is open is a ``Conflict``.
    """
    existing = _find(session, case_no, kind)
    if existing is not None:
        if (existing.limit_days, existing.started_on) == (limit.days, started_on):
            return existing
        raise Conflict(
            _("The clock “%(kind)s” of %(case)s is already running", kind=kind, case=case_no)
        )
    clock = CaseClock(
        case_no=case_no,
        kind=kind,
        article=limit.article,
        basis=limit.basis,
        instrument=limit.kept(),
        limit_days=limit.days,
        started_on=started_on,
        counting_from=started_on,
        status=ClockStatus.RUNNING,
    )
    compute(session, clock, _("Started"))
    session.add(clock)
    session.flush()
    return clock


def stop(session: Session, *, case_no: str, kind: str, on: date, why: Message) -> CaseClock:
    """Stop the clock at the end of day ``on``: the working days up to
    and including it are used up.
    """
    clock = _open(session, case_no, kind)
    if clock.status is ClockStatus.STOPPED:
        return clock
    if clock.status is ClockStatus.CALENDAR_MISSING:
        raise CalendarMissing(missing_year(session, clock.started_on))
    if on < clock.counting_from:
        raise Conflict(_("A clock cannot be stopped before it started"))
    clock.spent_days += min(working_days_between(session, clock.counting_from, on), left(clock))
    clock.status, clock.stopped_on, clock.due_on, clock.derivation = (
        ClockStatus.STOPPED,
        on,
        None,
        [],
    )
    return noted(session, clock, why)


def resume(session: Session, *, case_no: str, kind: str, on: date) -> CaseClock:
    """Let the clock go on; day ``on`` itself is not counted.

    At least one working day is always left.
    """
    clock = _open(session, case_no, kind)
    if clock.status is not ClockStatus.STOPPED:
        return clock
    if clock.stopped_on is not None and on < clock.stopped_on:
        raise Conflict(_("A clock cannot be resumed before it was stopped"))
    clock.status, clock.resumed_on, clock.counting_from = ClockStatus.RUNNING, on, on
    compute(session, clock, _("Resumed"))
    session.flush()
    return clock


def extend(
    session: Session, *, case_no: str, kind: str, days: int, cap_days: int, on: date, why: Message
) -> CaseClock:
    """Lengthen the limit by ``days``, together ≤ ``cap_days``, on or
    before the due date (Order 809, Arts. 17, 21).
    """
    clock = _open(session, case_no, kind)
    if days < 1 or clock.extended_days + days > cap_days:
        raise Conflict(
            _("This limit may be extended by at most %(cap)s working days in all", cap=cap_days)
        )
    if clock.due_on is not None and on > clock.due_on:
        raise Conflict(
            _(
                "The limit ended on %(day)s; it can no longer be extended",
                day=clock.due_on.isoformat(),
            )
        )
    clock.extended_days += days
    compute(session, clock, why)
    session.flush()
    return clock


def close(session: Session, *, case_no: str, kind: str, on: date) -> CaseClock | None:
    """End the clock: what it waited for has happened. Gives None when no such clock is open
    (already closed).
    """
    clock = _find(session, case_no, kind)
    if clock is None:
        return None
    clock.status, clock.closed_on = ClockStatus.CLOSED, on
    return noted(session, clock, _("Closed"))


def is_open(session: Session, case_no: str, kind: str) -> bool:
    """Whether the case has such a clock that has not ended."""
    return _find(session, case_no, kind) is not None


def clocks_of(session: Session, case_no: str) -> list[CaseClock]:
    """The clocks of a case: those that run first, then the closed ones, each oldest first.

    What the platform has set for itself tells nothing any more once it is over, and is left out.
    """
    return clocks_of_all(session, [case_no])[case_no]


def clocks_of_all(session: Session, case_nos: Iterable[str]) -> Mapping[str, list[CaseClock]]:
    """The same for many cases at once, by case; one without a clock has an empty list."""
    found: dict[str, list[CaseClock]] = {case_no: [] for case_no in case_nos}
    is_open = col(CaseClock.closed_on).is_(None)
    wanted = select(CaseClock).where(
        col(CaseClock.case_no).in_(found), or_(is_open, col(CaseClock.basis) != Basis.POLICY)
    )
    for clock in session.exec(
        wanted.order_by(is_open.desc(), col(CaseClock.started_on), col(CaseClock.id))
    ):
        found[clock.case_no].append(clock)
    return found


def overdue(session: Session, *, on: date, limit: int = 100) -> list[Overdue]:
    """Open clocks of law whose date, stopped or not, lies before ``on``; the worst ``limit`` first.

    Days late are calendar days. What the platform has set for itself cannot be overdue.
    """
    is_breach = and_(col(CaseClock.due_on).is_not(None), col(CaseClock.due_on) < on)
    late = select(CaseClock).where(
        col(CaseClock.closed_on).is_(None),
        col(CaseClock.basis) != Basis.POLICY,
        or_(is_breach, col(CaseClock.uninterrupted_due_on) < on),
    )
    passed = case((is_breach, col(CaseClock.due_on)), else_=col(CaseClock.uninterrupted_due_on))
    worst = late.order_by(is_breach.desc(), passed, col(CaseClock.case_no)).limit(limit)
    return [_overdue(clock, on) for clock in session.exec(worst)]


def to_escalate(
    session: Session, *, basis: Iterable[Basis], before: date, told: int, limit: int
) -> Sequence[CaseClock]:
    """Open clocks whose date lies before ``before`` and of which the first ``told`` seats were told
    and nobody after them; locked, and those that another sweeper holds are passed over.
    """
    late = select(CaseClock).where(
        col(CaseClock.closed_on).is_(None),
        col(CaseClock.basis).in_(basis),
        col(CaseClock.due_on) < before,
        CaseClock.escalated == told,
    )
    oldest = late.order_by(col(CaseClock.due_on), col(CaseClock.id)).limit(limit)
    return session.exec(oldest.with_for_update(skip_locked=True)).all()


def _overdue(clock: CaseClock, on: date) -> Overdue:
    is_breach = clock.due_on is not None and clock.due_on < on
    reference = clock.due_on if is_breach else clock.uninterrupted_due_on
    return Overdue(clock, is_breach, (on - (reference or on)).days)


def _find(session: Session, case_no: str, kind: str) -> CaseClock | None:
    wanted = select(CaseClock).where(
        CaseClock.case_no == case_no, CaseClock.kind == kind, col(CaseClock.closed_on).is_(None)
    )
    return session.exec(wanted.with_for_update()).one_or_none()


def _open(session: Session, case_no: str, kind: str) -> CaseClock:
    clock = _find(session, case_no, kind)
    if clock is None:
        raise NotFound(_("%(case)s has no open clock “%(kind)s”", case=case_no, kind=kind))
    return clock
