"""What departments answer: one assignment, or several with the same answer. Flushes and records,
never commits.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from catalog.assignments.checks import answer_faults
from catalog.assignments.errors import AnsweredAlready
from catalog.assignments.lifecycle import assignments as steps
from catalog.assignments.models import Assignment
from catalog.assignments.repository import assignments as repository
from catalog.assignments.schemas.assignments import AnswersWrite, AnswerWrite
from catalog.assignments.words import ANSWERABLE, Answer
from shuqiao.clock import now
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

_STEPS = {
    Answer.CLAIMED: steps.CLAIM,
    Answer.PARTLY: steps.CLAIM_PARTLY,
    Answer.REFUSED: steps.REFUSE,
}


def answer(
    session: Session, subject: Subject, row: Assignment, body: AnswerWrite, *, version: int | None
) -> Assignment:
    """Answer an assignment (locked), once. Of a state secret nothing but the code is kept.

    Raises ``AssignmentChanged``, ``AssignmentNotNow``, ``Invalid`` naming the fields.
    """
    step = _STEPS[body.answer]
    check(row, step, version)
    if found := answer_faults(body):
        raise Invalid(errors=found)
    why: dict[str, Any] = {"template": str(row.template_id), "line": str(row.line_id)}
    row.rest_department_id = _home(session, row, "rest_department", body.rest_department, why)
    row.belongs_to_id = _home(session, row, "belongs_to", body.belongs_to, why)
    row.answer, row.answered_at = body.answer, now()
    row.part, row.rest = body.part, body.rest
    row.refusal, row.reason, row.duplicate_of = body.refusal, body.reason, body.duplicate_of
    if body.refusal is not None:
        why["refusal"] = body.refusal
    take(session, subject, row, step, version, why=why)
    return row


def answer_all(session: Session, subject: Subject, body: AnswersWrite) -> Sequence[Assignment]:
    """The same answer for several assignments of the own department, all of them or none.

    Raises ``AnsweredAlready`` naming those that are, ``Invalid`` for a number that is none.
    """
    found = repository.of_numbers(session, body.numbers, subject.department_id)
    fix = _("Use the numbers of assignments of your department.")
    unknown = [
        FieldError(f"/numbers/{place}", "unknown", _("No such assignment"), fix)
        for place, number in enumerate(body.numbers)
        if number.upper() not in found
    ]
    if unknown:
        raise Invalid(errors=unknown)
    if over := [no for no, row in found.items() if row.status not in ANSWERABLE]:
        raise AnsweredAlready(over)
    return [answer(session, subject, row, body, version=None) for row in found.values()]


def _home(
    session: Session, row: Assignment, name: str, code: str, why: dict[str, Any]
) -> UUID | None:
    """The department that an answer names. Raises ``Invalid`` for none, or its own."""
    if not code:
        return None
    found = departments.id_of(session, code)
    if found is None or found == row.department_id:
        fix = _("Use the credit code of another department, or leave it empty.")
        detail = _("No such department") if found is None else _("This is your own department")
        raise Invalid(errors=[FieldError(f"/{name}", "unknown", detail, fix)])
    why["department"] = code
    return found
