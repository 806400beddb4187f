"""Every SQL statement about attached data."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, or_, text, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, delete, func, select, update

from catalog.attachments.models import Attachment, ReservedRoom, StoredSnapshot
from catalog.attachments.words import AttachmentStatus
from catalog.resources.models import DataResource
from shuqiao.ids import uuid7

_HAS_CELLS: Final = text(
    "(attachment.preview -> 'rows' <> '[]' OR coalesce(attachment.preview -> 'head', '[]') <> '[]'"
    " OR jsonb_path_exists(attachment.preview, '$.columns[*].samples[*]')"
    " OR jsonb_path_exists(attachment.preview, '$.readings[*].values[*]'))"
)
_HOLD: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def hold_snapshot(session: Session, snapshot_id: str) -> None:
    """Whoever stores these rows, or removes them, is alone with them until the commit."""
    session.connection().execute(_HOLD, {"name": f"snapshot:{snapshot_id}"})


def attachments_of_all(
    session: Session, resource_ids: Iterable[UUID]
) -> dict[UUID, list[Attachment]]:
    """The attached files of several resources, newest first, without what was found in them."""
    query = select(Attachment).where(col(Attachment.resource_id).in_(set(resource_ids)))
    without_content = query.options(
        defer(_attribute(Attachment.preview)), defer(_attribute(Attachment.options))
    )
    found: dict[UUID, list[Attachment]] = {}
    for row in session.exec(
        without_content.order_by(col(Attachment.created_at).desc(), col(Attachment.id).desc())
    ):
        found.setdefault(row.resource_id, []).append(row)
    return found


def attachments_of(session: Session, resource_id: UUID) -> Sequence[Attachment]:
    """The attached files, newest first."""
    query = select(Attachment).where(Attachment.resource_id == resource_id)
    return session.exec(
        query.order_by(col(Attachment.created_at).desc(), col(Attachment.id).desc())
    ).all()


def attachment(session: Session, resource_id: UUID, attachment_id: UUID) -> Attachment | None:
    query = select(Attachment).where(
        Attachment.resource_id == resource_id, Attachment.id == attachment_id
    )
    return session.exec(query).first()


def attachment_by_id(session: Session, attachment_id: UUID) -> Attachment | None:
    return session.get(Attachment, attachment_id)


def among(session: Session, ids: Collection[UUID]) -> Sequence[Attachment]:
    """The attachments ``ids``; without any nothing is asked."""
    return session.exec(select(Attachment).where(col(Attachment.id).in_(ids))).all() if ids else ()


def current_attachment(session: Session, resource_id: UUID) -> Attachment | None:
    """The file stored last: its snapshot is the resource's data."""
    query = select(Attachment).where(
        Attachment.resource_id == resource_id, Attachment.status == AttachmentStatus.STORED
    )
    newest = (col(Attachment.stored_at).desc(), col(Attachment.id).desc())
    return session.exec(query.order_by(*newest)).first()


def with_cells(session: Session, before: datetime, limit: int) -> Sequence[Attachment]:
    """Attachments that are over since before ``before`` and whose previews still show cells, the
    oldest first; those that somebody works on are passed over.
    """
    query = select(Attachment).where(
        col(Attachment.status) != AttachmentStatus.CONFIRMED,
        func.coalesce(Attachment.stored_at, Attachment.created_at) < before,
        _HAS_CELLS,
    )
    oldest = query.order_by(col(Attachment.created_at), col(Attachment.id)).limit(limit)
    return session.exec(oldest.with_for_update(skip_locked=True)).all()


def is_over(row: Attachment, before: datetime) -> bool:
    """Whether nothing more is made of its file: it was stored, or nobody confirmed it, before."""
    is_waiting = row.status is AttachmentStatus.CONFIRMED
    return not is_waiting and (row.stored_at or row.created_at) < before


def _attribute(attribute: Any) -> QueryableAttribute[Any]:
    """A mapped attribute as the ORM's options want it."""
    return cast("QueryableAttribute[Any]", attribute)


def hold_room(session: Session, department_id: UUID) -> None:
    """Whoever takes room for a department is alone with its count until the commit."""
    session.connection().execute(_HOLD, {"name": f"room:{department_id}"})


