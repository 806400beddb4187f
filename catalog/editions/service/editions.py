"""Which rows are the data of a published entry: how an edition comes, is held, gives way."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import take
from catalog.attachments.models import Attachment
from catalog.attachments.service import storing
from catalog.editions import lifecycle, repository
from catalog.editions.models import Edition
from catalog.editions.schemas import EditionReport
from catalog.editions.words import EditionStatus
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from shuqiao.clock import now
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

#: The job that measures live rows.
PROFILE: Final = "catalog.editions.profile"
#: Above: the rows are held to the standards of their columns.
CONFORM: Final = "catalog.conformity.check_edition"
#: The exchange's: grants that follow the editions, and those who hold them, learn of a new one.
EDITION_ARRIVED: Final = "exchange.grants.edition_arrived"


def coming(session: Session, rows: Sequence[DataResource]) -> dict[UUID, Attachment]:
    """The data that each of ``rows`` (drafts, working copies, entries) would be published with now:
    what was stored last since the version before and is no edition, else the current edition's.
    By the row's id; what has no stored data is not in it.
    """
    chosen: dict[UUID, Attachment] = {}
    there = repository.candidates(
        session, {each for row in rows for each in (row.id, row.entry_id)}
    )
    for row in rows:
        own = [each for each in there if each[0].resource_id in (row.id, row.entry_id)]
        new = [data for data, is_current in own if not is_current and _is_since(data, row)]
        current = [data for data, is_current in own if is_current]
        if new or current:
            chosen[row.id] = (new or current)[0]
    return chosen


def _is_since(data: Attachment, row: DataResource) -> bool:
    since = row.published_at
    return since is None or (data.stored_at is not None and data.stored_at >= since)


def publish(
    session: Session, subject: Subject, resource: DataResource, data: Attachment | None
) -> Edition | None:
    """The edition that a version of ``resource`` (locked) is published with: ``data``, as it was
    ``coming``, which is the current one so far or new; None for an entry without data.

    What was held is measured against the version now published.
    """
    if data is not None and repository.of_attachment(session, data.id) is None:
        give_way(session, subject, resource.id)
        made(session, subject, data, EditionStatus.CURRENT)
    for held in repository.held_of(session, resource.id):
        check_again(session, subject, held)
    return repository.current(session, resource.id)


def made(session: Session, subject: Subject, stored: Attachment, status: EditionStatus) -> Edition:
    """The next edition of an entry (locked), from data that is stored or live."""
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
    take(session, subject, edition, lifecycle.ARRIVE, why=why)
    if edition.snapshot_id is not None:
        enqueue(session, CONFORM, lock=f"conformity:{edition.id}", edition_id=str(edition.id))
    if status is EditionStatus.CURRENT:
        _tell(session, edition)
        _profile(session, edition)
    return edition


def settle(session: Session, subject: Subject, edition: Edition, report: EditionReport) -> None:
    """What follows from the check of an arriving edition, whose entry is locked."""
    edition.report = report.model_dump(mode="json", exclude_none=True)
    facts = report.model_dump(mode="json", exclude_none=True, exclude={"findings", "key"})
    why = {"number": edition.number, **facts}
    if not report.is_clean:
        take(session, subject, edition, lifecycle.HOLD, why=why)
        return
    current = repository.current(session, edition.resource_id)
    if current is not None and current.number > edition.number:
        take(session, subject, edition, lifecycle.OVERTAKE, why=why)
    else:
        give_way(session, subject, edition.resource_id)
        take(session, subject, edition, lifecycle.PASS, why=why)
        _tell(session, edition)
        _profile(session, edition)


def check_again(
    session: Session, subject: Subject, edition: Edition, version: int | None = None
) -> None:
    """Measure a held edition anew, by a job. Raises ``EditionNotPossible``."""
    take(session, subject, edition, lifecycle.CHECK, version, why={"number": edition.number})
    lock = f"editions:{edition.resource_id}"
    enqueue(session, storing.ARRIVED, lock=lock, attachment_id=str(edition.attachment_id))


def drop(session: Session, subject: Subject, edition: Edition, version: int) -> None:
    """Give up a held edition: nothing of it was delivered. Raises ``EditionNotPossible``."""
    take(session, subject, edition, lifecycle.DROP, version, why={"number": edition.number})
    session.flush()


def drop_held(session: Session, subject: Subject, entry: DataResource) -> None:
    """Give up whatever is held of an entry (locked) that leaves the catalogue."""
    for held in repository.held_of(session, entry.id):
        drop(session, subject, held, held.version)


def give_way(session: Session, subject: Subject, resource_id: UUID) -> None:
    """The current edition, if there is one, is kept from now on; flushed before the next comes."""
    before = repository.current(session, resource_id)
    if before is not None:
        take(session, subject, before, lifecycle.GIVE_WAY, why={"number": before.number})
        session.flush()


def locked(session: Session, edition_id: UUID) -> Edition:
    """The edition as it is now, its entry locked: editions of an entry change one by one."""
    found = repository.by_id(session, edition_id)
    resources.by_id(session, found.resource_id, lock=True)
    session.refresh(found)
    return found


def _profile(session: Session, edition: Edition) -> None:
    """Live rows are measured against the coverage, and a sample of them against the standards, by
    jobs: another database is asked.
    """
    if edition.live_id is not None:
        enqueue(session, PROFILE, lock=f"edition:{edition.id}", edition_id=str(edition.id))
        enqueue(session, CONFORM, lock=f"conformity:{edition.id}", edition_id=str(edition.id))


def _tell(session: Session, edition: Edition) -> None:
    """Nobody holds a grant on the data of an entry before its first edition."""
    if edition.number > 1:
        resource_id, number = str(edition.resource_id), edition.number
        enqueue(session, EDITION_ARRIVED, resource_id=resource_id, number=number)
