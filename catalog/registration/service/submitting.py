"""Submitting an entry for review: what is still missing, and the step itself."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlmodel import Session

from auth.cases import check, take
from catalog.attachments import repository as attachments
from catalog.attachments.checks import stored_kinds
from catalog.attachments.models import Attachment
from catalog.attachments.schemas import AttachmentSummary
from catalog.attachments.words import AttachmentStatus
from catalog.conformity.service import checking
from catalog.editions.service import editions
from catalog.negative import service as negative
from catalog.registration.checks.bases import told_elsewhere
from catalog.registration.checks.complete import missing
from catalog.registration.checks.origins import OriginFacts, passed_on
from catalog.registration.schemas import ResourceShown, WorkingCopyRead
from catalog.registration.service import origins, overlap
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.errors import Incomplete
from catalog.resources.lifecycle import CHOOSE_CLASS, LIFECYCLE, SUBMIT
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead, ResourceUpdate
from catalog.resources.service import read
from catalog.resources.words import OriginKind
from shuqiao.clock import today
from shuqiao.errors import FieldError
from shuqiao.i18n import Message
from shuqiao.subject import Subject

_OF_COPY: Final = set(WorkingCopyRead.model_fields)


def edit(
    session: Session,
    subject: Subject,
    resource: DataResource,
    body: ResourceUpdate,
    *,
    version: int,
) -> DataResource:
    """Replace what is said of ``resource``, as ``catalog.resources.service.edit`` does; its data is
    held to what its items are bound to from now on.
    """
    registering.edit(session, subject, resource, body, version=version)
    checking.order_draft(session, resource)
    overlap.order(session, resource)
    return resource


def submit(session: Session, subject: Subject, resource: DataResource) -> DataResource:
    """Hand a complete entry to the department head.

    Raises ``NotPossibleNow``, or ``Incomplete`` naming everything.
    """
    check(resource, SUBMIT)
    origins.queue(session, read(session, resource))
    check_complete(session, resource)
    take(session, subject, resource, SUBMIT, why=_declared(session, resource))
    assert resource.submitter_id is not None
    negative.propose(session, subject, resource, resource.submitter_id)
    checking.order_draft(session, resource)
    overlap.order(session, resource)
    return resource


def _declared(session: Session, resource: DataResource) -> dict[str, Any] | None:
    """Items declared as produced by processing, each with its lineage and, where it was received,
    the grant.
    """
    entry = read(session, resource)
    received = known_of(session, resource, entry).received
    declared = [
        {
            "item": item.name,
            "lineage": item.origin.lineage,
            **({"grant": received[item.id].grant_no} if item.id in received else {}),
        }
        for item in entry.items
        if item.origin is not None and item.origin.kind is OriginKind.PROCESSED
    ]
    return {"processed": declared} if declared else None


def check_complete(session: Session, resource: DataResource) -> None:
    """Raises ``Incomplete`` with every field that is missing or contradicts another."""
    errors = shortcomings(session, resource)
    if errors:
        raise Incomplete(errors=errors)


def shortcomings(session: Session, resource: DataResource) -> list[FieldError]:
    """Everything that keeps ``resource`` from being reviewed, each with
    its pointer and how to mend it.
    """
    coming = editions.coming(session, [resource]).get(resource.id)
    entry = read(session, resource)
    known = known_of(session, resource, entry)
    return found_missing(entry, data_of(session, resource), coming, known)


def received_and_passed_on(session: Session, resource: DataResource) -> list[Message]:
    """What the reviewer is told of data that the department received from others (Art. 25), and
    asked where its values look like that.
    """
    entry = read(session, resource)
    known = known_of(session, resource, entry)
    return [*passed_on(entry, known), *overlap.asked(session, resource, entry, known)]


def alike_received(session: Session, resource: DataResource, entry: ResourceRead) -> list[Message]:
    """The same for the registrar, before it is handed in."""
    return overlap.asked(session, resource, entry, known_of(session, resource, entry))


def withheld_elsewhere(session: Session, resource: DataResource) -> list[Message]:
    """What the reviewer is told of data that is not shared by others (Order 809, Art. 15)."""
    entry = read(session, resource)
    return told_elsewhere(entry, known_of(session, resource, entry).listed)


def known_of(session: Session, resource: DataResource, entry: ResourceRead) -> OriginFacts:
    """What is known of where the items of an entry come from."""
    return origins.known(session, [(resource, entry)])[resource.id]


def found_missing(
    entry: ResourceRead,
    files: Iterable[Attachment],
    coming: Attachment | None,
    known: OriginFacts,
) -> list[FieldError]:
    """The same of an entry with all that is attached, what it would be published with, and what is
    known of its items.
    """
    return missing(
        entry,
        columns=stored_kinds(coming) if coming else None,
        is_storing=any(row.status is AttachmentStatus.CONFIRMED for row in files),
        today=today(),
        known=known,
    )


def data_of(session: Session, resource: DataResource) -> Sequence[Attachment]:
    """What is attached, newest first: to a working copy, else the data in force goes on."""
    return [
        file
        for row_id in dict.fromkeys((resource.id, resource.entry_id))
        for file in attachments.attachments_of(session, row_id)
    ]


def shown(session: Session, subject: Subject, resource: DataResource) -> ResourceShown:
    """The resource on its own address: what can be done, whose turn it
    is, and its files for the provider's people.
    """
    entry = read(session, resource)
    waiting_for = LIFECYCLE.waiting().get(resource.state)
    is_own = subject.department_id == resource.provider_id
    files = attachments.attachments_of(session, resource.id) if is_own else ()
    copy = resources.working_copies(session, subject, [resource]).get(resource.id)
    return ResourceShown(
        **dict(entry),
        working_copy=WorkingCopyRead(**copy.model_dump(include=_OF_COPY)) if copy else None,
        attachments=[AttachmentSummary.of_row(row) for row in files],
        acts=sorted(
            step.name
            for step in LIFECYCLE.possible(resource.state)
            if step is not CHOOSE_CLASS or resource.copy_of is None
        ),
        waiting_for=waiting_for.seat.role.value if waiting_for else None,
    )
