"""Merging and splitting departments, by the document that ordered it."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.departments import repository as departments
from auth.departments.models import Department, Reorganisation
from auth.departments.schemas import ActRecord
from auth.departments.service import find_judges, record_act
from auth.departments.words import Act
from auth.reorganisations.schemas import ReorganisationRecord
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

_EVENTS: Final[Mapping[Act, Event]] = {
    Act.MERGED: Event.DEPARTMENT_MERGED,
    Act.SPLIT: Event.DEPARTMENT_SPLIT,
}


def reorganise(session: Session, subject: Subject, body: ReorganisationRecord) -> Reorganisation:
    """Record a merger or a split: who stands only before it has ended with its day.

    Numbers and everything registered stay where they are, and stay readable. Raises ``Invalid``
    naming the fields.
    """
    known = departments.locked(session, {*body.before, *body.after})
    errors = [*_unknown(body, known), *_shape(body)]
    if not errors:
        errors = _standing(session, [known[code] for code in sorted(_ending(body))])
    if errors:
        raise Invalid(errors=errors)
    before = [known[code] for code in sorted(set(body.before))]
    after = [known[code] for code in sorted(set(body.after))]
    act = record_act(
        session,
        body.kind,
        ActRecord(body.document_no, body.effective_on),
        before=[(each, each.name) for each in before],
        after=[(each, each.name) for each in after],
    )
    for each in known.values():
        each.version += 1
        if each.code in _ending(body):
            each.ended_on = act.effective_on
        append(
            session,
            subject,
            _EVENTS[body.kind],
            stream=each.audit_stream(),
            obj=each.audit_ref(),
            why={
                "act_no": act.act_no,
                "document_no": act.document_no,
                "before": [other.code for other in before],
                "after": [other.code for other in after],
            },
        )
    find_judges(session)
    return act


def _ending(body: ReorganisationRecord) -> set[str]:
    return set(body.before) - set(body.after)


def _unknown(body: ReorganisationRecord, known: Mapping[str, Department]) -> list[FieldError]:
    errors = []
    for side, codes in (("before", body.before), ("after", body.after)):
        for place, code in enumerate(codes):
            found = known.get(code)
            if found is None or found.ended_on is not None:
                detail = _("No department with this code goes on")
                fix = _("Register the department first, or correct the code")
                errors.append(FieldError(f"/{side}/{place}", "unknown_department", detail, fix))
    return errors


def _shape(body: ReorganisationRecord) -> list[FieldError]:
    before, after = set(body.before), set(body.after)
    if body.kind is Act.MERGED and (len(after) != 1 or len(before | after) < 2):
        detail = _("A merger leads from several departments to one")
        fix = _("Name at least one department that ends, and the one that goes on")
        return [FieldError("/after", "no_merger", detail, fix)]
    if body.kind is Act.SPLIT and (len(before) != 1 or len(after) < 2):
        detail = _("A split leads from one department to several")
        fix = _("Name one department before, and those that stand after it")
        return [FieldError("/after", "no_split", detail, fix)]
    return []


def _standing(session: Session, ending: Sequence[Department]) -> list[FieldError]:
    """A department with others below it cannot end: they would hang in the air."""
    for department in ending:
        below = [each for each in departments.below(session, department.id) if not each.ended_on]
        if below:
            detail = _(
                "%(name)s lies below %(above)s, which ends",
                name=below[0].name,
                above=department.name,
            )
            fix = _("Put the departments below it under another one first")
            return [FieldError("/before", "has_departments_below", detail, fix)]
    return []
