"""What is struck: the covers of published items, and what lies inside an entry's reach."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, text
from sqlmodel import Session, col, select

from catalog.negative.models import NegativeCover, NegativeEntry, NegativeTarget
from catalog.negative.words import LIVE
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT
from catalog.resources.words import ResourceStatus
from shuqiao.db import column

#: Whether the item whose id is ``item_id`` is struck now, for use inside SQL text:
#: ``COVERED.format(item_id="granted_item.item_id")``.
COVERED: Final = (
    "EXISTS (SELECT FROM negative_cover AS struck"
    " WHERE struck.item_id = {item_id} AND struck.until IS NULL)"
)
#: What strikes items comes into force, and what may be struck is published, one after the other:
#: by department, and alone where it reaches every department.
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(8091415, hashtext(:department))")
_BESIDE_OTHERS: Final = text("SELECT pg_advisory_xact_lock_shared(8091415, 0)")
_ALONE: Final = text("SELECT pg_advisory_xact_lock(8091415, 0)")


class Struck(NamedTuple):
    """A published item with its entry of the catalogue."""

    item: ResourceItem
    resource: DataResource


def covered(item_id: Any) -> ColumnElement[bool]:
    """The same as ``COVERED`` for a statement that is built."""
    return exists().where(column(NegativeCover.item_id) == item_id, _OPEN)


def covers_of(session: Session, item_ids: Collection[UUID]) -> dict[UUID, list[NegativeEntry]]:
    """The entries by which each of these published items is struck now, the oldest first; what is
    not struck is not in it.
    """
    query = (
        select(NegativeCover.item_id, NegativeEntry)
        .join(NegativeEntry, col(NegativeEntry.id) == col(NegativeCover.entry_id))
        .where(col(NegativeCover.item_id).in_(item_ids), _OPEN)
        .order_by(col(NegativeEntry.entry_no))
    )
    found: dict[UUID, list[NegativeEntry]] = {}
    for item_id, entry in session.exec(query):
        found.setdefault(item_id, []).append(entry)
    return found


def queue(session: Session, department_id: UUID, *, is_alone: bool = False) -> None:
    """Wait until nobody else publishes in the department or puts an entry of it in force, until
    this transaction ends; ``is_alone``: in any department.

    Taken before it is looked what is struck, so that the second one sees what the first one did.
    """
    session.connection().execute(_ALONE if is_alone else _BESIDE_OTHERS)
    session.connection().execute(_ONE_AT_A_TIME, {"department": str(department_id)})


def targets(
    session: Session, entry_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[NegativeTarget]]:
    """What each entry names, in the order in which it was written down."""
    query = select(NegativeTarget).where(col(NegativeTarget.entry_id).in_(entry_ids))
    found: dict[UUID, list[NegativeTarget]] = {each: [] for each in entry_ids}
    for row in session.exec(query.order_by(col(NegativeTarget.id))):
        found[row.entry_id].append(row)
    return found


def elements_of(session: Session, item_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The element to which each of these items is bound, of those that are."""
    query = select(ResourceItem.id, ResourceItem.element_id).where(
        col(ResourceItem.id).in_(item_ids), col(ResourceItem.element_id).is_not(None)
    )
    return {item_id: element_id for item_id, element_id in session.exec(query) if element_id}


def live_entries(session: Session, department_id: UUID) -> Sequence[NegativeEntry]:
    """The entries that act in a department: its own, and those that reach all."""
    query = select(NegativeEntry).where(
        col(NegativeEntry.status).in_(LIVE),
        or_(
            col(NegativeEntry.department_id) == department_id,
            column(NegativeEntry.reaches_all),
        ),
    )
    return session.exec(query.order_by(col(NegativeEntry.entry_no))).all()


