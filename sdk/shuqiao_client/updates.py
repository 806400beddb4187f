"""Updates that are due, and the causes that ask for them (目录动态更新)."""

from builtins import list as _list
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from shuqiao_client.editions import ChangeEvent
from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class UpdateDue(Record):
    """One update that is owed. ``working_days_left``: negative when the date has passed."""

    COLUMNS = (
        *("change_no", "resource_code", "resource_title", "department", "kind_label", "task"),
        *("due_on", "working_days_left", "limit_basis_label", "status_label"),
    )
    change_no: str
    kind: str
    kind_label: str
    task: str
    changed_on: date
    basis: str
    resource_code: str
    resource_title: str
    department: str
    status: str
    status_label: str
    limit_basis: str
    limit_basis_label: str
    due_on: date | None
    working_days_left: int | None
    is_overdue: bool


@dataclass(frozen=True, kw_only=True)
class UpdateSum(Record):
    """How much one department owes."""

    COLUMNS = (
        *("department", "entries", "updates", "of_law", "overdue_of_law"),
        "overdue_of_policy",
    )
    department: str
    code: str
    entries: int
    updates: int
    of_law: int
    overdue_of_law: int
    overdue_of_policy: int


@dataclass(frozen=True, kw_only=True)
class ReachedEntry(Record):
    """An entry that a cause would reach; ``owed``: the numbers of what it owes already."""

    COLUMNS = ("code", "title", "department")
    code: str
    title: str
    department: str
    owed: _list[str]


@dataclass(frozen=True, kw_only=True)
class UpdateCause(Record):
    """A cause, recorded once for all that it concerns."""

    COLUMNS = ("cause_no", "kind_label", "changed_on", "basis", "about", "recorder")
    cause_no: str
    kind: str
    kind_label: str
    changed_on: date
    basis: str
    about: str
    recorder: str
    #: Everything that it opened.
    changes: _list[ChangeEvent]


class Updates:
    """What is owed to the catalogue, in the reader's reach, and the causes of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        department: str | None = None,
        kind: str | None = None,
        basis: str | None = None,
        urgency: str | None = None,
        limit: int | None = None,
    ) -> Listing[UpdateDue]:
        """The most urgent entry first. ``basis``: ``statutory``, ``local`` or ``policy``;
        ``urgency``: ``overdue`` or ``soon``.
        """
        query = _said(department=department, kind=kind, basis=basis, urgency=urgency)
        return Listing(self._connection, "/updates", UpdateDue, query, limit=limit)

    def figures(self) -> _list[UpdateSum]:
        """How much each department owes."""
        found = self._connection.get("/updates/figures")["items"]
        return [UpdateSum.from_json(each) for each in found]

    def reach(
        self,
        *,
        basis: str | None = None,
        duty: str | None = None,
        element: str | None = None,
        department: str | None = None,
        codes: Iterable[str] = (),
    ) -> _list[ReachedEntry]:
        """Which published entries a cause would reach: all that is said holds of them; ``codes``
        come in addition.
        """
        query: dict[str, Any] = dict(
            _said(basis=basis, duty=duty, element=element, department=department)
        )
        if wanted := [*codes]:
            query["code"] = wanted
        found = self._connection.get("/update-causes/reach", query)["items"]
        return [ReachedEntry.from_json(each) for each in found]

    def record(self, kind: str, on: date | str, basis: str, codes: Iterable[str]) -> UpdateCause:
        """Record a cause once for these entries; each gets a task and a limit of its own."""
        body = {"kind": kind, "on": str(on), "basis": basis, "codes": [*codes]}
        return UpdateCause.from_json(self._connection.post("/update-causes", body))

    def declare(
        self, name: str, on: date | str, basis: str, *, department: str = "", system: str = ""
    ) -> UpdateCause:
        """Declare new data that has no entry so far."""
        data = {"name": name, "department": department, "system": system}
        body = {"kind": "new_data", "on": str(on), "basis": basis, "data": [data]}
        return UpdateCause.from_json(self._connection.post("/update-causes", body))

    def cause(self, cause_no: str) -> UpdateCause:
        """A cause by its number, with everything that it opened."""
        path = f"/update-causes/{quote(cause_no.strip().upper(), safe='')}"
        return UpdateCause.from_json(self._connection.get(path))

    def name_entry(self, change_no: str, code: str) -> ChangeEvent:
        """Say which entry registers new data."""
        path = f"/change-events/{quote(change_no.strip().upper(), safe='')}/entry"
        return ChangeEvent.from_json(self._connection.post(path, {"resource_code": code}))


def _said(**given: str | None) -> Mapping[str, str]:
    return {name: value for name, value in given.items() if value}
