"""Every SQL statement about editions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.attachments.models import Attachment
from catalog.attachments.words import AttachmentStatus
from catalog.editions.models import Edition
from catalog.editions.words import EditionStatus


def current(session: Session, resource_id: UUID) -> Edition | None:
    """The edition that is the entry's data now; None for what has no data, or is not published."""
    query = select(Edition).where(
        Edition.resource_id == resource_id, Edition.status == EditionStatus.CURRENT
    )
    return session.exec(query).first()


def by_number(session: Session, resource_id: UUID, number: int) -> Edition | None:
    query = select(Edition).where(Edition.resource_id == resource_id, Edition.number == number)
    return session.exec(query).first()


def editions_of(session: Session, resource_id: UUID) -> Sequence[Edition]:
    """Every edition, the newest first."""
    query = select(Edition).where(Edition.resource_id == resource_id)
    return session.exec(query.order_by(col(Edition.number).desc())).all()


def next_number(session: Session, resource_id: UUID) -> int:
    """The number of the next edition; the entry's row is locked by whoever asks."""
    last = select(func.max(Edition.number)).where(Edition.resource_id == resource_id)
    return (session.exec(last).one() or 0) + 1


def newest_unused(session: Session, resource_id: UUID, since: datetime | None) -> Attachment | None:
    """The data stored last, of what is no edition and was stored ``since`` then."""
    is_edition = select(Edition.id).where(col(Edition.attachment_id) == col(Attachment.id))
    query = select(Attachment).where(
        Attachment.resource_id == resource_id,
        Attachment.status == AttachmentStatus.STORED,
        ~is_edition.exists(),
    )
    if since is not None:
        query = query.where(col(Attachment.stored_at) >= since)
    newest = (col(Attachment.stored_at).desc(), col(Attachment.id).desc())
    return session.exec(query.order_by(*newest).limit(1)).first()
