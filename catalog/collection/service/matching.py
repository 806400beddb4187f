"""Who has what a form asks for: its fields by name and by the synonyms of data elements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from catalog.collection import repository
from catalog.collection.checks import answer, key
from catalog.collection.repository import Found
from catalog.collection.words import Answer
from catalog.duplicates.checks.asked import Item
from catalog.duplicates.checks.scoring import THRESHOLD, best
from catalog.duplicates.service.prepared import prepared
from catalog.elements.words import DataType
from catalog.resources.words import ShareType
from shuqiao.subject import Subject

#: What is offered first: the own, then what is had for the asking.
_RANK: Final = (ShareType.UNCONDITIONAL, ShareType.CONDITIONAL, ShareType.WITHHELD)


@dataclass(frozen=True, slots=True)
class Called:
    """An element that a field names."""

    id: UUID
    identifier: str


@dataclass(frozen=True, slots=True)
class Match:
    """One field with what was found of it. ``told``: columns of ``CollectedField``."""

    name: str
    told: Mapping[str, Any]


def matched(session: Session, subject: Subject, names: Sequence[str]) -> list[Match]:
    """Each of ``names`` (distinct) with the best item of a published entry, if there is one: by
    name, by a synonym of its element, else by the element that it is likely to be.
    """
    keys = {key(name) for name in names}
    known = _called(session, keys, names)
    items = repository.items_called(session, subject, keys, {each.id for each in known.values()})
    there = {key(item.name) for item, _resource, _provider in items}
    left = [name for name in names if key(name) not in known and key(name) not in there]
    likely = _likely(session, left)
    ids = {each.id for each in likely.values()}
    found = [*items, *(repository.items_called(session, subject, (), ids) if ids else ())]
    return [
        Match(name, _told(subject, name, (known | likely).get(key(name)), found)) for name in names
    ]


def _called(session: Session, keys: Collection[str], names: Sequence[str]) -> dict[str, Called]:
    """Elements by the key of the field that calls them so; a name before a synonym."""
    rows = repository.elements_called(session, keys, names)
    found: dict[str, Called] = {}
    for each in rows:
        for synonym in each.synonyms:
            found.setdefault(key(synonym), Called(each.id, each.identifier))
    found |= {key(each.name): Called(each.id, each.identifier) for each in reversed(rows)}
    return {name: each for name, each in found.items() if name in keys}


def _likely(session: Session, names: Sequence[str]) -> dict[str, Called]:
    """The elements that fields of other names are likely to be, as items are compared with them."""
    if not names:
        return {}
    ready, found = prepared(session), dict[str, Called]()
    asked = [Item(name, "", "", DataType.TEXT) for name in names]
    for each in best(ready.standards, asked, floor=THRESHOLD):
        element = ready.elements[each.place]
        found.setdefault(key(names[each.item]), Called(element.id, element.identifier))
    return found


def _told(
    subject: Subject, name: str, element: Called | None, items: Sequence[Found]
) -> dict[str, Any]:
    said = {"element": element.identifier if element else ""}
    fitting = [each for each in items if _fits(each, name, element)]
    if not fitting:
        return {"answer": Answer.COLLECTABLE, **said}
    best = min(fitting, key=lambda each: _order(subject, name, each))
    return said | found(subject, best)


def _fits(each: Found, name: str, element: Called | None) -> bool:
    item = each[0]
    is_bound = element is not None and item.element_id == element.id
    return is_bound or key(item.name) == key(name)


def _order(subject: Subject, name: str, each: Found) -> tuple[bool, int, bool, str]:
    item, resource, _provider = each
    shared = max(_RANK.index(item.share_type), _RANK.index(resource.share_type))
    is_own = resource.provider_id == subject.department_id
    return not is_own, shared, key(item.name) != key(name), resource.code


def found(subject: Subject, each: Found) -> dict[str, Any]:
    """What is kept of the item that answers a field."""
    item, resource, provider = each
    is_own = resource.provider_id == subject.department_id
    said = answer(is_own=is_own, entry=resource.share_type, item=item.share_type)
    basis = item.withheld_basis or resource.withheld_basis
    return {
        "answer": said,
        "item_id": item.identity,
        "item_name": item.name,
        "resource_code": resource.code,
        "resource_title": resource.title,
        "provider": provider,
        "share_type": ShareType.WITHHELD if said is Answer.WITHHELD else item.share_type,
        "basis": basis if said is Answer.WITHHELD else "",
    }


#: What is kept where nobody has the field.
NOTHING: Final[Mapping[str, Any]] = {
    "answer": Answer.COLLECTABLE,
    "item_id": None,
    "item_name": "",
    "resource_code": "",
    "resource_title": "",
    "provider": "",
    "share_type": None,
    "basis": "",
}
