"""Sources of data elements (数源): who is it, who claims to be, and how far the naming has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class SourceClaim(Record):
    """A claim to be the source; the source is the one that is ``confirmed``."""

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "claim_no",
        "element",
        "element_name",
        "department",
        "scope",
        "area",
        "status_label",
        "due_on",
    )
    claim_no: str
    element: str
    element_name: str
    department: str
    scope: str | None = None
    area: str
    status: str
    status_label: str
    confirmed_on: str | None = None
    ended_on: str | None = None
    due_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class Coverage(Record):
    """Of the elements that need a source and are in use, how many have one."""

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "department",
        "elements",
        "with_source",
        "share",
        "as_source",
    )
    department: str | None = None
    elements: int
    with_source: int
    as_source: int
    share: float | None = None


class Sources:
    """Sources (数源) and the claims to be one. Naming one is the data administration's, on the
    page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, identifier: str) -> Mapping[str, Any]:
        """The source of an element by scope and area, who else holds it, and what waits."""
        found: Mapping[str, Any] = self._connection.get(f"{_element(identifier)}/source")
        return found

    def claims(
        self, *, status: str | None = None, limit: int | None = None
    ) -> Listing[SourceClaim]:
        """Claims, the newest first; ``status``: such as ``proposed`` or ``confirmed``."""
        query = {"status": status} if status else {}
        return Listing(self._connection, "/source-claims", SourceClaim, query, limit=limit)

    def claim(self, claim_no: str) -> SourceClaim:
        """One claim; ``raw`` has its countersignings and exceptions."""
        return SourceClaim.from_json(self._connection.get(_claim(claim_no)))

    def propose(self, identifier: str, body: Mapping[str, Any]) -> SourceClaim:
        """Claim to be the source: ``duty_no``, or ``document`` and ``article``; perhaps ``scope``,
        ``area_code``, ``collected_by``.
        """
        path = f"{_element(identifier)}/source-claims"
        return SourceClaim.from_json(self._connection.post(path, body))

    def withdraw(self, claim_no: str) -> SourceClaim:
        """Take the own claim back."""
        path = f"{_claim(claim_no)}/withdrawals"
        return SourceClaim.from_json(self._connection.post(path, None))

    def register_scope(self, identifier: str, name: str, belongs: str) -> Mapping[str, Any]:
        """Register an object scope of an element; the data administration's."""
        body = {"name": name, "belongs": belongs}
        made: Mapping[str, Any] = self._connection.post(
            f"{_element(identifier)}/source/scopes", body
        )
        return made

    def end_scope(self, identifier: str, number: int, reason: str) -> Mapping[str, Any]:
        """End an object scope for which no claim stands or waits; the data administration's."""
        path = f"{_element(identifier)}/source/scopes/{number}/ends"
        ended: Mapping[str, Any] = self._connection.post(path, {"reason": reason})
        return ended

    def coverage(self) -> list[Coverage]:
        """By department that holds the elements; the last one, without a department, is all."""
        found = self._connection.get("/source-coverage")
        return [Coverage.from_json(raw) for raw in (*found["departments"], found["total"])]


def _element(identifier: str) -> str:
    return f"/elements/{quote(identifier.strip().upper(), safe='')}"


def _claim(claim_no: str) -> str:
    return f"/source-claims/{quote(claim_no.strip().upper(), safe='')}"
