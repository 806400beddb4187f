"""What each tab of a resource's page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from catalog.editions import repository as editions
from catalog.editions.checks import is_overdue as overdue
from catalog.editions.schemas import LiveProfile
from catalog.elements import repository as elements
from catalog.elements.schemas import ElementRead
from catalog.elements.service.reading import read_models
from catalog.publication.models import Publication
from catalog.publication.repository import reviews as repository
from catalog.publication.views.entry import folded
from catalog.resources.fields.compared import ENTRY
from catalog.resources.fields.origin import told
from catalog.resources.models import DataResource
from catalog.resources.schemas import ItemRead, ResourceRead
from catalog.resources.words import UpdateCycle
from shuqiao.changes import Change, compare, in_a_line
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.words import Word


class Tab(Word):
    """The tabs, in their order."""

    OVERVIEW = "overview", _("Overview")
    ITEMS = "items", _("Items")
    STANDARDS = "standards", _("Standards")
    VERSIONS = "versions", _("History of changes")
    API = "api", _("API and code")


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab as a link; ``count`` where a number says what to expect."""

    tab: Tab
    href: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A data element and the items that conform to it, each with where its values come from."""

    element: ElementRead
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One published version in the history; ``summary``: what changed against the one before."""

    number: int
    published_at: datetime
    title: str
    summary: str
    before: int | None
    is_self_reviewed: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the current edition of the data was stored, and whether it should have been renewed
    since by its own update cycle.
    """

    number: int
    stored_at: datetime
    is_overdue: bool
    live: LiveProfile | None


def tabs(entry: ResourceRead, version: int | None) -> list[TabLink]:
    """Links to every tab of the version shown."""
    counts = {
        Tab.ITEMS: len(entry.items),
        Tab.STANDARDS: len({item.element for item in entry.items if item.element}),
        Tab.VERSIONS: getattr(entry, "latest_version", 0),
    }
    return [TabLink(tab, _href(entry, version, tab), counts.get(tab)) for tab in Tab]


def items_saying(entry: ResourceRead, words: str) -> list[ItemRead]:
    """The items that say all of ``words`` in their name, column, element or description."""
    wanted = folded(words).split()
    return [item for item in entry.items if all(word in _said(item) for word in wanted)]


def bound_elements(session: Session, entry: ResourceRead) -> list[Bound]:
    """The data elements that items conform to, each with its items."""
    by_element: dict[str, list[tuple[str, str]]] = {}
    for item in entry.items:
        if item.element:
            by_element.setdefault(item.element, []).append((item.name, told(item.origin)))
    rows = elements.by_identifiers(session, by_element)
    found = {each.identifier: each for each in read_models(session, rows)}
    return [
        Bound(found[identifier], names)
        for identifier, names in by_element.items()
        if identifier in found
    ]


def versions(
    session: Session, resource: DataResource, before: int | None, after: int | None
) -> tuple[list[KeptVersion], list[Change] | None]:
    """Every published version with what it changed, the newest first, and the changes between two
    of them; None when they are not asked for.

    Raises ``NotFound``.
    """
    kept = repository.kept_entries(session, resource.id)
    shown = [_kept(row, older) for row, older in zip_longest(kept, kept[1:])]
    return shown, _compared(kept, before, after)


def freshness(
    session: Session, resource: DataResource, cycle: UpdateCycle | None
) -> Freshness | None:
    """None while there is no edition of the data; live data is as fresh as its source."""
    current = editions.current(session, resource.id)
    if current is None:
        return None
    is_overdue = current.live_id is None and overdue(current.arrived_at, cycle)
    live = LiveProfile.model_validate(current.profile) if current.profile else None
    return Freshness(current.number, current.arrived_at, is_overdue, live)


def _said(item: ItemRead) -> str:
    return folded(" ".join((item.name, item.column_name, item.element or "", item.description)))


def _kept(row: Publication, older: Publication | None) -> KeptVersion:
    summary = (
        in_a_line(compare(ENTRY, older.entry, row.entry))
        if older
        else str(_("First published version"))
    )
    return KeptVersion(
        row.version,
        row.published_at,
        row.entry["title"],
        summary,
        older.version if older else None,
        row.is_self_reviewed,
    )


def _compared(
    kept: Sequence[Publication], before: int | None, after: int | None
) -> list[Change] | None:
    if before is None or after is None:
        return None
    entries = {row.version: row.entry for row in kept}
    if before not in entries or after not in entries:
        raise NotFound
    return compare(ENTRY, entries[before], entries[after])


def _href(entry: ResourceRead, version: int | None, tab: Tab) -> str:
    shown = None if tab is Tab.OVERVIEW else tab.value
    return f"/catalog/{entry.code.replace('/', '-')}{_query(tab=shown, version=version)}"


def _query(**parameters: Any) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"?{urlencode(given)}" if given else ""