def live_about(
    session: Session, skeletons: Collection[str], element_ids: Collection[UUID]
) -> Sequence[tuple[NegativeEntry, NegativeTarget]]:
    """The entries that act anywhere and name one of these, by name or element, with what they
    name; whole resources are no names of items.
    """
    bound = select(ResourceItem.id).where(col(ResourceItem.element_id).in_(element_ids))
    named = and_(
        col(NegativeTarget.resource_id).is_(None),
        or_(
            col(NegativeTarget.skeleton).in_(skeletons),
            col(NegativeTarget.element_id).in_(element_ids),
            col(NegativeTarget.item_id).in_(bound),
        ),
    )
    query = (
        select(NegativeEntry, NegativeTarget)
        .join(NegativeTarget, col(NegativeTarget.entry_id) == col(NegativeEntry.id))
        .where(col(NegativeEntry.status).in_(LIVE), named)
        .order_by(col(NegativeEntry.entry_no), col(NegativeTarget.id))
    )
    return session.exec(query).all()


def covering(
    session: Session, resource_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[NegativeEntry]]:
    """The acting entries that strike an item of each of these published entries now, by entry."""
    query = (
        select(ResourceItem.resource_id, NegativeEntry)
        .join(NegativeCover, col(NegativeCover.item_id) == col(ResourceItem.id))
        .join(NegativeEntry, col(NegativeEntry.id) == col(NegativeCover.entry_id))
        .where(
            col(ResourceItem.resource_id).in_(resource_ids),
            col(NegativeEntry.status).in_(LIVE),
            _OPEN,
        )
        .order_by(col(NegativeEntry.entry_no))
    )
    found: dict[UUID, dict[UUID, NegativeEntry]] = {}
    for resource_id, entry in session.exec(query):
        found.setdefault(resource_id, {})[entry.id] = entry
    return {resource_id: list(entries.values()) for resource_id, entries in found.items()}


def published_items(session: Session, department_id: UUID | None) -> Sequence[Struck]:
    """The items that a department, or every department, has published now."""
    query = (
        select(ResourceItem, DataResource)
        .join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
        .where(PRESENT, column(DataResource.status) == ResourceStatus.PUBLISHED)
        .order_by(col(DataResource.id), col(ResourceItem.position))
    )
    if department_id is not None:
        query = query.where(DataResource.provider_id == department_id)
    return [Struck(*row) for row in session.exec(query)]


def items_of(session: Session, resource_id: UUID) -> Sequence[Struck]:
    """The items that a resource has now."""
    query = (
        select(ResourceItem, DataResource)
        .join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
        .where(PRESENT, DataResource.id == resource_id)
    )
    return [Struck(*row) for row in session.exec(query.order_by(col(ResourceItem.position)))]


def open_covers(
    session: Session, *, entry_id: UUID | None = None, resource_id: UUID | None = None
) -> Sequence[NegativeCover]:
    """The covers that are open, of an entry or of what a resource has published."""
    query = select(NegativeCover).where(_OPEN)
    if entry_id is not None:
        query = query.where(NegativeCover.entry_id == entry_id)
    if resource_id is not None:
        items = select(ResourceItem.id).where(ResourceItem.resource_id == resource_id)
        query = query.where(col(NegativeCover.item_id).in_(items))
    return session.exec(query.order_by(col(NegativeCover.id))).all()


def covered_by(session: Session, entry_id: UUID) -> Sequence[tuple[NegativeCover, Struck]]:
    """Everything that an entry strikes or struck, what it strikes now first."""
    query = (
        select(NegativeCover, ResourceItem, DataResource)
        .join(ResourceItem, col(ResourceItem.id) == col(NegativeCover.item_id))
        .join(DataResource, col(DataResource.id) == col(ResourceItem.resource_id))
        .where(NegativeCover.entry_id == entry_id)
        .order_by(
            col(NegativeCover.until).desc().nulls_first(),
            col(DataResource.code),
            col(ResourceItem.position),
        )
    )
    return [(cover, Struck(item, entry)) for cover, item, entry in session.exec(query)]


def count_open(session: Session, entry_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many items each of these strikes now."""
    query = (
        select(NegativeCover.entry_id, func.count())
        .where(col(NegativeCover.entry_id).in_(entry_ids), _OPEN)
        .group_by(col(NegativeCover.entry_id))
    )
    return dict(session.exec(query).all())


def close(session: Session, covers: Collection[NegativeCover], at: datetime) -> None:
    """Close these covers."""
    for cover in covers:
        cover.until = at
        session.add(cover)
    session.flush()


_OPEN: Final = col(NegativeCover.until).is_(None)
