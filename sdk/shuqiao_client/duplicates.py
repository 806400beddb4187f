"""Disguised duplicates (疑似重复): which data elements unbound items are likely to be, and what the
nightly sweep found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class Evidence(Record):
    """One reason in words; ``is_against``: it speaks against."""

    signal: str
    words: str
    share: int = 0
    is_against: bool = False


@dataclass(frozen=True, kw_only=True)
class Proposal(Record):
    """An element for an item; ``score`` orders, ``is_likely``: it reaches the threshold."""

    element: str
    name: str
    score: float
    is_likely: bool
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ProposedItem(Record):
    """An item that follows no element, and at most three for it."""

    item: str
    name: str
    column_name: str
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def likely(self) -> Proposal | None:
        """The one to bind, if the first is likely."""
        return self.proposals[0] if self.proposals and self.proposals[0].is_likely else None


@dataclass(frozen=True, kw_only=True)
class BindingProposals(Record):
    """The unbound items of an entry as of ``version``."""

    version: int
    threshold: float
    items: list[ProposedItem] = field(default_factory=list)

    @property
    def likely(self) -> list[tuple[str, str]]:
        """Item and element of every likely proposal, as ``EntryHandle.bind`` takes them."""
        found = [(each.item, each.likely) for each in self.items]
        return [(item, likely.element) for item, likely in found if likely is not None]


@dataclass(frozen=True, kw_only=True)
class DraftProposals(BindingProposals):
    """The unbound items of one of the department's drafts."""

    resource_code: str
    title: str
    threshold: float = 0.0


@dataclass(frozen=True, kw_only=True)
class DraftsProposals(Record):
    """The unbound items of all drafts of the department."""

    threshold: float
    entries: list[DraftProposals] = field(default_factory=list)

    @property
    def likely(self) -> list[dict[str, Any]]:
        """Every likely proposal of every draft, as ``Resources.bind_drafts`` takes them."""
        return [
            {
                "resource_code": each.resource_code,
                "version": each.version,
                **bindings(each.likely, takes_name=False),
            }
            for each in self.entries
            if each.likely
        ]


@dataclass(frozen=True, kw_only=True)
class Suspicion(Record):
    """An item that is likely to be an element, as the last sweep found it."""

    COLUMNS = (
        "id",
        "state_label",
        "item_name",
        "element",
        "element_name",
        "score",
        "resource_code",
    )
    id: str
    state: str
    state_label: str
    resource_code: str
    resource_title: str
    provider: str
    item_name: str
    column_name: str
    element: str
    element_name: str
    score: float
    found_at: datetime
    reason: str = ""
    evidence: list[Evidence] = field(default_factory=list)


class Drafts:
    """What the items of all drafts of the department are likely to be."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def proposals(self) -> DraftsProposals:
        """Of every draft with unbound items, by code."""
        return DraftsProposals.from_json(self._connection.get("/binding-proposals"))

    def bind(self, entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Bind items of many drafts, all or none, as ``DraftsProposals.likely`` names them."""
        return dict(self._connection.post("/bindings", {"entries": list(entries)}))


class Duplicates:
    """Suspected duplicates in the reach of whoever asks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, state: str | None = None, *, limit: int | None = None) -> Listing[Suspicion]:
        """The likeliest first. ``state``: ``open``, ``bound``, ``dismissed``."""
        query = {"state": state} if state else {}
        return Listing(self._connection, "/duplicates", Suspicion, query, limit=limit)

    def get(self, suspicion: str) -> Suspicion:
        """One of them with all its evidence."""
        return Suspicion.from_json(self._connection.get(self._path(suspicion)))

    def dismiss(self, suspicion: str, reason: str) -> Suspicion:
        """Say that it is no duplicate; it stays silent until the evidence changes."""
        body = {"reason": reason}
        path = f"{self._path(suspicion)}/dismissals"
        return Suspicion.from_json(self._connection.post(path, body))

    def _path(self, suspicion: str) -> str:
        return f"/duplicates/{quote(suspicion, safe='')}"


def bindings(pairs: Iterable[tuple[str, str]], *, takes_name: bool) -> Mapping[str, Any]:
    """What is sent to bind items (by id) to elements (by identifier)."""
    return {
        "bindings": [
            {"item": item, "element": element, "takes_name": takes_name} for item, element in pairs
        ]
    }
