"""List templates (清单模板), and what of them is assigned to departments (认领与填报)."""

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class ListTemplate(Record):
    """A template as lists show it. ``gaps``: lines that nobody has."""

    COLUMNS = ("template_no", "title", "status", "deadline_on", "line_count", "gaps")
    template_no: str
    title: str
    status: str
    status_label: str = ""
    document: str = ""
    document_no: str = ""
    deadline_on: date | None = None
    line_count: int
    gaps: int
    version: int


@dataclass(frozen=True, kw_only=True)
class Assignment(Record):
    """A line assigned to a department, with its answer and its entry."""

    COLUMNS = ("assignment_no", "title", "department", "status_label", "due_on", "entry")
    assignment_no: str
    template_no: str
    position: int
    title: str
    upper_code: str = ""
    department: str
    status: str
    status_label: str = ""
    due_on: date | None = None
    answer_label: str = ""
    refusal_label: str = ""
    entry: str = ""
    version: int


@dataclass(frozen=True, kw_only=True)
class Progress(Record):
    """How far a department is with claiming and filling."""

    COLUMNS = (
        *("department", "assigned", "claimed", "partly", "refused", "silent"),
        *("registered", "published", "with_data", "overdue"),
    )
    department: str
    assigned: int
    claimed: int
    partly: int
    refused: int
    silent: int
    registered: int
    published: int
    with_data: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Board(Record):
    """All departments that were asked; ``gaps``: the lines that nobody has."""

    items: list[Progress] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


class ListTemplates:
    """What is expected of the departments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[ListTemplate]:
        """Those I may see, the newest first."""
        return Listing(self._connection, "/list-templates", ListTemplate, {}, limit=limit)

    def get(self, template_no: str) -> ListTemplate:
        """The template of this number; its lines are in ``raw``."""
        return ListTemplate.from_json(self._connection.get(_at("list-templates", template_no)))

    def write(self, template: Mapping[str, Any]) -> ListTemplate:
        """Draw one up, perhaps with lines. Raises ``Invalid`` naming the fields."""
        return ListTemplate.from_json(self._connection.post("/list-templates", dict(template)))

    def take_in(self, template_no: str, file: Path, *, replace: bool = False) -> ListTemplate:
        """Add the lines of a CSV or Excel file; every row, or none."""
        now, path = self.get(template_no), _at("list-templates", template_no)
        query = {"replace": "true"} if replace else None
        found = self._connection.upload(f"{path}/files", file, query, version=now.version)
        return ListTemplate.from_json(found)

    def issue(self, template_no: str) -> ListTemplate:
        """Issue it: the departments are asked."""
        return self._step(template_no, "issues")

    def close(self, template_no: str) -> ListTemplate:
        """Close it: who has not answered is named."""
        return self._step(template_no, "closings")

    def assign(self, template_no: str, position: int, departments: Sequence[str]) -> ListTemplate:
        """Assign a line to departments, by credit codes."""
        path = f"{_at('list-templates', template_no)}/lines/{position}/assignments"
        body = {"departments": builtins.list(departments)}
        return ListTemplate.from_json(self._connection.post(path, body))

    def _step(self, template_no: str, act: str) -> ListTemplate:
        now, path = self.get(template_no), _at("list-templates", template_no)
        return ListTemplate.from_json(self._connection.post(f"{path}/{act}", version=now.version))


class Assignments:
    """What is assigned to one's own department; to all for the data administration."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, words: str = "", *, template: str = "", status: str = "", limit: int | None = None
    ) -> Listing[Assignment]:
        """Those I may see, the newest first."""
        query = {"q": words, "template": template, "status": status}
        asked = {name: value for name, value in query.items() if value}
        return Listing(self._connection, "/assignments", Assignment, asked, limit=limit)

    def get(self, assignment_no: str) -> Assignment:
        """The assignment of this number."""
        return Assignment.from_json(self._connection.get(_at("assignments", assignment_no)))

    def answer(self, assignment_no: str, answer: Mapping[str, Any]) -> Assignment:
        """Claim it, in part, or not. Raises ``Invalid`` naming the fields."""
        return self._post(assignment_no, "answers", answer)

    def answer_all(
        self, numbers: Sequence[str], answer: Mapping[str, Any]
    ) -> builtins.list[Assignment]:
        """The same answer for several; all of them, or none."""
        body = {**answer, "numbers": builtins.list(numbers)}
        found = self._connection.post("/assignments/answers", body)["items"]
        return [Assignment.from_json(raw) for raw in found]

    def reassign(self, assignment_no: str, department: str = "") -> Assignment:
        """Give it to another department, else the one that the answer names; gives the new one."""
        return self._post(assignment_no, "reassignments", {"department": department})

    def accept(self, assignment_no: str) -> Assignment:
        """Accept that it is not claimed."""
        return self._post(assignment_no, "acceptances")

    def take_back(self, assignment_no: str) -> Assignment:
        """Take back what is not answered."""
        return self._post(assignment_no, "withdrawals")

    def describe(self, assignment_no: str, way: Mapping[str, Any]) -> Assignment:
        """Say duty, matter, system and table; what is left out is emptied."""
        return self._put(assignment_no, "way", way)

    def bind(self, assignment_no: str, code: str) -> Assignment:
        """Name the entry of one's own department that fills it."""
        return self._put(assignment_no, "entry", {"code": code})

    def open_entry(self, assignment_no: str, class_code: str, share_type: str) -> Assignment:
        """Begin the entry with what the line says; its code is in ``entry``."""
        body = {"class_code": class_code, "share_type": share_type}
        return self._post(assignment_no, "entries", body)

    def board(self, *, template: str = "", area: str = "", level: str = "") -> Board:
        """Who is how far, and what nobody has."""
        query = {"template": template, "area": area, "level": level}
        asked = {name: value for name, value in query.items() if value}
        return Board.from_json(self._connection.get("/assignments/board", asked))

    def _post(
        self, assignment_no: str, act: str, body: Mapping[str, Any] | None = None
    ) -> Assignment:
        now, path = self.get(assignment_no), f"{_at('assignments', assignment_no)}/{act}"
        sent = dict(body) if body is not None else None
        return Assignment.from_json(self._connection.post(path, sent, version=now.version))

    def _put(self, assignment_no: str, part: str, body: Mapping[str, Any]) -> Assignment:
        now, path = self.get(assignment_no), f"{_at('assignments', assignment_no)}/{part}"
        return Assignment.from_json(self._connection.put(path, dict(body), version=now.version))


def _at(stage: str, number: str) -> str:
    return f"/{stage}/{quote(number.strip().upper(), safe='')}"
