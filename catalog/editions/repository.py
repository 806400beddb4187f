"""Every SQL statement about editions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from catalog.attachments.models import Attachment
from catalog.attachments.words import AttachmentStatus
from catalog.editions.models import DataRefresh, Edition
from catalog.editions.words import EditionStatus
from shuqiao.db import column
from shuqiao.web.paging import PageRequest


def current(session: Session, resource_id: UUID) -> Edition | None:
    """The edition that is the entry's data now; None for what has no data, or is not published."""
    query = select(Edition).where(
        Edition.resource_id == resource_id, Edition.status == EditionStatus.CURRENT
    )
    return session.exec(query).first()


def by_number(session: Session, resource_id: UUID, number: int) -> Edition | None:
    query = select(Edition).where(Edition.resource_id == resource_id, Edition.number == number)
    return session.exec(query).first()


def by_id(session: Session, edition_id: UUID) -> Edition:
    return session.exec(select(Edition).where(Edition.id == edition_id)).one()


def of_attachment(session: Session, attachment_id: UUID) -> Edition | None:
    return session.exec(select(Edition).where(Edition.attachment_id == attachment_id)).first()


def held_of(session: Session, resource_id: UUID) -> Sequence[Edition]:
    """The held editions, the oldest first."""
    query = select(Edition).where(
        Edition.resource_id == resource_id, Edition.status == EditionStatus.HELD
    )
    return session.exec(query.order_by(col(Edition.number))).all()


def page(
    session: Session, resource_id: UUID, wanted: PageRequest, *, with_all: bool
) -> tuple[Sequence[Edition], str | None]:
    """One page of the editions, the newest first; ``with_all``: those too that never were
    current.
    """
    query = select(Edition).where(Edition.resource_id == resource_id)
    if not with_all:
        query = query.where(col(Edition.current_from).is_not(None))
    rows = session.exec(wanted.keyset(query, column(Edition.number), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.number,))


def next_number(session: Session, resource_id: UUID) -> int:
    """The number of the next edition; the entry's row is locked by whoever asks."""
    last = select(func.max(Edition.number)).where(Edition.resource_id == resource_id)
    return (session.exec(last).one() or 0) + 1


def candidates(
    session: Session, resource_ids: Collection[UUID]
) -> Sequence[tuple[Attachment, bool]]:
    """What these rows could be published with, the data stored last first: data that is no
    edition, and that of the current ones; with whether it is that.
    """
    is_edition = col(Edition.attachment_id) == col(Attachment.id)
    query = select(Attachment, col(Edition.id).is_not(None)).outerjoin(Edition, is_edition)
    query = query.where(
        col(Attachment.resource_id).in_(resource_ids),
        Attachment.status == AttachmentStatus.STORED,
        or_(col(Edition.id).is_(None), col(Edition.status) == EditionStatus.CURRENT),
    )
    newest = (col(Attachment.stored_at).desc(), col(Attachment.id).desc())
    return session.exec(query.order_by(*newest)).all()


def refresh_of(session: Session, resource_id: UUID) -> DataRefresh | None:
    return session.get(DataRefresh, resource_id)


def refresh_by_copy(session: Session, attachment_id: UUID) -> DataRefresh | None:
    """The renewal whose last copy this is."""
    query = select(DataRefresh).where(DataRefresh.attachment_id == attachment_id)
    return session.exec(query).first()


def due_refreshes(session: Session, moment: datetime) -> Sequence[UUID]:
    """Entries whose data is to be copied anew, the longest due first."""
    query = select(DataRefresh.resource_id).where(
        col(DataRefresh.is_on).is_(True), col(DataRefresh.due_at) <= moment
    )
    return session.exec(query.order_by(col(DataRefresh.due_at))).all()
