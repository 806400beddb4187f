"""Who has what a form asks for: its fields by name and by the synonyms of data elements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from catalog.collection import repository
from catalog.collection.checks import answer, key
from catalog.collection.repository import Found
from catalog.collection.words import Answer
from catalog.elements.models import DataElement
from catalog.resources.words import ShareType
from shuqiao.subject import Subject

#: What is offered first: the own, then what is had for the asking.
_RANK: Final = (ShareType.UNCONDITIONAL, ShareType.CONDITIONAL, ShareType.WITHHELD)


@dataclass(frozen=True, slots=True)
class Match:
    """One field with what was found of it. ``told``: columns of ``CollectedField``."""

    name: str
    told: Mapping[str, Any]


def matched(session: Session, subject: Subject, names: Sequence[str]) -> list[Match]:
    """Each of ``names`` (distinct) with the best item of a published entry, if there is one."""
    by_key = {key(name): name for name in names}
    elements = repository.elements_called(session, by_key, names)
    known = _elements_by_key(elements, by_key)
    ids = {each.id for each in elements}
    items = repository.items_called(session, subject, list(by_key), ids)
    return [Match(name, _told(subject, name, known.get(key(name)), items)) for name in names]


def _elements_by_key(
    elements: Sequence[DataElement], keys: Mapping[str, str]
) -> dict[str, DataElement]:
    """By the key of the field they are called by; a name before a synonym."""
    found: dict[str, DataElement] = {}
    for each in elements:
        for synonym in each.synonyms:
            found.setdefault(key(synonym), each)
    found |= {key(each.name): each for each in reversed(elements)}
    return {name: each for name, each in found.items() if name in keys}


def _told(
    subject: Subject, name: str, element: DataElement | None, items: Sequence[Found]
) -> dict[str, Any]:
    said = {"element": element.identifier if element else ""}
    fitting = [each for each in items if _fits(each, name, element)]
    if not fitting:
        return {"answer": Answer.COLLECTABLE, **said}
    best = min(fitting, key=lambda each: _order(subject, name, each))
    return said | found(subject, best)


def _fits(each: Found, name: str, element: DataElement | None) -> bool:
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
