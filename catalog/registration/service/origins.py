"""What is known of where the items of entries come from; the click that refers to the source."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from auth.departments.models import Department
from catalog.elements import repository as elements
from catalog.registration.checks.origins import (
    RECEIVED,
    OriginFacts,
    Received,
    Source,
    matched,
)
from catalog.registration.service.bases import listed
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.fields.origin import Origin
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import OriginKind
from catalog.sources import repository as sources
from catalog.sources.checks import CONFLICTS
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject

Pairs = Sequence[tuple[DataResource, ResourceRead]]


def known(session: Session, pairs: Pairs) -> Mapping[UUID, OriginFacts]:
    """What is known of these entries and working copies, by the id of their rows."""
    bound = {item.element for _row, entry in pairs for item in entry.items if item.element}
    ids = elements.ids_by_identifier(session, bound) if bound else {}
    sourced = elements.authoritative(session, bound) if bound else frozenset()
    homes = {
        each.id: each
        for each in departments.of_ids(session, {row.provider_id for row, _entry in pairs})
    }
    at_hand: dict[UUID, tuple[Any, ...]] = {
        home.id: (
            *_sources(session, home, ids),
            RECEIVED.held(session, home.id),
            _first(session, home, {name: ids[name] for name in sourced}),
        )
        for home in homes.values()
    }
    published = resources.items_of_all(
        session, {row.copy_of for row, _entry in pairs if row.copy_of is not None}
    )
    on_list = listed(session, [row for row, _entry in pairs])
    found: dict[UUID, OriginFacts] = {}
    for row, entry in pairs:
        home = homes[row.provider_id]
        named, disputed, received, first = at_hand[home.id]
        found[row.id] = OriginFacts(
            sourced=sourced,
            sources=named,
            own=frozenset(
                name for name, each in named.items() if home.code in {one.code for one in each}
            ),
            conflicts=disputed,
            received=_received(entry, ids, received, named, home),
            listed=on_list[row.id],
            kept=_kept(published.get(row.copy_of, ()) if row.copy_of else ()),
            first=first,
        )
    return found


def _sources(
    session: Session, home: Department, ids: Mapping[str, UUID]
) -> tuple[Mapping[str, Sequence[Source]], Mapping[str, str]]:
    """The sources that stand for the area of ``home``, and the number of the open conflict about
    one, each by element.
    """
    if not ids:
        return {}, {}
    claims = sources.confirmed(session, set(ids.values()), area_code=home.area_code)
    named = {
        each.id: each for each in departments.of_ids(session, {c.department_id for c in claims})
    }
    identifiers = {element_id: identifier for identifier, element_id in ids.items()}
    found: dict[str, list[Source]] = {}
    for claim in claims:
        department = named[claim.department_id]
        held = sources.published_entries(session, claim.element_id, [department.id])
        entry = held[0] if len(held) == 1 else None
        found.setdefault(identifiers[claim.element_id], []).append(
            Source(
                code=department.code,
                name=department.name,
                claim_no=claim.claim_no,
                resource=entry.code if entry else "",
                cycle=entry.update_cycle.value if entry and entry.update_cycle else "",
                way=entry.share_way.value if entry and entry.share_way else "",
            )
        )
    disputed = {
        identifiers[claim.element_id]: conflict.number if conflict.is_side(home.id) else ""
        for conflict in CONFLICTS.held(session, [claim.element_id for claim in claims])
        for claim in claims
        if claim.id in conflict.claim_ids
    }
    return found, disputed


def queue(session: Session, entry: ResourceRead) -> None:
    """Wait until nobody else submits as their own what this entry collects: of two, the first to
    hand it in is the one that collects it.
    """
    own = {
        item.element
        for item in entry.items
        if item.element and item.origin is not None and item.origin.kind is OriginKind.COLLECTED
    }
    if own:
        sources.queue_all(session, set(elements.ids_by_identifier(session, own).values()))


def _first(
    session: Session, home: Department, ids: Mapping[str, UUID]
) -> Mapping[str, Sequence[Source]]:
    """Who collects these elements already; of those with object scopes each has its own objects."""
    identifiers = {
        element_id: name
        for name, element_id in ids.items()
        if not sources.scopes(session, element_id)
    }
    found: dict[str, list[Source]] = {}
    for element_id, department, code in sources.collected_elsewhere(session, identifiers, home):
        one = Source(code=department.code, name=department.name, claim_no="", resource=code)
        found.setdefault(identifiers[element_id], []).append(one)
    return found


def _received(
    entry: ResourceRead,
    ids: Mapping[str, UUID],
    received: Sequence[Received],
    named: Mapping[str, Sequence[Source]],
    home: Department,
) -> Mapping[UUID, Received]:
    """What was delivered and is the same; of what the department is the source itself, nothing."""
    if not received:
        return {}
    items = [
        item
        for item in entry.items
        if home.code not in {each.code for each in named.get(item.element or "", ())}
    ]
    return matched(items, ids, received)


def _kept(published: Sequence[ResourceItem]) -> frozenset[UUID]:
    """Items that a published version had as the own ones already, said or unsaid."""
    own = (None, OriginKind.COLLECTED.value)
    return frozenset(item.identity for item in published if (item.origin or {}).get("kind") in own)


def refer_to_source(
    session: Session, subject: Subject, resource: DataResource, place: int, *, version: int
) -> DataResource:
    """Say of the item in this place (from 0) that it is taken from the source of its element: of
    whom, from which entry and how that is refreshed, as far as the source's own entry says so.

    Raises ``Invalid`` where there is no such item or not exactly one source, and as ``edit``.
    """
    entry = registering.read(session, resource)
    item = entry.items[place] if place < len(entry.items) else None
    facts = known(session, [(resource, entry)])[resource.id]
    named = facts.sources.get(item.element or "", ()) if item else ()
    if len(named) != 1:
        detail = _("The item has no source, or several")
        fix = _("State in its row from which department it is taken.")
        raise Invalid(errors=[FieldError("/item", "no_single_source", detail, fix)])
    (source,) = named
    said = {
        "kind": OriginKind.COPIED,
        "department": source.code,
        "resource": source.resource,
        "cycle": source.cycle or None,
        "way": source.way or None,
    }
    body = registering.as_written(entry)
    body.items[place].origin = Origin.model_validate(said)
    return registering.edit(session, subject, resource, body, version=version)
