"""Every SQL statement about share requests."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from auth.visibility import visible
from catalog.resources.lifecycle import AttachmentStatus
from catalog.resources.models import Attachment, DataResource, ResourceItem
from exchange.requests.lifecycle import RequestStatus
from exchange.requests.models import RequestedItem, ShareRequest
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_COLUMNS: dict[str, Any] = {
    "consumer": column(ShareRequest.consumer_id),
    "provider": column(ShareRequest.provider_id),
    "status": column(ShareRequest.status),
    "applicant": column(ShareRequest.applicant_id),
}


def visible_to(subject: Subject) -> Any:
    """The rows the single check would show: the same rule, compiled to SQL."""
    return visible(Action.REQUEST_READ, subject, _COLUMNS)


def by_no(session: Session, request_no: str, *, lock: bool = False) -> ShareRequest | None:
    query = select(ShareRequest).where(ShareRequest.request_no == request_no)
    return session.exec(query.with_for_update() if lock else query).first()


def page(
    session: Session, subject: Subject, wanted: PageRequest, status: RequestStatus | None = None
) -> tuple[Sequence[ShareRequest], str | None]:
    """One page of what ``subject`` may see, newest first."""
    query = select(ShareRequest).where(visible_to(subject))
    if status is not None:
        query = query.where(ShareRequest.status == status)
    rows = session.exec(wanted.keyset(query, column(ShareRequest.id), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.id,))


def items(session: Session, request: ShareRequest) -> Sequence[ResourceItem]:
    """The requested items in the order of the request."""
    query = (
        select(ResourceItem)
        .join(RequestedItem, col(RequestedItem.item_id) == ResourceItem.id)
        .where(RequestedItem.request_id == request.id)
        .order_by(col(RequestedItem.position))
    )
    return session.exec(query).all()


def resource(session: Session, resource_id: UUID) -> DataResource:
    return session.get_one(DataResource, resource_id)


def resource_by_code(session: Session, code: str) -> DataResource | None:
    return session.exec(select(DataResource).where(DataResource.code == code)).first()


def items_of(session: Session, resource_id: UUID) -> Sequence[ResourceItem]:
    """All items of a resource in their order."""
    query = select(ResourceItem).where(ResourceItem.resource_id == resource_id)
    return session.exec(query.order_by(col(ResourceItem.position))).all()


def snapshot_id(session: Session, resource_id: UUID) -> str | None:
    """The snapshot stored last for a resource, if it has data."""
    query = select(Attachment.snapshot_id).where(
        Attachment.resource_id == resource_id, Attachment.status == AttachmentStatus.STORED
    )
    return session.exec(query.order_by(col(Attachment.stored_at).desc()).limit(1)).first()
