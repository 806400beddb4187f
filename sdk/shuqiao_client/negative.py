"""The negative list (负面清单): what is not shared, by which basis, how far and how long.

Proposed, taken back, kept and read by programs; consents, reviews and decisions are left to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class Cover(Record):
    """A published item that an entry strikes, or struck until ``until``."""

    COLUMNS = ("resource", "title", "item", "is_marked", "since", "until")
    resource: str
    title: str
    item: str
    is_marked: bool
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NegativeEntry(Record):
    """An entry as lists and its page show it."""

    COLUMNS = ("entry_no", "department", "basis_name", "basis_article", "status", "struck")
    entry_no: str
    department: str
    status: str
    status_label: str = ""
    basis_kind: str
    basis_name: str
    basis_number: str = ""
    basis_article: str = ""
    names: list[str] = field(default_factory=list)
    business: str = ""
    reaches_all: bool = False
    struck: int = 0
    in_force_at: datetime | None = None
    review_on: date
    version: int
    basis_text: str = ""
    reason: str = ""
    covers: list[Cover] = field(default_factory=list)
    resource: str | None = None
    supersedes: str | None = None
    superseded_by: str | None = None


class NegativeEntries:
    """The negative list."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        status: str = "",
        department: str = "",
        element: str = "",
        limit: int | None = None,
    ) -> Listing[NegativeEntry]:
        """Those I may see, the newest first; ``department``: its credit code, ``element``: its
        identifier.
        """
        said = {"status": status, "department": department, "element": element}
        asked = {name: value for name, value in said.items() if value}
        return Listing(self._connection, "/negative-entries", NegativeEntry, asked, limit=limit)

    def get(self, entry_no: str) -> NegativeEntry:
        """The entry of this number, with what it strikes."""
        return NegativeEntry.from_json(self._connection.get(_path(entry_no)))

    def propose(self, entry: Mapping[str, Any]) -> NegativeEntry:
        """Propose an entry by itself. Raises ``Invalid`` naming the fields."""
        said = self._connection.post("/negative-entries", dict(entry))
        return NegativeEntry.from_json(said)

    def withdraw(self, entry_no: str) -> NegativeEntry:
        """Take a proposal back. Raises ``Conflict`` when it is in force already."""
        return NegativeEntry.from_json(self._connection.post(f"{_path(entry_no)}/withdrawals", {}))

    def keep(self, entry_no: str, review_on: date | str, remark: str) -> NegativeEntry:
        """Say that the basis was looked at again and still holds, until ``review_on``."""
        body = {"review_on": str(review_on), "remark": remark}
        return NegativeEntry.from_json(self._connection.post(f"{_path(entry_no)}/renewals", body))


def _path(entry_no: str) -> str:
    return f"/negative-entries/{quote(entry_no, safe='')}"
