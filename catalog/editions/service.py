"""The rules of editions: which rows are the data of a published entry."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from auth.cases import take
from catalog.attachments.models import Attachment
from catalog.editions import lifecycle, repository
from catalog.editions.models import Edition
from catalog.editions.words import EditionStatus
from catalog.resources.models import DataResource
from shuqiao.clock import now
from shuqiao.subject import Subject


def publish(
    session: Session, subject: Subject, resource: DataResource, since: datetime | None
) -> Edition | None:
    """The edition that a version of ``resource`` (locked) is published with: what was attached
    ``since`` the version before, else what was current so far; None for an entry without data.
    """
    stored = repository.newest_unused(session, resource.id, since)
    if stored is None:
        return repository.current(session, resource.id)
    _give_way(session, subject, resource.id)
    return _made(session, subject, stored, EditionStatus.CURRENT)


def _give_way(session: Session, subject: Subject, resource_id: UUID) -> None:
    """The current edition, if there is one, is kept from now on; flushed before the next comes."""
    before = repository.current(session, resource_id)
    if before is not None:
        take(session, subject, before, lifecycle.GIVE_WAY)
        session.flush()


def _made(session: Session, subject: Subject, stored: Attachment, status: EditionStatus) -> Edition:
    step = lifecycle.COME if status is EditionStatus.CURRENT else lifecycle.ARRIVE
    edition = Edition(
        resource_id=stored.resource_id,
        number=repository.next_number(session, stored.resource_id),
        attachment_id=stored.id,
        snapshot_id=stored.snapshot_id,
        rows=stored.rows,
        status=status,
        made_by=stored.uploader_id,
        arrived_at=stored.stored_at or now(),
        current_from=now() if status is EditionStatus.CURRENT else None,
    )
    session.add(edition)
    session.flush()
    why = {"number": edition.number, "snapshot": edition.snapshot_id, "rows": edition.rows}
    take(session, subject, edition, step, why=why)
    return edition
