"""Duties of departments: record one, end one. None is ever changed or deleted."""

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.departments.models import Department
from auth.departments.service import must_be_open
from auth.duties import repository
from auth.duties.errors import DutyEnded
from auth.duties.models import Duty
from auth.duties.schemas import DutyEnd, DutyRecord
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def record(session: Session, subject: Subject, department: Department, body: DutyRecord) -> Duty:
    """Record a duty under a number of its own. Raises ``DepartmentEnded``."""
    must_be_open(department)
    duty = Duty(
        duty_no=next_number(session, "DU"), department_id=department.id, **body.model_dump()
    )
    session.add(duty)
    _note(session, subject, Event.DUTY_RECORDED, department, duty)
    return duty


def end(
    session: Session, subject: Subject, department: Department, duty_no: str, body: DutyEnd
) -> Duty:
    """Say on which day a duty ended. Raises ``NotFound``, ``DutyEnded`` or ``Invalid``."""
    duty = repository.by_no(session, department.id, duty_no, lock=True)
    if duty is None:
        raise NotFound
    if duty.valid_until is not None:
        raise DutyEnded
    if body.valid_until < duty.valid_from:
        detail = _("The last day lies before the first")
        fix = _("Give a day from %(day)s on", day=duty.valid_from.isoformat())
        raise Invalid(errors=[FieldError("/valid_until", "before_beginning", detail, fix)])
    duty.valid_until = body.valid_until
    _note(session, subject, Event.DUTY_ENDED, department, duty)
    return duty


def _note(
    session: Session, subject: Subject, event: Event, department: Department, duty: Duty
) -> None:
    append(
        session,
        subject,
        event,
        stream=department.audit_stream(),
        obj=department.audit_ref(),
        why={"duty_no": duty.duty_no, "document_no": duty.document_no},
    )