def snapshot_bytes(session: Session, department_id: UUID | None = None) -> Mapping[UUID, int]:
    """Bytes of the snapshots that data of a department, or of each, has; one that several of its
    editions share counts once.
    """
    named = (
        select(DataResource.provider_id, Attachment.snapshot_id)
        .join(Attachment, col(Attachment.resource_id) == col(DataResource.id))
        .where(col(Attachment.snapshot_id).is_not(None), _of(department_id))
        .distinct()
        .subquery()
    )
    query = select(named.c.provider_id, func.sum(StoredSnapshot.bytes)).join(
        StoredSnapshot, col(StoredSnapshot.snapshot_id) == named.c.snapshot_id
    )
    return {each: int(size) for each, size in session.exec(query.group_by(named.c.provider_id))}


def upload_bytes(
    session: Session, before: datetime, department_id: UUID | None = None
) -> Mapping[UUID, int]:
    """Bytes of the files that departments attached and that are not over ``before``."""
    is_needed = or_(
        col(Attachment.status) == AttachmentStatus.CONFIRMED,
        func.coalesce(Attachment.stored_at, Attachment.created_at) >= before,
    )
    query = (
        select(DataResource.provider_id, func.sum(Attachment.bytes))
        .join(Attachment, col(Attachment.resource_id) == col(DataResource.id))
        .where(is_needed, _of(department_id))
    )
    return {
        each: int(size)
        for each, size in session.exec(query.group_by(col(DataResource.provider_id)))
    }


def arriving_bytes(session: Session, department_id: UUID | None = None) -> Mapping[UUID, int]:
    """Bytes that departments' uploads under way may still bring."""
    query = select(ReservedRoom.department_id, func.sum(ReservedRoom.bytes)).where(
        col(ReservedRoom.until) > func.clock_timestamp()
    )
    if department_id is not None:
        query = query.where(ReservedRoom.department_id == department_id)
    rows = session.exec(query.group_by(col(ReservedRoom.department_id)))
    return {each: int(size) for each, size in rows}


def _of(department_id: UUID | None) -> ColumnElement[bool]:
    return true() if department_id is None else col(DataResource.provider_id) == department_id


def has_snapshot(session: Session, department_id: UUID, snapshot_id: str) -> bool:
    """Whether data of the department has these rows already, so that they take no more room."""
    query = (
        select(Attachment.id)
        .join(DataResource, col(DataResource.id) == col(Attachment.resource_id))
        .join(StoredSnapshot, col(StoredSnapshot.snapshot_id) == col(Attachment.snapshot_id))
        .where(Attachment.snapshot_id == snapshot_id, _of(department_id))
    )
    return session.exec(query.limit(1)).first() is not None


def note_snapshot(session: Session, snapshot_id: str, size: int) -> None:
    """A snapshot takes so much room from now on."""
    noted = insert(StoredSnapshot).values(snapshot_id=snapshot_id, bytes=size)
    anew = noted.on_conflict_do_update(index_elements=["snapshot_id"], set_={"bytes": size})
    session.connection().execute(anew)


def forget_snapshot(session: Session, snapshot_id: str) -> None:
    session.exec(delete(StoredSnapshot).where(col(StoredSnapshot.snapshot_id) == snapshot_id))


def unmeasured(session: Session, limit: int) -> Sequence[str]:
    """Up to ``limit`` stored snapshots of which nobody wrote down how large they are."""
    is_known = select(StoredSnapshot).where(
        col(StoredSnapshot.snapshot_id) == col(Attachment.snapshot_id)
    )
    query = select(Attachment.snapshot_id).where(
        col(Attachment.snapshot_id).is_not(None), ~is_known.exists()
    )
    return [each for each in session.exec(query.distinct().limit(limit)) if each is not None]


def reserve(session: Session, department_id: UUID, size: int, lasts: timedelta) -> UUID:
    """Note room for an upload; what killed processes left of the department goes."""
    session.exec(
        delete(ReservedRoom).where(
            col(ReservedRoom.department_id) == department_id,
            col(ReservedRoom.until) <= func.clock_timestamp(),
        )
    )
    identity = uuid7()
    until = func.clock_timestamp() + lasts
    noted = insert(ReservedRoom).values(
        id=identity, department_id=department_id, bytes=size, until=until
    )
    session.connection().execute(noted)
    return identity


def reserve_more(session: Session, room_id: UUID, size: int) -> None:
    more = update(ReservedRoom).where(col(ReservedRoom.id) == room_id)
    session.exec(more.values(bytes=ReservedRoom.bytes + size))


def give_back(session: Session, room_id: UUID) -> None:
    """What was reserved is counted otherwise, or not at all. Can be repeated."""
    session.exec(delete(ReservedRoom).where(col(ReservedRoom.id) == room_id))
