"""Who follows a data element: the published items that are bound to it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from auth.departments.models import Department
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT, visible_to
from catalog.resources.words import ResourceStatus
from shuqiao.db import column
from shuqiao.subject import Subject


def following(
    session: Session, subject: Subject, element_id: UUID, *, limit: int
) -> Sequence[tuple[str, DataResource, ResourceItem]]:
    """Published items that follow a data element, of entries that ``subject`` may see, each with
    the provider's name and its entry; by provider, then entry and place.
    """
    query = (
        select_rows(Department.name, DataResource, ResourceItem)
        .join(DataResource, col(DataResource.provider_id) == col(Department.id))
        .join(ResourceItem, col(ResourceItem.resource_id) == col(DataResource.id))
        .where(*_follows(subject, element_id))
    )
    order = (col(Department.name), col(DataResource.code), col(ResourceItem.position))
    return session.exec(query.order_by(*order).limit(limit)).all()


def count_following(session: Session, subject: Subject, element_id: UUID) -> int:
    """How many they are."""
    query = select_rows(func.count()).select_from(ResourceItem)
    of_these = query.join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
    return session.exec(of_these.where(*_follows(subject, element_id))).one()


def _follows(subject: Subject, element_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        column(ResourceItem.element_id) == element_id,
        PRESENT,
        column(DataResource.status) == ResourceStatus.PUBLISHED,
        visible_to(subject),
    )
