"""A connected table of which no row is stored (实时数据) is measured against the declared coverage
when it becomes the data of an entry: counted by its own database, up to a limit, nothing is read.

Every delivery keeps to the coverage whatever is found; the entry's page says what lies outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.attachments.service.tables import data_schema, relation_to_read
from catalog.editions import repository
from catalog.editions.checks import coverage_parts
from catalog.editions.models import Edition
from catalog.editions.schemas import CoverageFinding, LiveProfile
from catalog.editions.service.editions import locked
from catalog.resources import repository as resources
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.connectors.live import LiveRelation, RelationChanged
from shuqiao.arrow.connectors.postgres import MOST_COUNTED
from shuqiao.arrow.terms.filters import Filter, filter_items
from shuqiao.clock import now
from shuqiao.subject import Subject

__all__ = ["Order", "examined", "noted", "ordered"]
_FAILED: Final = "relation_changed"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of which database; ``columns``: the stored column by item id."""

    edition_id: UUID
    relation: LiveRelation | None
    cause: str
    conditions: Mapping[str, Filter]
    columns: Mapping[str, str]


def ordered(session: Session, edition_id: UUID) -> Order | None:
    """What is to be counted. None for stored data, where nothing is declared that names an item,
    and once it was done.
    """
    edition = repository.by_id(session, edition_id)
    if edition.live_id is None or edition.profile is not None:
        return None
    resource = resources.by_id(session, edition.resource_id)
    items = resources.items_of(session, resource.id)
    schema = data_schema(session, snapshot_id=None, live_id=edition.live_id)
    conditions = coverage_parts(resource.coverage, items, schema)
    if not conditions:
        return None
    asked = {item for tree in conditions.values() for item, _type in filter_items(tree)}
    columns = {str(item.id): item.column_name for item in items if str(item.id) in asked}
    relation, cause = None, ""
    try:
        relation = relation_to_read(session, edition.live_id)
    except ConnectorFailed as failed:
        cause = str(failed.facts["cause"])
    return Order(edition.id, relation, cause, conditions, columns)


def examined(order: Order) -> LiveProfile:
    """What the database counted, or why it did not; call it without a session."""
    if order.relation is None:
        return LiveProfile(profiled_at=now(), failed=order.cause)
    try:
        counted = order.relation.outside(order.conditions, order.columns)
    except ConnectorFailed as failed:
        return LiveProfile(profiled_at=now(), failed=str(failed.facts["cause"]))
    except RelationChanged:
        return LiveProfile(profiled_at=now(), failed=_FAILED)
    rows, outside, *numbers = counted
    pairs = zip(order.conditions, zip(numbers[::2], numbers[1::2], strict=True), strict=True)
    return LiveProfile(
        profiled_at=now(),
        rows=min(rows, MOST_COUNTED),
        is_capped=rows > MOST_COUNTED,
        outside=outside,
        findings=[
            CoverageFinding(part=part, outside=out, empty=empty)
            for part, (out, empty) in pairs
            if out
        ],
    )


def noted(session: Session, subject: Subject, edition_id: UUID, found: LiveProfile) -> None:
    """Write it down, once."""
    edition: Edition = locked(session, edition_id)
    if edition.profile is not None:
        return
    edition.profile = found.model_dump(mode="json")
    session.add(edition)
    session.flush()
    facts = found.model_dump(mode="json", exclude={"findings", "profiled_at"}, exclude_none=True)
    append(
        session,
        subject,
        Event.EDITION_PROFILED,
        stream=edition.audit_stream(),
        obj=edition.audit_ref(),
        result="error" if found.failed else "allow",
        why={"number": edition.number, **facts},
    )
