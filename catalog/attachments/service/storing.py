"""What the job makes of confirmed data: a snapshot is stored, or the file is refused."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from catalog.attachments import repository
from catalog.attachments.models import Attachment
from catalog.attachments.service import rooms
from catalog.attachments.words import AttachmentStatus, DataSource
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.lifecycle import PUBLISHED
from catalog.resources.models import DataResource
from shuqiao.arrow.intake.options import ReadOptions
from shuqiao.arrow.snapshots.erasing import has_rows
from shuqiao.clock import now
from shuqiao.desk import messages
from shuqiao.home import folder
from shuqiao.i18n import Message, _
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

#: What becomes of new data of a published entry is decided above, by the room of editions.
ARRIVED: Final = "catalog.editions.arrive"
#: The data of a draft is held to the standards of its columns.
CONFORM: Final = "catalog.conformity.check_draft"
#: And beside what was delivered to its department.
COMPARE: Final = "catalog.registration.compare_received"


#: The rule of new data of a published entry.
OTHER_SHAPE: Final = _(
    "The columns or their types are others than those published. Rows of the same shape may be "
    "attached at any time; another shape is a change of the entry: open a working copy of it."
)


@dataclass(frozen=True, slots=True)
class Decoding:
    """A confirmed file or table waiting to be made a snapshot."""

    attachment_id: UUID
    resource_id: UUID
    version: int
    file_name: str
    options: ReadOptions
    source: DataSource = DataSource.FILE


def told(session: Session, resource: DataResource, row: Attachment) -> None:
    """New data is there, or could not be taken: of a published entry the editions learn of it, of
    another one the check of its standards.
    """
    if resource.state == PUBLISHED:
        lock = f"editions:{resource.id}"
        enqueue(session, ARRIVED, lock=lock, attachment_id=str(row.id))
    elif row.snapshot_id is not None:
        ready(session, resource)
        lock = f"received:{resource.id}"
        enqueue(session, COMPARE, lock=lock, resource_id=str(resource.id))


def ready(session: Session, resource: DataResource) -> None:
    """The data of a draft can be held to the standards of its columns."""
    if resource.state != PUBLISHED:
        lock = f"conformity:{resource.id}"
        enqueue(session, CONFORM, lock=lock, resource_id=str(resource.id))


def waiting(session: Session, attachment_id: UUID) -> Decoding | None:
    """What the job has to do; None when it was done already."""
    row = repository.attachment_by_id(session, attachment_id)
    if row is None or row.status is not AttachmentStatus.CONFIRMED or row.options is None:
        return None
    return Decoding(
        row.id,
        row.resource_id,
        row.version,
        row.file_name,
        ReadOptions.from_json(row.options),
        row.source,
    )


def store(
    session: Session, subject: Subject, order: Decoding, *, snapshot_id: str, rows: int
) -> bool:
    """Record that the snapshot is there. A no-op when another run of the job was first.

    False when its rows, which are also those of an edition that was over, were removed meanwhile:
    then they have to be written again. Raises ``QuotaReached``.
    """
    locked = _locked(session, order)
    if locked is None:
        return True
    resource, row = locked
    repository.hold_snapshot(session, snapshot_id)
    if not has_rows(folder("snapshots"), snapshot_id):
        return False
    rooms.take_snapshot(session, resource.provider_id, snapshot_id)
    row.status, row.snapshot_id, row.rows, row.stored_at = (
        AttachmentStatus.STORED,
        snapshot_id,
        rows,
        now(),
    )
    row.version += 1
    _touch(resource)
    session.flush()
    append(
        session,
        subject,
        Event.SNAPSHOT_MADE,
        stream=resource.code,
        obj=_ref(row),
        why={"snapshot": snapshot_id, "rows": rows, "sha256": row.sha256},
        change=(AttachmentStatus.CONFIRMED.value, row.status.value),
    )
    told(session, resource, row)
    return True


def refuse(session: Session, subject: Subject, order: Decoding, reason: str, why: Message) -> None:
    """Record that the file cannot be taken, and tell the uploader.

    A no-op when another run was first.
    """
    locked = _locked(session, order)
    if locked is None:
        return
    _refused(session, subject, *locked, reason, why)
    told(session, *locked)


def refuse_stored(
    session: Session, subject: Subject, resource: DataResource, row: Attachment
) -> None:
    """Take back what was stored of a published entry (locked) in another shape than the entry's."""
    row.snapshot_id, row.rows = None, None
    _refused(session, subject, resource, row, "other_shape", OTHER_SHAPE)


def _refused(
    session: Session,
    subject: Subject,
    resource: DataResource,
    row: Attachment,
    reason: str,
    why: Message,
) -> None:
    before = row.status.value
    row.status, row.refusal, row.version = AttachmentStatus.REFUSED, why.to_json(), row.version + 1
    _touch(resource)
    session.flush()
    what = _("The file attached to “%(title)s” was refused: %(why)s", title=resource.title, why=why)
    messages.send(session, user_ids=[row.uploader_id], what=what, href=registering.href(resource))
    append(
        session,
        subject,
        Event.ATTACHMENT_REFUSED,
        stream=resource.code,
        obj=_ref(row),
        result="error",
        why={"reason": reason, "sha256": row.sha256},
        change=(before, row.status.value),
    )


def _touch(resource: DataResource) -> None:
    resource.version += 1
    resource.updated_at = now()


def _locked(session: Session, order: Decoding) -> tuple[DataResource, Attachment] | None:
    resource = resources.found_by_id(session, order.resource_id, lock=True)
    if resource is None:
        return None  # a draft that was thrown away meanwhile
    row = repository.attachment_by_id(session, order.attachment_id)
    is_current = (
        row is not None
        and row.status is AttachmentStatus.CONFIRMED
        and row.version == order.version
    )
    return (resource, row) if row is not None and is_current else None


def _ref(row: Attachment) -> ObjectRef:
    return ObjectRef("Attachment", str(row.id), row.version)
