"""What deliveries say of use: how often what was fetched, and what reached whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, literal, or_, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from auth.departments.models import Department
from catalog.resources.models import ResourceItem
from exchange.deliveries.models import Delivery
from exchange.deliveries.words import DeliveryStatus
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.requests.models import ShareRequest
from shuqiao.db import column


def use_by_grant(
    session: Session, grant_ids: Sequence[UUID]
) -> Sequence[tuple[UUID, int, int, datetime]]:
    """Grant, number of deliveries, rows that left, start of the last one;
    grants never used are not in it.
    """
    query = (
        select(
            Delivery.grant_id,
            func.count(),
            func.coalesce(func.sum(Delivery.rows), 0),
            func.max(Delivery.started_at),
        )
        .where(col(Delivery.grant_id).in_(grant_ids))
        .group_by(col(Delivery.grant_id))
    )
    rows: Sequence[Any] = session.connection().execute(query).all()
    return rows


def used_between(
    session: Session, begins: datetime, ends: datetime
) -> Sequence[tuple[UUID, int, int, int, int]]:
    """Of each entry how many requests were submitted, by how many departments, how many grants were
    issued and how many deliveries finished in a span of time; what was not asked for is not in it.
    """
    finished = (
        _used(ShareGrant.resource_id, Delivery.consumer_id, "delivery")
        .join(ShareGrant, col(ShareGrant.id) == col(Delivery.grant_id))
        .where(col(Delivery.status) == DeliveryStatus.FINISHED)
    )
    used = union_all(
        _used(ShareRequest.resource_id, ShareRequest.consumer_id, "request").where(
            _within(ShareRequest.submitted_at, begins, ends)
        ),
        _used(ShareGrant.resource_id, ShareGrant.consumer_id, "grant").where(
            _within(ShareGrant.issued_at, begins, ends)
        ),
        finished.where(_within(Delivery.started_at, begins, ends)),
    ).subquery()
    requests, grants, deliveries = (
        func.count().filter(used.c.what == what) for what in ("request", "grant", "delivery")
    )
    departments = func.count(used.c.consumer_id.distinct())
    query = select_columns(used.c.resource_id, requests, departments, grants, deliveries)
    rows: Sequence[Any] = session.execute(query.group_by(used.c.resource_id)).all()
    return rows


def _used(resource_id: Any, consumer_id: Any, what: str) -> Any:
    return select_columns(
        column(resource_id).label("resource_id"),
        column(consumer_id).label("consumer_id"),
        literal(what).label("what"),
    )


def _within(at: Any, begins: datetime, ends: datetime) -> Any:
    return and_(column(at) >= begins, column(at) < ends)


def received_by(session: Session, consumer_id: UUID) -> Sequence[Any]:
    """Every item of which rows reached a department: (granted item, grant, element, provider's name
    and code, first day), by grant and place.
    """
    query = (
        select_columns(
            GrantedItem,
            ShareGrant,
            col(ResourceItem.element_id),
            col(Department.name),
            col(Department.code),
            func.min(Delivery.started_at),
        )
        .join(ShareGrant, col(ShareGrant.id) == col(GrantedItem.grant_id))
        .join(Delivery, col(Delivery.grant_id) == col(ShareGrant.id))
        .join(ResourceItem, col(ResourceItem.id) == col(GrantedItem.item_id))
        .join(Department, col(Department.id) == col(ShareGrant.provider_id))
        .where(
            col(Delivery.consumer_id) == consumer_id,
            column(Delivery.columns).has_key(col(GrantedItem.name)),
            or_(col(Delivery.status) == DeliveryStatus.FINISHED, col(Delivery.rows) > 0),
        )
        .group_by(
            col(GrantedItem.id),
            col(ShareGrant.id),
            col(ResourceItem.element_id),
            col(Department.name),
            col(Department.code),
        )
        .order_by(col(ShareGrant.grant_no), col(GrantedItem.position))
    )
    return session.execute(query).all()


def delivered_columns(session: Session, consumer_id: UUID) -> Sequence[Any]:
    """Every item and snapshot of which rows reached a department: (granted item, grant, provider's
    name, snapshot, edition, last delivery), the newest first.
    """
    last = func.max(Delivery.delivery_no)
    rows_of = (GrantedItem.id, ShareGrant.id, Department.name, Delivery.snapshot_id)
    query = (
        select_columns(
            GrantedItem,
            ShareGrant,
            col(Department.name),
            col(Delivery.snapshot_id),
            func.max(Delivery.edition_no),
            last,
        )
        .join(ShareGrant, col(ShareGrant.id) == col(GrantedItem.grant_id))
        .join(Delivery, col(Delivery.grant_id) == col(ShareGrant.id))
        .join(Department, col(Department.id) == col(ShareGrant.provider_id))
        .where(
            col(Delivery.consumer_id) == consumer_id,
            column(Delivery.columns).has_key(col(GrantedItem.name)),
            or_(col(Delivery.status) == DeliveryStatus.FINISHED, col(Delivery.rows) > 0),
        )
        .group_by(*(column(each) for each in rows_of))
        .order_by(last.desc(), col(GrantedItem.position))
    )
    return session.execute(query).all()
