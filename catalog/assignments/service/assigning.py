"""Lines given to departments, again to others, taken back; and what nobody has answered in time.
Flushes and records, never commits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from auth.departments.service import must_all_be_open
from catalog.assignments.errors import AssignedAlready
from catalog.assignments.lifecycle import assignments as steps
from catalog.assignments.lifecycle import templates as lifecycle
from catalog.assignments.models import Assignment, ListTemplate, TemplateLine
from catalog.assignments.repository import assignments as repository
from catalog.assignments.repository import templates
from catalog.assignments.service.filling import follow
from catalog.assignments.words import AssignmentStatus, TemplateStatus
from policies.clocks import Clock
from policies.deadlines import Deadline, deadlines
from shuqiao import observed
from shuqiao.clock import today
from shuqiao.db import first_of
from shuqiao.desk.calendar import CalendarMissing, add_working_days, working_days_between
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: Assignments that one transaction of the sweeper deals with.
BATCH = 100


def assign(
    session: Session,
    subject: Subject,
    template: ListTemplate,
    line: TemplateLine,
    department_id: UUID,
    *,
    previous: Assignment | None = None,
    is_first: bool = False,
) -> Assignment:
    """Ask a department to claim a line. ``is_first``: with the template, by its deadline.

    Raises ``AssignedAlready``, ``DepartmentEnded``.
    """
    must_all_be_open(session, department_id)
    limit = _limit(session, template, is_first=is_first)
    made = Assignment(
        assignment_no=next_number(session, "AS"),
        template_id=template.id,
        line_id=line.id,
        title=line.title,
        department_id=department_id,
        previous_id=previous.id if previous else None,
        due_on=add_working_days(session, today(), limit.working_days),
    )
    with first_of(session, "assignment_live_key", AssignedAlready):
        session.add(made)
    why = {
        "template": template.template_no,
        "line": line.position,
        "department": departments.by_id(session, department_id).code,
    }
    if previous is not None:
        why["previous"] = previous.assignment_no
    take(session, subject, made, steps.ASSIGN, why=why, limit=limit)
    return made


def assign_line(
    session: Session,
    subject: Subject,
    template: ListTemplate,
    line: TemplateLine,
    codes: Sequence[str],
) -> list[Assignment]:
    """Assign a line of an issued template (locked) to departments, each once.

    Raises ``TemplateNotNow``, ``AssignedAlready``, or ``Invalid`` for an unknown department.
    """
    if template.status is not TemplateStatus.ISSUED:
        raise template.not_now(steps.ASSIGN)  # type: ignore[arg-type]
    found = departments.locked(session, codes)
    if unknown := [place for place, code in enumerate(codes) if code not in found]:
        raise Invalid(errors=[_unknown(f"/departments/{place}") for place in unknown])
    return [
        assign(session, subject, template, line, each.id) for _code, each in sorted(found.items())
    ]


def reassign(
    session: Session, subject: Subject, row: Assignment, code: str, *, version: int
) -> Assignment:
    """Give what is refused or unanswered – of a claim in part the rest – to another department;
    without ``code`` to the one that the answer names. Gives the new assignment.

    Raises ``AssignmentChanged``, ``AssignmentNotNow``, ``AssignedAlready``, ``Invalid``.
    """
    is_rest = row.status is AssignmentStatus.PARTLY
    step = steps.SETTLE_REST if is_rest else steps.REASSIGN
    check(row, step, version)
    target = (
        departments.id_of(session, code) if code else row.belongs_to_id or row.rest_department_id
    )
    if target is None:
        error = _unknown("/department") if code else _NOBODY
        raise Invalid(errors=[error])
    if target == row.department_id:
        detail, fix = _("It is that department's already"), _("Name another department.")
        raise Invalid(errors=[FieldError("/department", "same", detail, fix)])
    template = templates.by_id(session, row.template_id)
    line = templates.lines_by_id(session, {row.line_id})[row.line_id]
    if template.status is not TemplateStatus.ISSUED:
        raise template.not_now(lifecycle.CLOSE)
    made = assign(session, subject, template, line, target, previous=row)
    take(session, subject, row, step, version, why={"next": made.assignment_no})
    follow(session, row)
    return made


def accept(session: Session, subject: Subject, row: Assignment, *, version: int) -> Assignment:
    """Accept that it – of a claim in part the rest – is claimed by nobody.

    Raises ``AssignmentChanged``, ``AssignmentNotNow``.
    """
    is_rest = row.status is AssignmentStatus.PARTLY
    step = steps.SETTLE_REST if is_rest else steps.ACCEPT
    take(session, subject, row, step, version, why={"rest": "nobody"} if is_rest else None)
    follow(session, row)
    return row


def take_back(session: Session, subject: Subject, row: Assignment, *, version: int) -> Assignment:
    """Take back what is not answered. Raises ``AssignmentChanged``, ``AssignmentNotNow``."""
    take(session, subject, row, steps.TAKE_BACK, version)
    return row


def miss(session: Session) -> int:
    """Name those that said nothing in time (应领未领); gives how many, at most ``BATCH``."""
    on = observed.sure_day(session)
    late = repository.overdue(session, on, BATCH) if on else []
    for row in late:
        take(session, Subject.system("worker"), row, steps.MISS, why={"due_on": row.due_on})
    return len(late)


def days_until(session: Session, day: date) -> int:
    """The working days that remain until ``day``. Raises ``Invalid`` without any."""
    try:
        left = working_days_between(session, today(), day) if day > today() else 0
    except CalendarMissing:
        fix = _("Choose an earlier day, or have the calendar of that year loaded.")
        detail = _("The working-day calendar of that year is not loaded")
        raise Invalid(errors=[FieldError("/deadline_on", "no_calendar", detail, fix)]) from None
    if left < 1:
        detail, fix = _("The deadline leaves no working day"), _("Choose a later day.")
        raise Invalid(errors=[FieldError("/deadline_on", "too_early", detail, fix)])
    return left


def _limit(session: Session, template: ListTemplate, *, is_first: bool) -> Deadline:
    """Until the deadline of the template; what is assigned when that is near, or over, has the
    platform's own limit.
    """
    usual = deadlines()[Clock.LINE_CLAIM]
    day = template.deadline_on
    if day is None or day <= today():
        return usual
    left = days_until(session, day)
    return replace(usual, working_days=left if is_first else max(left, usual.working_days))


def _unknown(pointer: str) -> FieldError:
    fix = _("Use the credit code of a department of this platform.")
    return FieldError(pointer, "unknown", _("No such department"), fix)


_NOBODY = FieldError(
    "/department",
    "required",
    _("The answer names no department"),
    _("Name the department that is to have it."),
)
