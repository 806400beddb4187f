"""Which published entries are wanted most: voices of demands, and what an entry is called."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from auth.departments.models import Department
from catalog.demand.models import Demand, DemandVoice
from catalog.lists.repository.lines import of_department
from catalog.lists.schemas import Scope
from catalog.resources.models import DataResource
from catalog.resources.repository import visible_to
from catalog.resources.words import ResourceStatus
from shuqiao.subject import Subject


def voices(session: Session, begins: datetime, ends: datetime) -> Mapping[UUID, int]:
    """How many departments said in a span of time that they need what an entry serves."""
    query = (
        select(Demand.resource_id, func.count())
        .select_from(DemandVoice)
        .join(Demand, col(Demand.id) == col(DemandVoice.demand_id))
        .where(
            col(Demand.resource_id).is_not(None),
            col(DemandVoice.filed_as_id).in_(
                select(Demand.id).where(col(Demand.filed_at) >= begins, col(Demand.filed_at) < ends)
            ),
        )
        .group_by(col(Demand.resource_id))
    )
    return {resource_id: count for resource_id, count in session.exec(query) if resource_id}


def entries(
    session: Session, subject: Subject, ids: Collection[UUID], scope: Scope
) -> Sequence[tuple[DataResource, Department]]:
    """Those of these entries that are published and in scope."""
    query = (
        select(DataResource, Department)
        .join(Department, col(Department.id) == col(DataResource.provider_id))
        .where(
            col(DataResource.id).in_(ids),
            DataResource.status == ResourceStatus.PUBLISHED,
            visible_to(subject),
            *of_department(scope),
        )
    )
    return session.exec(query).all()
