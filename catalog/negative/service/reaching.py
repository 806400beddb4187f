"""What lies within the reach of which entry, asked of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from catalog.negative.checks import Held, Reach, struck
from catalog.negative.models import NegativeEntry
from catalog.negative.repository import covers as repository
from catalog.negative.repository.covers import Struck
from catalog.resources.models import DataResource, ResourceItem
from shuqiao.skeletons import skeleton


def reaches(session: Session, entries: Sequence[NegativeEntry]) -> list[Reach]:
    """The entries with what they name."""
    named = repository.targets(session, [each.id for each in entries])
    items = {each.item_id for rows in named.values() for each in rows if each.item_id}
    bound = repository.elements_of(session, items) if items else {}
    return [
        Reach(
            entry,
            named[entry.id],
            [
                bound[each.item_id]
                for each in named[entry.id]
                if each.item_id is not None and each.item_id in bound
            ],
            is_everywhere=entry.reaches_all,
        )
        for entry in entries
    ]


def held(resource: DataResource, items: Sequence[ResourceItem]) -> list[Held]:
    """The items of an entry or of its working copy, as publications know them."""
    return [
        Held(
            item_id=item.identity,
            resource_id=resource.entry_id,
            department_id=resource.provider_id,
            name=item.name,
            element_id=item.element_id,
            title=resource.title,
            category=resource.category,
        )
        for item in items
    ]


def held_rows(rows: Sequence[Struck]) -> list[Held]:
    """The same of published items of many resources."""
    return [each for row in rows for each in held(row.resource, [row.item])]


def live(session: Session, department_id: UUID) -> list[Reach]:
    """The entries that act in a department, with what they name."""
    return reaches(session, repository.live_entries(session, department_id))


def acting(session: Session, rows: Sequence[DataResource]) -> dict[UUID, list[Reach]]:
    """The entries that act on entries of the catalogue or working copies, by row: those of the
    department, and those that strike an item already and are another's. Such an entry of the
    catalogue went over from an ended department; what was struck in it stays so.
    """
    own = {each: live(session, each) for each in {row.provider_id for row in rows}}
    struck_now = repository.covering(session, {row.entry_id for row in rows})
    homes = {home: {each.entry.id for each in of} for home, of in own.items()}
    others = {
        row.id: [
            each
            for each in struck_now.get(row.entry_id, ())
            if each.id not in homes[row.provider_id]
        ]
        for row in rows
    }
    every = {each.id: each for of in others.values() for each in of}
    reach_of = {each.entry.id: each for each in reaches(session, list(every.values()))}
    return {
        row.id: [
            *own[row.provider_id],
            *(replace(reach_of[each.id], is_everywhere=True) for each in others[row.id]),
        ]
        for row in rows
    }


Items = Mapping[UUID, Sequence[ResourceItem]]


def strikes(
    session: Session, rows: Sequence[DataResource], items: Items
) -> dict[UUID, dict[UUID, list[NegativeEntry]]]:
    """The entries in force within whose reach the items of entries or working copies lie, but those
    that the same entry of the catalogue proposed: its next version proposes them anew. By row, then
    by item.
    """
    every = acting(session, rows)
    return {
        row.id: struck(
            [each for each in every[row.id] if each.entry.resource_id != row.entry_id],
            held(row, items.get(row.id, ())),
        )
        for row in rows
    }


def elsewhere(
    session: Session, rows: Sequence[DataResource], items: Items
) -> dict[UUID, dict[UUID, list[NegativeEntry]]]:
    """The entries in force that name the same datum, and whose reach ends before it."""
    looked_at = {row.id: held(row, items.get(row.id, ())) for row in rows}
    every = [item for all_of in looked_at.values() for item in all_of]
    names = {skeleton(each.name) for each in every}
    elements = {each.element_id for each in every if each.element_id}
    named = repository.live_about(session, names, elements)
    entries = {entry.id: entry for entry, _target in named}
    found: dict[UUID, dict[UUID, list[NegativeEntry]]] = {row.id: {} for row in rows}
    for reach in reaches(session, list(entries.values())):
        for row in rows:
            for item in looked_at[row.id]:
                if reach.entry.resource_id != row.entry_id and reach.is_elsewhere(item):
                    found[row.id].setdefault(item.item_id, []).append(reach.entry)
    return found
