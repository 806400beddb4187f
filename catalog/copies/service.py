"""The rules of working copies (变更稿): one is opened beside a published entry, worked on and
reviewed like a draft, and takes the entry's place when it is published, or is thrown away.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.cases import check, take
from catalog.attachments.models import Attachment
from catalog.copies import repository
from catalog.copies.errors import CopyOpen
from catalog.negative import service as negative
from catalog.resources import repository as resources
from catalog.resources.lifecycle import CHANGE, DISCARD, RECALL
from catalog.resources.models import DataResource, ResourceItem
from shuqiao.clock import now
from shuqiao.db import insert_once
from shuqiao.errors import Forbidden
from shuqiao.i18n import _
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

REMOVE_UPLOADS: Final = "catalog.copies.remove_uploads"
#: What a row is, apart from what it says of the data.
_OWN: Final = frozenset(
    {
        "id",
        "copy_of",
        "registrar_id",
        "writer_ids",
        "consenter_id",
        "submitter_id",
        "status",
        "review_step",
        "consented_at",
        "version",
        "published_version",
        "published_at",
        "taken_down_at",
        "taken_down_reason",
        "created_at",
        "updated_at",
    }
)
#: What an item is, apart from what it says.
_OWN_OF_ITEM: Final = frozenset({"id", "resource_id", "origin_id", "removed_in"})


def open_copy(
    session: Session, subject: Subject, entry: DataResource, version: int
) -> DataResource:
    """Open the working copy of a published entry (locked); it says what the entry says.

    Raises ``NotPossibleNow``, ``CopyOpen`` or ``PreconditionFailed``.
    """
    if subject.user_id is None:
        raise Forbidden(_("Only a person of a department registers data resources"))
    check(entry, CHANGE)
    if resources.working_copy(session, entry) is not None:
        raise CopyOpen(_("Go on with it: %(address)s", address=address(entry)))
    check(entry, CHANGE, version)
    copy = DataResource(
        copy_of=entry.id,
        registrar_id=subject.user_id,
        writer_ids=[subject.user_id],
        version=entry.version + 1,
        published_version=entry.published_version,
        published_at=entry.published_at,
        **entry.model_dump(exclude=set(_OWN)),
    )
    insert_once(session, copy, CopyOpen())
    for item in resources.items_of(session, entry.id):
        said = item.model_dump(exclude=set(_OWN_OF_ITEM))
        session.add(ResourceItem(resource_id=copy.id, origin_id=item.id, **said))
    take(session, subject, entry, CHANGE, version)
    session.flush()
    return copy


def address(entry: DataResource) -> str:
    """Where programs read the working copy of an entry."""
    return f"/api/v1/resources/{entry.url_code}/working-copy"


def recall(session: Session, subject: Subject, resource: DataResource, version: int) -> None:
    """Take a submission back. Raises ``NotPossibleNow`` or ``PreconditionFailed``."""
    check(resource, RECALL, version)
    resource.consenter_id = None
    take(session, subject, resource, RECALL, version)


def throw_away(session: Session, subject: Subject, resource: DataResource, version: int) -> None:
    """Remove a working copy, or a draft that was never reviewed, with what is attached to it.

    Raises ``NotPossibleNow``, ``PreconditionFailed`` or ``Reviewed``.
    """
    check(resource, DISCARD, version)
    _remove_attached(session, subject, resource)
    why = {"working_copy": resource.copy_of is not None}
    take(session, subject, resource, DISCARD, version, why=why)
    negative.drop(session, subject, resource)
    repository.delete(session, resource)


def drop(session: Session, subject: Subject, entry: DataResource) -> None:
    """Remove the working copy of an entry (locked) that is taken down, wherever it stands."""
    copy = resources.working_copy(session, entry, lock=True)
    if copy is not None:
        _remove_attached(session, subject, copy)
        repository.delete(session, copy)


def _remove_attached(session: Session, subject: Subject, resource: DataResource) -> None:
    gone = repository.delete_attachments(session, resource)
    _tell(session, subject, Event.ATTACHMENT_REMOVED, resource.code, gone)
    if gone:
        enqueue(session, REMOVE_UPLOADS, attachment_ids=[str(each.id) for each in gone])


def _tell(
    session: Session, subject: Subject, event: Event, code: str, rows: Sequence[Attachment]
) -> None:
    """Attached data is a thing of its own in the trail: whatever becomes of it is told of it."""
    for row in rows:
        obj = ObjectRef("Attachment", str(row.id), row.version)
        append(session, subject, event, stream=code, obj=obj)


def put_in_place(session: Session, subject: Subject, copy: DataResource) -> DataResource:
    """The entry (locked), which says what its working copy said; the copy is gone. Nothing else
    changes a published entry, and it stays published all the while.

    The version is raised first: between that and the publication the items may change. Who brought
    new rows to the version before is no writer of this one.
    """
    entry = resources.by_id(session, copy.entry_id)
    said = copy.model_dump(exclude=set(_OWN - {"registrar_id", "consented_at"}))
    items = resources.items_of(session, copy.id)
    moved = repository.move_attachments(session, copy)
    _tell(session, subject, Event.ATTACHMENT_MOVED, copy.code, moved)
    repository.delete(session, copy)
    entry.published_version += 1
    entry.writer_ids = []
    session.flush()
    _merge(session, entry, items)
    for name, value in said.items():
        setattr(entry, name, value)
    entry.version, entry.updated_at = max(entry.version, copy.version), now()
    session.flush()
    return entry


def _merge(session: Session, entry: DataResource, items: Sequence[ResourceItem]) -> None:
    """Items that were published stay the same ones; what is left out is kept aside."""
    present: dict[UUID, ResourceItem] = {
        row.id: row for row in resources.items_of(session, entry.id)
    }
    for item in items:
        said: dict[str, Any] = item.model_dump(exclude=set(_OWN_OF_ITEM))
        row = present.pop(item.identity, None)
        if row is None:
            row = ResourceItem(id=item.id, resource_id=entry.id, **said)
        for name, value in said.items():
            setattr(row, name, value)
        session.add(row)
    for row in present.values():
        row.removed_in = entry.published_version
    session.flush()
