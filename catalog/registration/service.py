"""Submitting an entry for review: what is still missing, and the step itself."""

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.roles import Role
from catalog.attachments import repository as attachments
from catalog.attachments.schemas import AttachmentSummary
from catalog.attachments.words import AttachmentStatus
from catalog.registration.checks import missing
from catalog.registration.schemas import ResourceShown
from catalog.resources.errors import Incomplete
from catalog.resources.lifecycle import WAITING_FOR, acts
from catalog.resources.models import DataResource
from catalog.resources.service import CONSENT_TODO, CORRECTION_TODO, move, read, review_href
from catalog.resources.words import Act
from shuqiao.clock import today
from shuqiao.desk import todos
from shuqiao.errors import FieldError
from shuqiao.i18n import _
from shuqiao.subject import Subject


def submit(session: Session, subject: Subject, resource: DataResource) -> DataResource:
    """Hand a complete entry to the department head.

    Raises ``NotPossibleNow``, or ``Incomplete`` naming everything.
    """
    change = move(resource, Act.SUBMIT)
    check_complete(session, resource)
    session.flush()
    todos.done(session, case_no=resource.code, kind=CORRECTION_TODO, by=subject.user_id)
    todos.ask(
        session,
        case_no=resource.code,
        kind=CONSENT_TODO,
        role=Role.DEPARTMENT_HEAD,
        department_id=resource.provider_id,
        href=review_href(resource),
        what=_("Consent to the catalogue entry “%(title)s”", title=resource.title),
    )
    append(
        session,
        subject,
        Event.RESOURCE_SUBMITTED,
        stream=resource.code,
        obj=resource.audit_ref(),
        change=change,
    )
    return resource


def check_complete(session: Session, resource: DataResource) -> None:
    """Raises ``Incomplete`` with every field that is missing or contradicts another."""
    errors = shortcomings(session, resource)
    if errors:
        raise Incomplete(errors=errors)


def shortcomings(session: Session, resource: DataResource) -> list[FieldError]:
    """Everything that keeps ``resource`` from being reviewed, each with
    its pointer and how to mend it.
    """
    files = attachments.attachments_of(session, resource.id)
    has_snapshot = any(row.status is AttachmentStatus.STORED for row in files)
    errors = missing(read(session, resource), has_snapshot=has_snapshot, today=today())
    if any(row.status is AttachmentStatus.CONFIRMED for row in files):
        fix = _("Wait until it is stored, then submit again.")
        errors.append(
            FieldError("/attachments", "still_storing", _("A file is still being stored"), fix)
        )
    return errors


def shown(session: Session, subject: Subject, resource: DataResource) -> ResourceShown:
    """The resource on its own address: what can be done, whose turn it
    is, and its files for the provider's people.
    """
    entry = read(session, resource)
    is_own = subject.department_id == resource.provider_id
    files = attachments.attachments_of(session, resource.id) if is_own else ()
    return ResourceShown(
        **dict(entry),
        attachments=[AttachmentSummary.of_row(row) for row in files],
        acts=sorted(act.value for act in acts(resource.state)),
        waiting_for=WAITING_FOR.get(resource.state),
    )
