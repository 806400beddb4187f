"""Where the items of an entry come from, against what the platform knows: which department is the
source of their elements (Order 809, Art. 19), and what was delivered to the one that registers
(Art. 25).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.elements.words import DataType
from catalog.registration.checks.bases import NOT_LISTED, ListFacts
from catalog.resources.fields.origin import OriginRead
from catalog.resources.schemas import ItemRead, ResourceRead
from catalog.resources.words import OriginKind
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _
from shuqiao.web.slots import Slot

#: Items of one delivered resource that must look alike where no element says what they are.
_ALIKE: Final = 2


@dataclass(frozen=True, slots=True)
class Source:
    """The department that is the source of an element; ``resource``: code of its published entry
    that holds it, ``cycle`` and ``way`` as that says; empty where there is none.
    """

    code: str
    name: str
    claim_no: str
    resource: str = ""
    cycle: str = ""
    way: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """An item that was delivered to a department: whose it is, under which grant, since when."""

    name: str
    column_name: str
    data_type: DataType
    element_id: UUID | None
    provider: str
    provider_code: str
    resource_code: str
    resource_title: str
    grant_no: str
    since: datetime


#: What was delivered to a department; the exchange stands above.
RECEIVED: Slot[Callable[[Session, UUID], Sequence[Received]]] = Slot(lambda _session, _id: ())


@dataclass(frozen=True, slots=True)
class OriginFacts:
    """What is known of one entry.

    ``sourced``: its elements that have an authoritative source. ``sources``: which departments
    that are for its area, by element; ``own``: elements whose source is its own department.
    ``conflicts``: number of the open source conflict, by element; empty for who is no side of it.
    ``received``: by item, what was delivered to the department and is the same. ``kept``: items
    published as the own ones before. ``listed``: what the negative list says of its items.
    ``first``: of elements without a named source, who collects them already (当然数源).
    """

    sourced: frozenset[str] = frozenset()
    sources: Mapping[str, Sequence[Source]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    conflicts: Mapping[str, str] = field(default_factory=dict)
    received: Mapping[UUID, Received] = field(default_factory=dict)
    kept: frozenset[UUID] = frozenset()
    listed: ListFacts = NOT_LISTED
    first: Mapping[str, Sequence[Source]] = field(default_factory=dict)


NOTHING_KNOWN: Final = OriginFacts()

#: Art. 19: what a source has is taken from it, and is not collected again.
ORIGIN_ADVICE: Final = _(
    "State whether the department collects or produces it itself, takes it from its source, or "
    "produces it by processing."
)
_REFRESHED: Final = {
    "cycle": _("Choose how often it is refreshed from its source."),
    "way": _("Choose in which way it is refreshed from its source."),
}


def origins(entry: ResourceRead, known: OriginFacts) -> Iterator[FieldError]:
    """What keeps the entry from being reviewed: an origin that is not said, a second collection of
    what has a source, and received data that is registered as one's own.
    """
    for position, item in enumerate(entry.items):
        pointer = f"/items/{position}/origin"
        received = known.received.get(item.id)
        if received is not None and item.id not in known.kept:
            yield from _of_received(pointer, item.origin, received, item)
        elif item.origin is None and item.element in known.sourced:
            yield FieldError(f"{pointer}/kind", "missing", _REQUIRED, ORIGIN_ADVICE)
        if item.origin is not None:
            yield from _said(pointer, item, item.origin, known)


_REQUIRED: Final = _("This is required")


def _said(
    pointer: str, item: ItemRead, origin: OriginRead, known: OriginFacts
) -> Iterator[FieldError]:
    if origin.kind is OriginKind.COPIED:
        for name, fix in _REFRESHED.items():
            if getattr(origin, name) is None:
                yield FieldError(f"{pointer}/{name}", "missing", _REQUIRED, fix)
    sources = known.sources.get(item.element or "", ())
    if origin.kind is not OriginKind.COLLECTED or item.element in known.own:
        return
    if not sources:
        if item.id not in known.received:
            yield from _collected_first(pointer, item, origin, known)
        return
    conflict = known.conflicts.get(item.element or "")
    if conflict is None:
        yield _has_source(pointer, sources)
    elif not origin.reason:
        fix = _("Say why the department collects it again while the source conflict is open.")
        if conflict:
            fix = _("Say why the department collects it again while %(no)s is open.", no=conflict)
        yield FieldError(f"{pointer}/reason", "missing", _REQUIRED, fix)


def _collected_first(
    pointer: str, item: ItemRead, origin: OriginRead, known: OriginFacts
) -> Iterator[FieldError]:
    """Art. 19: whoever collects it alone is its source as a matter of course; another one refers to
    it, or says why it collects the datum again.
    """
    first = known.first.get(item.element or "", ())
    if not first or item.id in known.kept or origin.reason:
        return
    names = "、".join(f"{each.name}（{each.resource}）" for each in first)
    fix = _(
        "Refer to it as the source; or say why it is collected again, and claim to be the source "
        "where it is yours."
    )
    detail = _("Another department collects this already: %(names)s", names=names)
    yield FieldError(f"{pointer}/kind", "collected_already", detail, fix)


def _has_source(pointer: str, sources: Sequence[Source]) -> FieldError:
    """Art. 19: one source for each datum; the three ways on are told."""
    names = "、".join(f"{each.name}（{each.claim_no}）" for each in sources)
    fix = _(
        "Refer to the source; or declare it produced by processing, with lineage and method; or "
        "open a source conflict and say why it is collected again."
    )
    detail = _("The element has a source already: %(names)s", names=names)
    return FieldError(f"{pointer}/kind", "has_source", detail, fix)


def _of_received(
    pointer: str, origin: OriginRead | None, received: Received, item: ItemRead
) -> Iterator[FieldError]:
    """Art. 25: what was received is not one's own; made into something else it is."""
    words = {
        "provider": received.provider,
        "resource": received.resource_title,
        "code": received.resource_code,
        "grant": received.grant_no,
    }
    if origin is None or origin.kind is OriginKind.COLLECTED:
        detail = _(
            "This was delivered to the department: “%(resource)s” (%(code)s) of %(provider)s, "
            "grant %(grant)s",
            **words,
        )
        fix = _(
            "Let others ask %(provider)s for it, or refer to it as the source; what was made from "
            "it is declared as produced by processing, with lineage and method. Passing its values "
            "on needs the consent of %(provider)s (Art. 25).",
            **words,
        )
        yield FieldError(f"{pointer}/kind", "received", detail, fix)
    elif origin.kind is OriginKind.PROCESSED and not _names(origin, received, item):
        detail = _("The lineage leaves out what it was made from")
        fix = _("Name “%(resource)s”: %(code)s.", **words)
        yield FieldError(f"{pointer}/lineage", "lineage_incomplete", detail, fix)


