"""The elements that the unbound items of an entry are likely to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from catalog.attachments.models import Attachment
from catalog.duplicates.checks.asked import Item
from catalog.duplicates.checks.evidence import Evidence, evidence
from catalog.duplicates.checks.scoring import THRESHOLD, best
from catalog.duplicates.fields import ColumnProfile
from catalog.duplicates.service.prepared import Adopted, prepared
from catalog.duplicates.service.profiling import profiled
from catalog.editions.service.editions import coming
from catalog.resources import repository as resources
from catalog.resources.models import DataResource, ResourceItem


@dataclass(frozen=True, slots=True)
class Proposal:
    """One element for one item. ``score``: 0 … 1, for the order alone."""

    element: Adopted
    score: float
    evidence: Sequence[Evidence]

    @property
    def is_likely(self) -> bool:
        return self.score >= THRESHOLD


@dataclass(frozen=True, slots=True)
class Proposed:
    """An item that follows no element yet, and the best three for it, perhaps none."""

    item: ResourceItem
    proposals: Sequence[Proposal]

    @property
    def likely(self) -> Proposal | None:
        """The one to bind, if the first is likely."""
        first = self.proposals[0] if self.proposals else None
        return first if first is not None and first.is_likely else None


def proposals(session: Session, resource: DataResource) -> list[Proposed]:
    """Of every unbound item, in the order of the entry."""
    return proposals_of(session, [resource])[resource.id]


def proposals_of(session: Session, rows: Sequence[DataResource]) -> Mapping[UUID, list[Proposed]]:
    """The same of several entries, by the id of the row: compared in one go."""
    items = resources.items_of_all(session, [row.id for row in rows])
    unbound = {
        row.id: [item for item in items.get(row.id, ()) if item.element_id is None] for row in rows
    }
    every = [item for row in rows for item in unbound[row.id]]
    if not every:
        return {row.id: [] for row in rows}
    ready = prepared(session)
    data = coming(session, rows)
    asked = [
        as_asked(item, _values(data.get(row.id), item)) for row in rows for item in unbound[row.id]
    ]
    found: list[list[Proposal]] = [[] for _item in every]
    for each in best(ready.standards, asked):
        standard = ready.standards.standards[each.place]
        told = evidence(asked[each.item], standard, each.signals)
        found[each.item].append(Proposal(ready.elements[each.place], each.score, told))
    by_item = {item.id: Proposed(item, told) for item, told in zip(every, found, strict=True)}
    return {row.id: [by_item[item.id] for item in unbound[row.id]] for row in rows}


def _values(data: Attachment | None, item: ResourceItem) -> ColumnProfile | None:
    if data is None or data.snapshot_id is None:
        return None
    return profiled(data.snapshot_id, item.column_name)


def as_asked(item: ResourceItem, values: ColumnProfile | None) -> Item:
    return Item(
        item.name, item.column_name, item.description, item.data_type, values or ColumnProfile()
    )
