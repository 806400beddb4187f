"""Reports of repeated forms: made by a unit at the grass roots, answered by the data
administration.
"""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from auth.departments.words import Level
from catalog.collection.checks import counted
from catalog.collection.errors import NotGrassRoots
from catalog.collection.lifecycle import repeats as lifecycle
from catalog.collection.models import RepeatedForm
from catalog.collection.schemas import RepeatAnswer, RepeatCreate, RepeatForm
from shuqiao.clock import now
from shuqiao.errors import Forbidden
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: Streets, townships and sumu (苏木), and the points below them (用数点).
GRASS_ROOTS: Final = (Level.TOWNSHIP, Level.USING_POINT)


def is_grass_roots(session: Session, subject: Subject) -> bool:
    if subject.department_id is None:
        return False
    return departments.by_id(session, subject.department_id).level in GRASS_ROOTS


def report(
    session: Session,
    subject: Subject,
    body: RepeatCreate | RepeatForm,
    fields: Sequence[str],
) -> RepeatedForm:
    """Tell the data administration. Raises ``NotGrassRoots`` or ``Invalid``."""
    if subject.user_id is None or subject.department_id is None:
        raise Forbidden(_("Only a person of a department reports a repeated form"))
    if not is_grass_roots(session, subject):
        fix = _("If yours is one, have its level stated on the page of the department.")
        raise NotGrassRoots(fix)
    names = counted(fields)
    said = body.model_dump(exclude={"fields"})
    made = RepeatedForm(
        report_no=next_number(session, "RF"),
        owner_id=subject.department_id,
        reporter_id=subject.user_id,
        status=lifecycle.REPORT.to[0],
        fields=names,
        **said,
    )
    session.add(made)
    session.flush()
    why = {"fields": len(made.fields), "asked_by": made.asked_by}
    take(session, subject, made, lifecycle.REPORT, why=why)
    return made


def answer(
    session: Session,
    subject: Subject,
    made: RepeatedForm,
    body: RepeatAnswer,
    version: int | None,
) -> RepeatedForm:
    """The word of the data administration. Raises ``RepeatNotNow`` or ``RepeatChanged``."""
    check(made, lifecycle.ANSWER, version)
    made.outcome, made.answer = body.outcome, body.answer
    made.answerer_id, made.answered_at = subject.user_id, now()
    why = {"outcome": body.outcome, "answer": body.answer}
    take(session, subject, made, lifecycle.ANSWER, version, why=why)
    return made
