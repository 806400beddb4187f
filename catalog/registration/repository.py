"""Every SQL statement about entries by the system that they come from, and about what they have in
common with what was delivered.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from auth.departments.models import Department
from catalog.editions.models import Edition
from catalog.editions.words import EditionStatus
from catalog.elements.models import DataElement
from catalog.registration.models import ReceivedComparison
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT
from catalog.resources.words import ResourceStatus
from catalog.sources.models import SourceClaim
from catalog.sources.words import ClaimStatus
from shuqiao.clock import now


def of_systems(
    session: Session, provider_id: UUID, systems: Collection[UUID], *, with_unnamed: bool
) -> Sequence[DataResource]:
    """The entries that name one of ``systems``, by code; ``with_unnamed``: those of the provider
    that name none as well.
    """
    named = col(DataResource.system_id).in_(systems)
    unnamed = (col(DataResource.system_id).is_(None)) & (DataResource.provider_id == provider_id)
    query = select(DataResource).where(
        col(DataResource.copy_of).is_(None),
        col(DataResource.status) != ResourceStatus.TAKEN_DOWN,
        or_(named, unnamed) if with_unnamed else named,
    )
    return session.exec(query.order_by(col(DataResource.code))).all()


def covered(session: Session, systems: Collection[UUID]) -> set[UUID]:
    """Those of ``systems`` that have a published entry."""
    query = select(DataResource.system_id).where(
        col(DataResource.system_id).in_(systems),
        col(DataResource.copy_of).is_(None),
        DataResource.status == ResourceStatus.PUBLISHED,
    )
    return {each for each in session.exec(query) if each is not None}


def current_editions(session: Session, entries: Collection[UUID]) -> Mapping[UUID, Edition]:
    """The current edition of each of ``entries`` that has one."""
    query = select(Edition).where(
        col(Edition.resource_id).in_(entries), Edition.status == EditionStatus.CURRENT
    )
    return {each.resource_id: each for each in session.exec(query)}


def with_other_sources(
    session: Session, entries: Collection[UUID], owner_id: UUID
) -> Sequence[tuple[UUID, str, str, str]]:
    """(entry, item, element, department) of items whose element has a source that stands, and not
    ``owner_id`` itself.
    """
    confirmed = SourceClaim.status == ClaimStatus.CONFIRMED
    own = select(SourceClaim.element_id).where(confirmed, SourceClaim.department_id == owner_id)
    query = (
        select(ResourceItem.resource_id, ResourceItem.name, DataElement.name, Department.name)
        .join(DataElement, col(DataElement.id) == ResourceItem.element_id)
        .join(SourceClaim, col(SourceClaim.element_id) == DataElement.id)
        .join(Department, col(Department.id) == SourceClaim.department_id)
        .where(
            col(ResourceItem.resource_id).in_(entries),
            PRESENT,
            confirmed,
            col(DataElement.id).not_in(own),
        )
        .order_by(col(ResourceItem.position), col(Department.code))
    )
    return session.exec(query).all()


def comparison(session: Session, resource_id: UUID) -> ReceivedComparison | None:
    return session.get(ReceivedComparison, resource_id)


def keep_comparison(
    session: Session,
    resource_id: UUID,
    fingerprint: str,
    compared: int,
    left_out: int,
    found: Sequence[Mapping[str, Any]],
) -> None:
    """The last one takes the place of the one before; of a draft that is gone nothing is kept."""
    if session.get(DataResource, resource_id) is None:
        return
    said = {
        "fingerprint": fingerprint,
        "compared": compared,
        "left_out": left_out,
        "found": list(found),
        "compared_at": now(),
    }
    row = insert(ReceivedComparison).values(resource_id=resource_id, **said)
    session.exec(row.on_conflict_do_update(index_elements=["resource_id"], set_=said))
