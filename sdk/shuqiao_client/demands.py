"""Demands (需求): what has no entry in the catalogue.

Filed, read, withdrawn, assigned and merged by programs; answers are left to people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class DemandVoice(Record):
    """The need of one department, as it filed it."""

    COLUMNS = ("department", "filed_as", "need", "until", "request_no", "delivery_no")
    department: str
    filed_as: str
    need: str
    scenario: str
    until: date
    request_no: str = ""
    delivery_no: str = ""


@dataclass(frozen=True, kw_only=True)
class DemandAnswer(Record):
    """An answer as it was given."""

    COLUMNS = ("department", "kind", "reason", "entry", "collect_by", "answered_at")
    department: str
    kind: str
    kind_label: str = ""
    reason: str = ""
    entry: str | None = None
    collect_by: date | None = None
    suggested: str | None = None
    legal_document: str = ""
    legal_article: str = ""
    negative_no: str = ""
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Demand(Record):
    """A demand as lists and its page show it; ``heard`` and ``answers`` only of one demand."""

    COLUMNS = ("demand_no", "title", "status", "consumer", "provider", "entry", "until")
    demand_no: str
    title: str
    status: str
    status_label: str = ""
    consumer: str
    provider: str | None = None
    voices: int = 1
    is_urgent: bool = False
    until: date
    entry: str | None = None
    due_on: date | None = None
    version: int
    filed_at: datetime
    need: str = ""
    into: str | None = None
    unmet_reason: str | None = None
    delivery_no: str = ""
    heard: list[DemandVoice] = field(default_factory=list)
    answers: list[DemandAnswer] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DemandCandidate(Record):
    """Something that may serve a demand, with why."""

    COLUMNS = ("kind", "name", "title", "department", "score")
    kind: str
    name: str
    title: str
    department: str = ""
    score: int
    is_withheld: bool = False
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DemandFigures(Record):
    """A month in figures; a rate is None where there is nothing to count."""

    COLUMNS = (
        *("month", "filed", "answers_due", "answered_in_time", "answered_in_time_percent"),
        *("met", "unmet", "withheld_by_law", "met_percent"),
    )
    month: str
    filed: int
    answers_due: int
    answered_in_time: int
    answered_in_time_percent: float | None = None
    met: int
    unmet: int
    withheld_by_law: int
    met_percent: float | None = None


class Demands:
    """The demands of one's own department, and those it is asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self, *, status: str = "", queue: str = "", limit: int | None = None
    ) -> Listing[Demand]:
        """Those I may see, the newest first. ``queue``: mine, to_answer or to_assign."""
        asked = {name: text for name, text in (("status", status), ("queue", queue)) if text}
        return Listing(self._connection, "/demands", Demand, asked, limit=limit)

    def get(self, demand_no: str) -> Demand:
        """The demand of this number, with its voices and answers."""
        return Demand.from_json(self._connection.get(self._path(demand_no)))

    def file(self, demand: Mapping[str, Any]) -> Demand:
        """Ask for what the catalogue does not offer. Raises ``Invalid`` naming the fields."""
        return Demand.from_json(self._connection.post("/demands", dict(demand)))

    def candidates(self, demand_no: str) -> Sequence[DemandCandidate]:
        """What may serve it, the best first."""
        answer = self._connection.get(f"{self._path(demand_no)}/candidates")
        return [DemandCandidate.from_json(each) for each in answer["candidates"]]

    def assign(self, demand_no: str, provider: str, reason: str = "") -> Demand:
        """Name the department that answers, by its credit code."""
        return self._step(demand_no, "assignments", {"provider": provider, "reason": reason})

    def merge(self, demand_no: str, into: str) -> Demand:
        """Let it go on under another one that wants the same."""
        return self._step(demand_no, "mergers", {"into": into})

    def withdraw(self, demand_no: str, reason: str) -> Demand:
        """Withdraw it, or the own voice where other departments want it too."""
        return self._step(demand_no, "withdrawals", {"reason": reason})

    def figures(self, month: str = "") -> DemandFigures:
        """A month, such as 2026-11; the present one where nothing is said."""
        asked = {"month": month} if month else None
        return DemandFigures.from_json(self._connection.get("/demands/figures", asked))

    def _step(self, demand_no: str, what: str, body: dict[str, Any]) -> Demand:
        path, version = self._path(demand_no), self.get(demand_no).version
        return Demand.from_json(self._connection.post(f"{path}/{what}", body, version=version))

    def _path(self, demand_no: str) -> str:
        return f"/demands/{quote(demand_no.strip().upper(), safe='')}"
