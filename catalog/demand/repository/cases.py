"""Demands with their items, voices and answers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, select

from auth.visibility import Columns, visible
from catalog.demand.models import Demand, DemandAnswer, DemandItem, DemandVoice
from catalog.demand.words import ENDED, DemandStatus, Queue
from catalog.resources.models import DataResource, ResourceItem
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: What the rule of reading asks of a row.
FACTS: Final[Columns] = {"parties": column(Demand.party_ids)}


def visible_to(subject: Subject) -> ColumnElement[bool]:
    """The demands that the single check would show."""
    return visible(Action.DEMAND_READ, subject, FACTS)


def by_no(session: Session, no: str, *, lock: bool = False) -> Demand | None:
    query = select(Demand).where(Demand.demand_no == no.strip().upper())
    return session.exec(query.with_for_update() if lock else query).first()


def by_id(session: Session, demand_id: UUID) -> Demand:
    return session.get_one(Demand, demand_id)


def two_locked(session: Session, one: UUID, other: UUID) -> dict[UUID, Demand]:
    """Both as they are now, locked in one order, so that nobody waits in a circle."""
    query = select(Demand).where(col(Demand.id).in_({one, other})).order_by(col(Demand.demand_no))
    rows = session.exec(query.with_for_update().execution_options(populate_existing=True)).all()
    return {row.id: row for row in rows}


def page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    status: DemandStatus | None = None,
    queue: Queue | None = None,
) -> tuple[Sequence[Demand], str | None]:
    """One page of those that ``subject`` may read, the newest first."""
    query = select(Demand).where(visible_to(subject))
    if status is not None:
        query = query.where(Demand.status == status)
    if queue is not None:
        query = query.where(_queued(subject, queue))
    number = column(Demand.demand_no)
    rows = session.exec(wanted.keyset(query, number, descending=True)).all()
    return wanted.cut(rows, lambda row: (row.demand_no,))


def _queued(subject: Subject, queue: Queue) -> ColumnElement[bool]:
    if queue is Queue.MINE:
        return column(Demand.voice_ids).contains([subject.department_id])
    if queue is Queue.TO_ANSWER:
        open_ones = col(Demand.status).in_((DemandStatus.FILED, DemandStatus.CLAIMED))
        return and_(open_ones, col(Demand.provider_id) == subject.department_id)
    return col(Demand.status).in_((DemandStatus.FILED, DemandStatus.CONTESTED))


def count(session: Session, subject: Subject, queue: Queue) -> int:
    query = select(func.count()).select_from(Demand)
    query = query.where(visible_to(subject), _queued(subject, queue))
    if queue is Queue.MINE:
        query = query.where(col(Demand.status).not_in(ENDED))
    return session.exec(query).one()


def held_by(session: Session, department_id: UUID) -> Sequence[Demand]:
    """Those under way that carry a voice of a department."""
    return _under_way(session, column(Demand.voice_ids).contains([department_id]))


def asked_of(session: Session, department_id: UUID) -> Sequence[Demand]:
    """Those under way that a department answers, or is proposed for."""
    return _under_way(session, col(Demand.provider_id) == department_id)


def _under_way(session: Session, which: ColumnElement[bool]) -> Sequence[Demand]:
    query = select(Demand).where(which, col(Demand.status).not_in(ENDED))
    return session.exec(query.order_by(col(Demand.demand_no))).all()


def items_of(session: Session, demand_ids: Collection[UUID]) -> Sequence[DemandItem]:
    query = select(DemandItem).where(col(DemandItem.demand_id).in_(demand_ids))
    order = (col(DemandItem.demand_id), col(DemandItem.position))
    return session.exec(query.order_by(*order)).all()


def voices_of(session: Session, demand_id: UUID) -> Sequence[DemandVoice]:
    """Every voice it carries, the first to be filed first; those that left too."""
    query = select(DemandVoice).where(DemandVoice.demand_id == demand_id)
    return session.exec(query.order_by(col(DemandVoice.filed_as))).all()


def answers_of(session: Session, demand_id: UUID) -> Sequence[DemandAnswer]:
    query = select(DemandAnswer).where(DemandAnswer.demand_id == demand_id)
    return session.exec(query.order_by(col(DemandAnswer.position))).all()


def merged_into(session: Session, demand_id: UUID) -> Sequence[str]:
    """Numbers of the demands that go on under this one."""
    query = select(Demand.demand_no).where(Demand.into_id == demand_id)
    return session.exec(query.order_by(col(Demand.demand_no))).all()


def item_named(session: Session, item_id: UUID) -> tuple[ResourceItem, DataResource] | None:
    """An item of a published entry, with the entry."""
    query = (
        select(ResourceItem, DataResource)
        .join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
        .where(ResourceItem.id == item_id, DataResource.status == "published")
    )
    row = session.exec(query).first()
    return (row[0], row[1]) if row else None


def codes(session: Session, resource_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Code and title of entries, by id."""
    query = select(DataResource.id, DataResource.code, DataResource.title)
    rows = session.exec(query.where(col(DataResource.id).in_(resource_ids))).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def fallen_due(session: Session, on: date) -> Sequence[Demand]:
    """Those whose promised day is here, locked; what another sweeper holds is passed over."""
    query = select(Demand).where(
        Demand.status == DemandStatus.COLLECTING, col(Demand.collect_by) <= on
    )
    return session.exec(
        query.order_by(col(Demand.demand_no)).with_for_update(skip_locked=True)
    ).all()
