"""Saying that an item is not what it was taken for."""

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.duplicates.errors import AlreadySettled
from catalog.duplicates.models import DuplicateRuling
from catalog.duplicates.repository import listed as repository
from catalog.duplicates.repository.listed import Listed
from catalog.duplicates.schemas import DismissalCreate
from catalog.duplicates.words import Suspicion
from shuqiao.errors import Forbidden
from shuqiao.i18n import _
from shuqiao.subject import Subject


def dismiss(session: Session, subject: Subject, found: Listed, body: DismissalCreate) -> Listed:
    """Not a duplicate, on this evidence; other evidence is asked about anew.

    Raises ``AlreadySettled`` for what is bound or was said before.
    """
    if subject.user_id is None:
        raise Forbidden(_("Only a person can say that something is not a duplicate"))
    if found.state is not Suspicion.OPEN:
        raise AlreadySettled(found.state)
    suspicion = found.suspicion
    ruling = DuplicateRuling(
        resource_id=suspicion.resource_id,
        item_id=suspicion.item_id,
        element_id=suspicion.element_id,
        fingerprint=suspicion.fingerprint,
        reason=body.reason,
        ruled_by=subject.user_id,
    )
    session.add(ruling)
    session.flush()
    append(
        session,
        subject,
        Event.DUPLICATE_DISMISSED,
        stream=found.resource.audit_stream(),
        obj=found.resource.audit_ref(),
        why={"item": found.item.name, "element": found.element.identifier, "reason": body.reason},
    )
    settled = repository.by_id(session, suspicion.id)
    assert settled is not None, "the row is locked"
    return settled
