"""Information systems (信息系统) of the departments."""

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.organisation import Duty
from shuqiao_client.reading import Record

_WRITTEN = (
    *("name", "purpose", "build", "network", "protection", "filing_no"),
    *("contractor", "contract_no", "contract_until", "contact"),
)


@dataclass(frozen=True, kw_only=True)
class System(Record):
    """A system as lists and its page show it."""

    COLUMNS = ("system_no", "name", "status", "owner", "build", "network", "protection", "since")
    system_no: str
    name: str
    owner: str
    owner_code: str
    build: str
    network: str
    protection: str
    status: str
    status_label: str = ""
    since: date | None = None
    version: int
    purpose: str = ""
    filing_no: str = ""
    contractor: str = ""
    contract_no: str = ""
    contract_until: date | None = None
    contact: str = ""
    duties: list[Duty] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Confirmation(Record):
    """What was said of a system in a census."""

    COLUMNS = ("system_no", "year", "outcome", "confirmed_at")
    system_no: str
    year: int
    outcome: str
    confirmed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Coverage(Record):
    """Of the systems of a department at work, how many have a published entry."""

    COLUMNS = ("department", "covered", "at_work", "without")
    department: str
    code: str
    covered: int
    at_work: int
    without: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Census(Record):
    """The census of one year, and how many departments have reported."""

    COLUMNS = ("year", "status", "due_on", "reported", "owed")
    year: int
    status: str
    due_on: date | None = None
    reported: int
    owed: int
    missing: list[str] = field(default_factory=list)


class Systems:
    """The register of systems."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, words: str = "", *, owner: str = "", status: str = "", limit: int | None = None
    ) -> Listing[System]:
        """Those I may see, the newest first; ``owner``: credit code of a department."""
        query = {"q": words, "owner": owner, "status": status}
        asked = {name: value for name, value in query.items() if value}
        return Listing(self._connection, "/systems", System, asked, limit=limit)

    def get(self, system_no: str) -> System:
        """The system of this number."""
        return System.from_json(self._connection.get(self._path(system_no)))

    def register(self, system: Mapping[str, Any]) -> System:
        """Register a system of one's own department. Raises ``Invalid`` naming the fields."""
        return System.from_json(self._connection.post("/systems", dict(system)))

    def edit(self, system_no: str, changes: Mapping[str, Any]) -> System:
        """What ``changes`` names is replaced, what it does not name stays."""
        now = self.get(system_no)
        said = {name: now.raw[name] for name in _WRITTEN}
        said["duties"] = [duty.duty_no for duty in now.duties]
        body = said | dict(changes)
        found = self._connection.put(self._path(system_no), body, version=now.version)
        return System.from_json(found)

    def move(self, system_no: str, status: str, on: str) -> System:
        """Say where it stands from a day on: building, running, stopping, stopped."""
        now, path = self.get(system_no), f"{self._path(system_no)}/states"
        body = {"status": status, "on": on}
        return System.from_json(self._connection.post(path, body, version=now.version))

    def confirm(self, system_no: str) -> Confirmation:
        """Say in the open census that it is registered as it is."""
        now, path = self.get(system_no), f"{self._path(system_no)}/confirmations"
        return Confirmation.from_json(self._connection.post(path, version=now.version))

    def coverage(self) -> builtins.list[Coverage]:
        """Of each department how many of its systems at work have a published entry."""
        found = self._connection.get("/systems/coverage")["items"]
        return [Coverage.from_json(raw) for raw in found]

    def censuses(self) -> builtins.list[Census]:
        """The yearly censuses, the latest first."""
        return [Census.from_json(raw) for raw in self._connection.get("/systems/census")["items"]]

    def report(self, year: int) -> Census:
        """Report for one's own department, when all its systems are confirmed."""
        return Census.from_json(self._connection.post(f"/systems/census/{year}/reports"))

    def _path(self, system_no: str) -> str:
        return f"/systems/{quote(system_no.strip().upper(), safe='')}"
