"""What each tab of a resource's page shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import urlencode

from sqlmodel import Session

from catalog.attachments import repository as attachments
from catalog.elements import repository as elements
from catalog.elements.schemas import ElementRead
from catalog.elements.service import read_models
from catalog.publication import repository
from catalog.publication.models import Publication
from catalog.publication.views.entry import assessments, folded, nine_fields
from catalog.resources.fields.compared import ENTRY
from catalog.resources.models import DataResource
from catalog.resources.schemas import ItemRead, ResourceRead
from catalog.resources.words import ShareType, UpdateCycle
from policies.deadlines import Clock, deadlines
from shuqiao import clock
from shuqiao.changes import Change, compare, in_a_line
from shuqiao.errors import NotFound
from shuqiao.i18n import _
from shuqiao.settings import settings
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
    """A data element and the items that conform to it."""

    element: ElementRead
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One published version in the history; ``summary``: what changed against the one before."""

    number: int
    published_at: datetime
    title: str
    summary: str
    before: int | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the data was stored last, and whether it should have been
    renewed since by its own update cycle.
    """

    stored_at: datetime
    is_overdue: bool


#: Days after which data of a cycle is old; without an entry nothing can be said.
_DAYS: Final = {
    UpdateCycle.DAILY: 1,
    UpdateCycle.WEEKLY: 7,
    UpdateCycle.TEN_DAYS: 10,
    UpdateCycle.MONTHLY: 31,
    UpdateCycle.QUARTERLY: 92,
    UpdateCycle.HALF_YEARLY: 184,
    UpdateCycle.YEARLY: 366,
}


def tabs(entry: ResourceRead, version: int | None) -> list[TabLink]:
    """Links to every tab of the version shown."""
    counts = {
        Tab.ITEMS: len(entry.items),
        Tab.STANDARDS: len({item.element for item in entry.items if item.element}),
        Tab.VERSIONS: getattr(entry, "latest_version", 0),
    }
    return [TabLink(tab, _href(entry, version, tab), counts.get(tab)) for tab in Tab]


def overview(session: Session, resource: DataResource, entry: ResourceRead) -> dict[str, Any]:
    """The nine fields, the assessments, who keeps it, how fresh it is, what applying means."""
    code, registrar = repository.contact(session, resource)
    reply, delivery = deadlines()[_reply_clock(entry.share_type)], deadlines()[Clock.DELIVERY]
    sources = _(
        "Reply: %(reply)s; delivery: %(delivery)s",
        reply=reply.given.source,
        delivery=delivery.given.source,
    )
    return {
        "nine": nine_fields(entry),
        "assessments": assessments(entry),
        "provider_code": code,
        "registrar": registrar,
        "freshness": _freshness(session, resource, entry.update_cycle),
        "reply": reply,
        "delivery": delivery,
        "sources": sources,
    }


def items(entry: ResourceRead, words: str, version: int | None) -> dict[str, Any]:
    """The items that say all of ``words`` in their name, column, element or description."""
    wanted = folded(words).split()
    found = [item for item in entry.items if all(word in _said(item) for word in wanted)]
    return {
        "q": words.strip(),
        "wanted": wanted,
        "items": found,
        "version_query": _query(version=version),
    }


def standards(session: Session, entry: ResourceRead) -> dict[str, Any]:
    """The data elements that items conform to, each with its items."""
    by_element: dict[str, list[str]] = {}
    for item in entry.items:
        if item.element:
            by_element.setdefault(item.element, []).append(item.name)
    rows = elements.by_identifiers(session, by_element)
    found = {each.identifier: each for each in read_models(session, rows)}
    bound = [
        Bound(found[identifier], names)
        for identifier, names in by_element.items()
        if identifier in found
    ]
    return {"bound": bound, "unbound": [item.name for item in entry.items if not item.element]}


def versions(
    session: Session, resource: DataResource, before: int | None, after: int | None
) -> dict[str, Any]:
    """Every published version with what it changed, and two of them compared where asked.

    Raises ``NotFound``.
    """
    kept = repository.kept_entries(session, resource.id)
    return {
        "kept": [_kept(row, older) for row, older in zip_longest(kept, kept[1:])],
        "before": before,
        "after": after,
        "compared": _compared(kept, before, after),
    }


def programs(resource: DataResource, entry: ResourceRead) -> dict[str, Any]:
    """Commands that find this resource and apply for it, ready to copy."""
    origin, code = settings().control_origin, resource.url_code
    chosen = entry.items[:2]
    names = _quoted(item.name for item in chosen)
    facts = {
        "origin": origin,
        "code": code,
        "title": entry.title,
        "names": names,
        "ids": _quoted(str(item.id) for item in chosen),
    }
    return {
        "api_url": f"{origin}/api/v1/catalog/{code}",
        "curl": _CURL.format(**facts),
        "sq": _SQ.format(**facts),
        "body": _BODY.format(**facts),
        "python": _PYTHON.format(**facts),
    }


_CURL: Final = """\
curl -sf -H @header {origin}/api/v1/catalog/{code}

curl -sf -H @header -H 'content-type: application/json' -H "idempotency-key: apply-$(date +%s)" \\
     -d '{{"resource_code": "{code}", "item_ids": [{ids}],
          "basis": "…", "scenario": "…", "scope": "…",
          "share_way": "batch", "until": "2026-12-31"}}' \\
     {origin}/api/v1/requests"""
_SQ: Final = """\
sq resource show {code}
sq request create -f request.json --submit"""
_BODY: Final = """\
{{
  "resource": "{code}",
  "items": [{names}],
  "basis": "…",
  "scenario": "…",
  "scope": "…",
  "share_way": "batch",
  "until": "2026-12-31"
}}"""
_PYTHON: Final = """\
from shuqiao_client import Client

client = Client.from_profile()
resource = client.resource("{code}")  # {title}
request = client.requests.create(
    resource, items=[{names}],
    basis="…", scenario="…", scope="…", share_way="batch", until="2026-12-31",
)
request.submit()
resource.to_polars()  # as soon as it is granted"""


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _reply_clock(share_type: ShareType) -> Clock:
    """Working days the provider has to reply (Order 809, Art. 21)."""
    is_free = share_type is ShareType.UNCONDITIONAL
    return Clock.REQUEST_REPLY_UNCONDITIONAL if is_free else Clock.REQUEST_REPLY_CONDITIONAL


def _freshness(
    session: Session, resource: DataResource, cycle: UpdateCycle | None
) -> Freshness | None:
    stored = attachments.current_attachment(session, resource.id)
    if stored is None or stored.stored_at is None:
        return None
    days = _DAYS.get(cycle) if cycle else None
    return Freshness(
        stored.stored_at, days is not None and stored.stored_at + timedelta(days=days) < clock.now()
    )


def _said(item: ItemRead) -> str:
    return folded(" ".join((item.name, item.column_name, item.element or "", item.description)))


def _kept(row: Publication, older: Publication | None) -> KeptVersion:
    summary = (
        in_a_line(compare(ENTRY, older.entry, row.entry))
        if older
        else str(_("First published version"))
    )
    return KeptVersion(
        row.version, row.published_at, row.entry["title"], summary, older.version if older else None
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
