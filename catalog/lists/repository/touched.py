"""About which entries something happened between two moments that a list of items tells."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, col

from catalog.editions.models import Edition
from catalog.elements.models import DataElement
from catalog.negative.models import NegativeCover, NegativeEntry
from catalog.publication.models import Publication
from catalog.resources.models import DataResource, ResourceItem
from catalog.sources.models import SourceClaim
from shuqiao.clock import day_of


def touched(session: Session, before: datetime, after: datetime) -> frozenset[UUID]:
    """Published or taken down, struck or released, its data mounted or ended, or the source of one
    of its elements named or ended. Of every other entry both states of a list say the same.
    """
    first, last = sorted((before, after))
    found = sql.union(
        sql.select(col(Publication.resource_id)).where(
            _within(Publication.published_at, first, last)
        ),
        sql.select(col(DataResource.id)).where(_within(DataResource.taken_down_at, first, last)),
        sql.select(col(Edition.resource_id)).where(
            or_(*(_within(at, first, last) for at in (Edition.current_from, Edition.ended_at)))
        ),
        _struck(first, last),
        _sourced(first, last),
    )
    return frozenset(session.execute(found).scalars())


def _struck(first: datetime, last: datetime) -> Any:
    moments = (NegativeCover.since, NegativeCover.until, NegativeEntry.ended_at)
    is_due = col(NegativeEntry.review_on).between(day_of(first), day_of(last))
    return (
        sql.select(col(ResourceItem.resource_id))
        .join(NegativeCover, col(NegativeCover.item_id) == col(ResourceItem.id))
        .join(NegativeEntry, col(NegativeEntry.id) == col(NegativeCover.entry_id))
        .where(or_(is_due, *(_within(at, first, last) for at in moments)))
    )


def _sourced(first: datetime, last: datetime) -> Any:
    """Days of claims: the first and the last count, whatever the hour of the moments."""
    days = (day_of(first), day_of(last))
    elements = (
        sql.select(col(DataElement.identifier))
        .join(SourceClaim, col(SourceClaim.element_id) == col(DataElement.id))
        .where(
            or_(
                col(SourceClaim.confirmed_on).between(*days),
                col(SourceClaim.ended_on).between(*days),
            )
        )
    )
    item = func.jsonb_array_elements(col(Publication.entry)["items"]).table_valued(
        sql.column("value", JSONB), name="item"
    )
    return (
        sql.select(col(Publication.resource_id))
        .join(item, sql.true())
        .where(item.c.value["element"].astext.in_(elements))
    )


def _within(at: Any, first: datetime, last: datetime) -> ColumnElement[bool]:
    return sql.and_(col(at) > first, col(at) <= last)
