"""Every SQL statement about changes of law or duties."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, or_, select

from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT
from catalog.resources.words import ResourceStatus, SecurityLevel
from catalog.updates.models import CatalogueChange
from catalog.updates.words import UpdateStatus


def by_no(session: Session, no: str, *, lock: bool = False) -> CatalogueChange | None:
    query = select(CatalogueChange).where(CatalogueChange.change_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def of_entry(session: Session, code: str) -> Sequence[CatalogueChange]:
    """The changes that concern an entry, the newest first."""
    query = select(CatalogueChange).where(CatalogueChange.resource_code == code)
    return session.exec(query.order_by(col(CatalogueChange.id).desc())).all()


def open_of_entry(session: Session, code: str) -> Sequence[CatalogueChange]:
    """Those whose update is still owed, locked."""
    query = select(CatalogueChange).where(
        CatalogueChange.resource_code == code, CatalogueChange.status != UpdateStatus.MET
    )
    return session.exec(query.order_by(col(CatalogueChange.id)).with_for_update()).all()


def entries_of(session: Session, provider_id: UUID) -> Sequence[DataResource]:
    """The entries of a department that were not taken down, drafts among them, by code."""
    query = select(DataResource).where(
        DataResource.provider_id == provider_id,
        col(DataResource.copy_of).is_(None),
        col(DataResource.status) != ResourceStatus.TAKEN_DOWN,
    )
    return session.exec(query.order_by(col(DataResource.code))).all()


def sensitive(session: Session, entries: Collection[UUID]) -> set[UUID]:
    """Those of ``entries`` with personal information, or important or core data."""
    levels = (SecurityLevel.IMPORTANT, SecurityLevel.CORE)
    by_item = select(ResourceItem.resource_id).where(
        col(ResourceItem.resource_id).in_(entries),
        PRESENT,
        or_(col(ResourceItem.is_personal), col(ResourceItem.security_level).in_(levels)),
    )
    whole = select(DataResource.id).where(
        col(DataResource.id).in_(entries), col(DataResource.security_level).in_(levels)
    )
    return {*session.exec(by_item), *session.exec(whole)}
