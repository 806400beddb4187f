"""Assignments of ended departments go over to the successor, with their number; so do the lines of
drafts that suggest them.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import take
from auth.succession.errors import CannotSucceed
from auth.succession.service.holdings import Held, Ruling
from catalog.assignments.lifecycle.templates import EDIT
from catalog.assignments.models import Assignment
from catalog.assignments.repository import assignments as repository
from catalog.assignments.repository import templates
from shuqiao.desk import todos
from shuqiao.i18n import _
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """What is assigned to a department and under way."""
    return [
        Held(
            each.assignment_no,
            f"{each.title}（{each.status.label}）",
            f"/assignments/{each.assignment_no}",
        )
        for each in repository.held_by(session, department_id)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """An assignment goes over with its answer and its entry. Duty and system were the old
    department's: the duty is said anew, the system goes over by itself. Raises ``CannotSucceed``
    where the successor has the same line already.
    """
    row = repository.by_no(session, number, lock=True)
    assert row is not None, "what is left was read in this transaction"
    _must_be_free(session, row, ruling)
    row.department_id, row.version = ruling.after.id, row.version + 1
    row.duty_id = None
    session.flush()
    append(
        session,
        subject,
        Event.ASSIGNMENT_SUCCEEDED,
        stream=row.audit_stream(),
        obj=row.audit_ref(),
        why=ruling.why(),
    )
    before, after = ruling.before.id, ruling.after.id
    todos.hand_over(session, case_no=row.assignment_no, before=before, after=after)


def held_drafts(session: Session, department_id: UUID) -> Sequence[Held]:
    """The drafts of templates whose lines suggest a department."""
    return [
        Held(each.template_no, each.title, f"/list-templates/{each.template_no}")
        for each in templates.suggested_drafts(session, department_id)
    ]


def succeed_draft(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The lines of a draft suggest the successor from now on."""
    template = templates.by_no(session, number, lock=True)
    assert template is not None, "what is left was read in this transaction"
    for line in templates.lines_of(session, template.id):
        if line.department_id == ruling.before.id:
            line.department_id = ruling.after.id
    take(session, subject, template, EDIT, why=ruling.why())


def _must_be_free(session: Session, row: Assignment, ruling: Ruling) -> None:
    there = repository.live_of_line(session, row.line_id)
    if any(each.department_id == ruling.after.id for each in there):
        raise CannotSucceed(_("The successor has the line “%(title)s” already", title=row.title))
