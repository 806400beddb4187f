"""Every SQL statement about editions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select, update

from catalog.attachments.models import Attachment
from catalog.attachments.words import AttachmentStatus
from catalog.editions.models import DataRefresh, Edition
from catalog.editions.words import EditionStatus
from shuqiao.db import column
from shuqiao.web.paging import PageRequest

#: Of editions whose rows are stored and have not been removed.
_HAS_ROWS: Final = (col(Edition.snapshot_id).is_not(None), col(Edition.cleared_at).is_(None))
#: Of those whose rows somebody may still read.
_READ: Final = (*_HAS_ROWS, col(Edition.status) != EditionStatus.REMOVED)


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


def with_ended_before(session: Session, limits: Mapping[EditionStatus, datetime]) -> Sequence[UUID]:
    """Entries with stored editions that were over before the limit of how they ended."""
    over = or_(
        *(
            and_(col(Edition.status) == status, col(Edition.ended_at) < limit)
            for status, limit in limits.items()
        )
    )
    query = select(Edition.resource_id).where(over, *_HAS_ROWS).distinct()
    return session.exec(query.order_by(col(Edition.resource_id))).all()


def ended(session: Session, resource_id: UUID) -> Sequence[Edition]:
    """The editions of an entry that are over and still have their rows, the oldest first."""
    over = col(Edition.status).in_((EditionStatus.KEPT, EditionStatus.REMOVED))
    query = select(Edition).where(Edition.resource_id == resource_id, over, *_HAS_ROWS)
    return session.exec(query.order_by(col(Edition.number))).all()


def lock_to_clear(session: Session, ids: Collection[UUID]) -> Sequence[Edition]:
    """The editions as they are once no transfer of them is just starting, the oldest first."""
    query = select(Edition).where(col(Edition.id).in_(ids), *_HAS_ROWS)
    locked = query.order_by(col(Edition.number)).with_for_update()
    return session.exec(locked.execution_options(populate_existing=True)).all()


def is_readable(session: Session, resource_id: UUID, number: int) -> bool:
    """Whether the edition still has its rows; until the commit they stay."""
    query = select(Edition.cleared_at).where(
        Edition.resource_id == resource_id, Edition.number == number
    )
    found = session.exec(query.with_for_update(read=True, key_share=True)).first()
    return found is None


def unerased(session: Session) -> Sequence[str]:
    """Snapshots of cleared editions whose bytes may still be there."""
    query = select(Edition.snapshot_id).where(
        col(Edition.cleared_at).is_not(None), col(Edition.erased_at).is_(None)
    )
    return [each for each in session.exec(query.distinct()) if each is not None]


def is_used(session: Session, snapshot_id: str) -> bool:
    """Whether an edition that is not cleared, or stored data that is no edition yet, has these
    rows.
    """
    cleared = select(Edition.id).where(
        col(Edition.attachment_id) == col(Attachment.id), col(Edition.cleared_at).is_not(None)
    )
    query = select(Attachment.id).where(
        Attachment.snapshot_id == snapshot_id,
        Attachment.status == AttachmentStatus.STORED,
        ~cleared.exists(),
    )
    return session.exec(query.limit(1)).first() is not None


def lock_with_rows(session: Session, snapshot_id: str) -> Sequence[Edition]:
    """The editions that have these rows, as they are now, in one order."""
    query = select(Edition).where(Edition.snapshot_id == snapshot_id, *_READ)
    locked = query.order_by(col(Edition.resource_id), col(Edition.number)).with_for_update()
    return session.exec(locked.execution_options(populate_existing=True)).all()


def is_damaged(session: Session, snapshot_id: str) -> bool:
    """Whether an edition with these rows is marked."""
    query = select(Edition.id).where(
        Edition.snapshot_id == snapshot_id, col(Edition.damaged_at).is_not(None), *_READ
    )
    return session.exec(query.limit(1)).first() is not None


def damaged_snapshots(session: Session) -> Sequence[str]:
    """The rows of marked editions that were not removed."""
    query = select(Edition.snapshot_id).where(col(Edition.damaged_at).is_not(None), *_READ)
    return [each for each in session.exec(query.distinct()) if each is not None]


def note_erased(session: Session, snapshot_id: str, moment: datetime) -> None:
    """The bytes of the cleared editions with these rows are gone."""
    done = update(Edition).where(
        col(Edition.snapshot_id) == snapshot_id,
        col(Edition.cleared_at).is_not(None),
        col(Edition.erased_at).is_(None),
    )
    session.exec(done.values(erased_at=moment))
