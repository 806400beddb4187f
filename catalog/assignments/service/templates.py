"""List templates: drawn up, filled with lines, issued, closed. Flushes and records, never
commits.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlmodel import Session

from auth.areas import repository as areas
from auth.areas.service import unknown_area
from auth.cases import check, take
from catalog.assignments.checks import Fault, LineList
from catalog.assignments.errors import Unsettled
from catalog.assignments.lifecycle import assignments as steps
from catalog.assignments.lifecycle import templates as lifecycle
from catalog.assignments.models import ListTemplate, TemplateLine
from catalog.assignments.repository import assignments as held
from catalog.assignments.repository import templates as repository
from catalog.assignments.schemas.templates import (
    LINES_LIMIT,
    LineWrite,
    TemplateHead,
    TemplateWrite,
)
from catalog.assignments.service.assigning import assign, days_until
from catalog.assignments.words import AssignmentStatus
from catalog.elements import repository as elements
from shuqiao.clock import now
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import Message, _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

Rows = Sequence[tuple[int, LineWrite]]
_HEAD: Final = tuple(TemplateHead.model_fields)


def write(session: Session, subject: Subject, body: TemplateWrite) -> ListTemplate:
    """Draw a template up. Raises ``Invalid`` naming the field, or the line and its field."""
    if subject.user_id is None:
        raise Forbidden(_("Only a person draws up a template"))
    template = ListTemplate(
        template_no=next_number(session, "LT"), author_id=subject.user_id, title=body.title
    )
    _say(session, template, body)
    session.add(template)
    session.flush()
    if body.lines:
        _replace(session, template, body.lines)
    take(session, subject, template, lifecycle.WRITE, why={"lines": len(body.lines or ())})
    return template


def edit(
    session: Session, subject: Subject, template: ListTemplate, body: TemplateWrite, *, version: int
) -> ListTemplate:
    """Say what a draft (locked) says anew; its lines only if ``body`` names them.

    Raises ``TemplateChanged``, ``TemplateNotNow``, ``Invalid``.
    """
    check(template, lifecycle.EDIT, version)
    _say(session, template, body)
    if body.lines is not None:
        _replace(session, template, body.lines)
    why = {"lines": len(repository.lines_of(session, template.id))}
    take(session, subject, template, lifecycle.EDIT, version, why=why)
    return template


def judge(
    session: Session, template: ListTemplate, read: LineList, *, replace: bool
) -> list[Fault]:
    """Every fault of a list, row by row. Raises ``TemplateNotNow``, or ``Invalid`` when the
    template would have too many lines.
    """
    check(template, lifecycle.EDIT)
    there = () if replace else repository.lines_of(session, template.id)
    if len(there) + len(read.rows) > LINES_LIMIT:
        detail = _("A list has at most %(count)s lines", count=LINES_LIMIT)
        fix = _("Draw up several templates.")
        raise Invalid(errors=[FieldError("/file", "too_long", detail, fix)])
    known = {each.upper_code: each.position for each in there if each.upper_code}
    found = [*read.faults, *_unknown(session, read.rows)]
    for number, row in read.rows:
        if row.upper_code in known:
            detail = _("Line %(line)s has this upper code", line=known[row.upper_code])
            fix = _("Leave the row out, or have the lines replaced.")
            found.append(Fault(number, "upper_code", detail, fix))
    return sorted(found, key=lambda each: each.row)


def take_in(
    session: Session,
    subject: Subject,
    template: ListTemplate,
    read: LineList,
    *,
    replace: bool,
    version: int,
) -> ListTemplate:
    """Add the lines of a list that was judged; ``replace``: in the place of those there are.

    Raises ``TemplateChanged``, ``TemplateNotNow``.
    """
    check(template, lifecycle.EDIT, version)
    if replace:
        repository.clear_lines(session, template.id)
    first = len(repository.lines_of(session, template.id)) + 1
    _add(session, template, [row for _number, row in read.rows], first)
    why = {"imported": len(read.rows), "sha256": read.sha256, "replaced": replace}
    take(session, subject, template, lifecycle.EDIT, version, why=why)
    return template


def issue(
    session: Session, subject: Subject, template: ListTemplate, *, version: int
) -> ListTemplate:
    """Issue a draft (locked): each line goes to the department that it suggests; one that suggests
    none is a gap until it is assigned.

    Raises ``TemplateChanged``, ``TemplateNotNow``, ``Invalid`` without lines or for a deadline that
    leaves no working day.
    """
    check(template, lifecycle.ISSUE, version)
    lines = repository.lines_of(session, template.id)
    if not lines:
        detail, fix = _("The template has no lines"), _("Add the lines that are expected.")
        raise Invalid(errors=[FieldError("/lines", "required", detail, fix)])
    if template.deadline_on is None:
        detail, fix = _("The deadline is missing"), _("Say until which day it is claimed.")
        raise Invalid(errors=[FieldError("/deadline_on", "required", detail, fix)])
    days_until(session, template.deadline_on)
    template.issuer_id, template.issued_at = subject.user_id, now()
    suggested = [each for each in lines if each.department_id is not None]
    counts = {"lines": len(lines), "assignments": len(suggested)}
    why = counts | {"gaps": len(lines) - len(suggested)}
    take(session, subject, template, lifecycle.ISSUE, version, why=why)
    for line in suggested:
        assert line.department_id is not None, "those without one were left out"
        assign(session, subject, template, line, line.department_id, is_first=True)
    return template


def close(
    session: Session, subject: Subject, template: ListTemplate, *, version: int
) -> ListTemplate:
    """Close a template (locked): who has not answered is named for good.

    Raises ``TemplateChanged``, ``TemplateNotNow``, ``Unsettled``.
    """
    check(template, lifecycle.CLOSE, version)
    rows = held.of_template(session, template.id, lock=True)
    waiting = (AssignmentStatus.REFUSED, AssignmentStatus.PARTLY)
    if unsettled := [each.assignment_no for each in rows if each.status in waiting]:
        raise Unsettled(unsettled)
    silent = [each for each in rows if each.status in steps.LAPSE.at]
    for each in silent:
        take(session, subject, each, steps.LAPSE, why={"template": template.template_no})
    template.closed_at = now()
    take(session, subject, template, lifecycle.CLOSE, version, why={"silent": len(silent)})
    return template


def _say(session: Session, template: ListTemplate, body: TemplateWrite) -> None:
    if body.area_code and areas.by_code(session, body.area_code) is None:
        raise Invalid(errors=[unknown_area("/area_code")])
    for name in _HEAD:
        setattr(template, name, getattr(body, name))
    template.area_code = body.area_code or None


def _replace(session: Session, template: ListTemplate, lines: Sequence[LineWrite]) -> None:
    rows = list(enumerate(lines))
    if found := _unknown(session, rows):
        told = [
            FieldError(f"/lines/{each.row}/{each.field}", "unknown", each.detail, each.fix)
            for each in found
        ]
        raise Invalid(errors=told)
    repository.clear_lines(session, template.id)
    _add(session, template, lines, 1)


def _add(session: Session, template: ListTemplate, lines: Sequence[LineWrite], first: int) -> None:
    named = repository.departments_named(session, {each.department for each in lines})
    duties = repository.duty_departments(session, {each.duty_no for each in lines})
    bound = elements.ids_by_identifier(session, [each.element for each in lines if each.element])
    for position, each in enumerate(lines, start=first):
        home = named.get(each.department)
        said: dict[str, Any] = each.model_dump(exclude={"element", "department"})
        session.add(
            TemplateLine(
                template_id=template.id,
                position=position,
                element_id=bound.get(each.element),
                department_id=home.id if home else duties.get(each.duty_no),
                **said,
            )
        )
    session.flush()


def _unknown(session: Session, rows: Rows) -> list[Fault]:
    """What the platform does not know: departments, duties, elements."""
    named = repository.departments_named(session, {row.department for _n, row in rows})
    duties = repository.duty_departments(session, {row.duty_no for _n, row in rows})
    there = elements.ids_by_identifier(session, [row.element for _n, row in rows if row.element])
    found: list[Fault] = []
    for number, row in rows:
        home = named.get(row.department)
        if row.department and home is None:
            fix = _("Give the credit code or the full name of a department, or leave it empty.")
            found.append(Fault(number, "department", _("No such department"), fix))
        elif home is not None and home.ended_on is not None:
            fix = _("Name its successor, or leave it empty.")
            found.append(Fault(number, "department", _("The department has ended"), fix))
        if row.duty_no and row.duty_no not in duties and not row.department:
            fix = _("Name the department, or correct the number.")
            detail: Message = _("No department has this duty")
            found.append(Fault(number, "duty_no", detail, fix))
        if row.element and row.element not in there:
            fix = _("Correct the identifier, or leave it empty.")
            found.append(Fault(number, "element", _("No such data element"), fix))
    return found
