"""Every SQL statement about the drafts of a department whose items follow no element yet."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.resources.lifecycle import EDIT
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT


def with_unbound(session: Session, department_id: UUID) -> Sequence[DataResource]:
    """Drafts and working copies of the department that have such an item, by code."""
    unbound = select(ResourceItem.id).where(
        col(ResourceItem.resource_id) == col(DataResource.id),
        col(ResourceItem.element_id).is_(None),
        PRESENT,
    )
    query = _in_work(department_id).where(unbound.exists())
    return session.exec(query.order_by(col(DataResource.code))).all()


def named(session: Session, department_id: UUID, codes: Collection[str]) -> dict[str, DataResource]:
    """What is worked on under these codes, by code; locked in the order of the codes."""
    query = _in_work(department_id).where(col(DataResource.code).in_(codes))
    rows = session.exec(query.order_by(col(DataResource.code)).with_for_update()).all()
    return {row.code: row for row in rows}


def _in_work(department_id: UUID) -> SelectOfScalar[DataResource]:
    states = [state.status for state in EDIT.at]
    return select(DataResource).where(
        DataResource.provider_id == department_id, col(DataResource.status).in_(states)
    )
