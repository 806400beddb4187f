"""Every SQL statement about attached data."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, func, select

from catalog.attachments.models import Attachment
from catalog.attachments.words import AttachmentStatus

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
