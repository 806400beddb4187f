"""Which published items follow a data element, and whose they are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    func,
)
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from auth.departments.models import Department
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT, visible_to
from catalog.resources.words import ResourceStatus
from shuqiao.db import column
from shuqiao.subject import Subject


def following(
    session: Session, element_id: UUID, subject: Subject | None = None, *, limit: int | None = None
) -> Sequence[tuple[str, DataResource, ResourceItem]]:
    """Published items that follow a data element, all or those of entries that ``subject`` may
    see, each with the provider's name and its entry; by provider, then entry and place.
    """
    query = (
        select_rows(Department.name, DataResource, ResourceItem)
        .join(DataResource, col(DataResource.provider_id) == col(Department.id))
        .join(ResourceItem, col(ResourceItem.resource_id) == col(DataResource.id))
        .where(*_follows(element_id, subject))
    )
    order = (col(Department.name), col(DataResource.code), col(ResourceItem.position))
    return session.exec(query.order_by(*order).limit(limit)).all()


def count_following(session: Session, element_id: UUID, subject: Subject) -> int:
    """How many they are."""
    query = select_rows(func.count()).select_from(ResourceItem)
    of_these = query.join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
    return session.exec(of_these.where(*_follows(element_id, subject))).one()


def followed_by(session: Session, element_id: UUID) -> Sequence[UUID]:
    """The departments whose published items follow a data element."""
    query = (
        select_rows(DataResource.provider_id)
        .join(ResourceItem, col(ResourceItem.resource_id) == col(DataResource.id))
        .where(*_follows(element_id))
    )
    return session.exec(query.distinct().order_by(col(DataResource.provider_id))).all()


def _follows(element_id: UUID, subject: Subject | None = None) -> list[ColumnElement[bool]]:
    of_element = [
        column(ResourceItem.element_id) == element_id,
        PRESENT,
        column(DataResource.status) == ResourceStatus.PUBLISHED,
    ]
    return of_element if subject is None else [*of_element, visible_to(subject)]
