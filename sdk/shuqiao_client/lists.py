"""The three lists (三张清单): responsibility, negative and demand; and the data shared most."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class ResponsibilityLine(Record):
    """A line of the responsibility list."""

    COLUMNS = ("code", "title", "items", "department", "share_type", "update_cycle", "mounting")
    department: str
    department_code: str
    code: str
    title: str
    items: list[str] = field(default_factory=list)
    share_type: str
    condition: str = ""
    share_way: str = ""
    update_cycle: str = ""
    mounting: str
    version: int
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class NegativeLine(Record):
    """A line of the negative list."""

    COLUMNS = ("code", "title", "items", "department", "basis_name", "basis_article", "ground")
    department: str
    department_code: str
    code: str
    title: str
    items: list[str] = field(default_factory=list)
    reason: str = ""
    basis_kind: str = ""
    basis_name: str = ""
    basis_article: str = ""
    ground: str
    entry_no: str = ""
    review_on: date | None = None
    version: int
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class DemandLine(Record):
    """A line of the demand list."""

    COLUMNS = ("code", "title", "items", "department", "provider", "resource", "state_label")
    department: str
    department_code: str
    code: str
    title: str
    items: list[str] = field(default_factory=list)
    provider: str = ""
    resource: str = ""
    state: str
    state_label: str
    until: date
    filed_on: date


@dataclass(frozen=True, kw_only=True)
class ListVersion(Record):
    """A version of a list of a department, and what caused it."""

    COLUMNS = ("kind", "department", "number", "at", "cause", "reference")
    kind: str
    department: str
    number: int
    at: datetime
    cause: str
    reference: str
    event_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class FrequentLine(Record):
    """An entry with how often it was wanted and used in a month."""

    COLUMNS = ("rank", "code", "title", "department", "requests", "voices", "deliveries")
    rank: int
    code: str
    title: str
    department: str
    requests: int
    voices: int
    departments: int
    grants: int
    deliveries: int


@dataclass(frozen=True, kw_only=True)
class FieldChange(Record):
    """A column that says something else."""

    COLUMNS = ("label", "before", "after")
    field: str
    label: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.before or '—'} → {self.after or '—'}"


@dataclass(frozen=True, kw_only=True)
class LineChange(Record):
    """A line that came, went or says something else."""

    COLUMNS = ("kind", "code", "title", "item", "fields")
    kind: str
    code: str
    title: str
    item: str
    fields: list[FieldChange] = field(default_factory=list)


_KINDS: dict[str, type[Record]] = {
    "responsibility": ResponsibilityLine,
    "negative": NegativeLine,
    "demand": DemandLine,
}


class Lists:
    """The three lists, as of now or of a day."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(
        self,
        kind: str,
        *,
        department: str = "",
        area: str = "",
        level: str = "",
        on: str = "",
        by: str = "item",
        limit: int | None = None,
    ) -> Listing[Any]:
        """Lines of a list: responsibility, negative or demand. ``area`` takes in those below it;
        ``on``: as of the end of that day; ``by``: item or entry.
        """
        asked = _asked(department=department, area=area, level=level, on=on)
        if kind != "demand":
            asked["by"] = by
        return Listing(self._connection, f"/lists/{kind}", _KINDS[kind], asked, limit=limit)

    def versions(
        self, kind: str = "", *, department: str = "", limit: int | None = None
    ) -> Listing[ListVersion]:
        """Versions with their causes, the latest first."""
        asked = _asked(kind=kind, department=department)
        return Listing(self._connection, "/lists/versions", ListVersion, asked, limit=limit)

    def compare(
        self, kind: str, *, since: str = "", on: str = "", department: str = "", area: str = ""
    ) -> list[LineChange]:
        """What differs between the ends of two days; without ``since`` the month before."""
        asked = _asked(since=since, on=on, department=department, area=area)
        found = self._connection.get(f"/lists/{kind}/comparison", asked)["changes"]
        return [LineChange.from_json(raw) for raw in found]

    def frequent(self, month: str = "") -> list[FrequentLine]:
        """The data shared most in a month, such as 2026-02; without it, this month."""
        found = self._connection.get("/lists/frequent", _asked(month=month))["items"]
        return [FrequentLine.from_json(raw) for raw in found]

    def check_sheet(self, kind: str, file: Path) -> dict[str, Any]:
        """What a returned sheet says otherwise than the list; nothing is changed."""
        return self._connection.upload(f"/lists/{kind}/returned", file)


def _asked(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