def _names(origin: OriginRead, received: Received, item: ItemRead) -> bool:
    return bool({received.resource_code, item.element} & set(origin.lineage))


def matched(
    items: Sequence[ItemRead], elements: Mapping[str, UUID], received: Sequence[Received]
) -> dict[UUID, Received]:
    """Which items are the same as one that was delivered: of the same element; or, where one of the
    two follows none, of the same name, column and type, together with another of its resource.

    ``elements``: id by identifier.
    """
    found: dict[UUID, Received] = {}
    alike: dict[str, dict[UUID, Received]] = {}
    for item in items:
        element = elements.get(item.element) if item.element else None
        for each in received:
            is_same = element is not None and each.element_id == element
            if is_same:
                found.setdefault(item.id, each)
            if is_same or (None in (element, each.element_id) and _looks(item) == _looks(each)):
                alike.setdefault(each.resource_code, {}).setdefault(item.id, each)
    for group in alike.values():
        if len(group) >= _ALIKE:
            for ident, each in group.items():
                found.setdefault(ident, each)
    return found


def _looks(item: ItemRead | Received) -> tuple[str, str, DataType]:
    return item.name, item.column_name, item.data_type


def passed_on(entry: ResourceRead, known: OriginFacts) -> list[Message]:
    """What the reviewer is told of received data that goes on with the entry."""
    return [
        _(
            "“%(item)s” was received from %(provider)s under %(grant)s: passing its values on "
            "needs the consent of that department (Art. 25).",
            item=item.name,
            provider=known.received[item.id].provider,
            grant=known.received[item.id].grant_no,
        )
        for item in entry.items
        if item.id in known.received and item.id not in known.kept
    ]
