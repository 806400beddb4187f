"""Proposals for the standards (数据元提案), and the published versions of a data element."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.reading import Record


@dataclass(frozen=True, kw_only=True)
class ElementVersion(Record):
    """A published version of a data element; ``raw`` has what it said."""

    COLUMNS = ("number", "is_current", "published_at", "proposal_no", "digest")
    number: int
    is_current: bool
    published_at: str
    proposal_no: str = ""
    digest: str


@dataclass(frozen=True, kw_only=True)
class ElementDifference(Record):
    """A field that two versions say otherwise."""

    COLUMNS = ("label", "before", "after")
    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Proposal(Record):
    """A proposal for the standards; ``raw`` has its content, opinions and effect."""

    COLUMNS = ("proposal_no", "kind", "element", "title", "proposer", "status", "heard_until")
    proposal_no: str
    kind: str
    element: str
    title: str
    proposer: str
    status: str
    reason: str
    heard_until: str | None = None
    version: int


class Proposals:
    """Proposing, correcting and deciding. The opinion of a department is given on its page."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, status: str | None = None, *, limit: int | None = None) -> Listing[Proposal]:
        """The newest first; ``status``: those in one state."""
        query = {"status": status} if status else None
        return Listing(self._connection, "/element-proposals", Proposal, query, limit=limit)

    def get(self, no: str) -> Proposal:
        return Proposal.from_json(self._connection.get(self._path(no)))

    def propose(self, said: dict[str, Any], reason: str, element: str | None = None) -> Proposal:
        """Propose what an element is to say; ``element``: the one that is changed."""
        body = {**said, "reason": reason, **({"element": element} if element else {})}
        return Proposal.from_json(self._connection.post("/element-proposals", body))

    def end(
        self, element: str, reason: str, successor: str | None = None, *, carries: bool = False
    ) -> Proposal:
        """Propose that an element is replaced by ``successor``, or retired; ``carries``: its
        sources go over to the successor.
        """
        body = _ending(reason, successor, carries)
        path = f"/elements/{quote(element.strip().upper(), safe='')}/endings"
        return Proposal.from_json(self._connection.post(path, body))

    def revise(self, no: str, said: dict[str, Any], reason: str) -> Proposal:
        """Correct what was returned, and propose it again."""
        return self._step(no, "revisions", {**said, "reason": reason})

    def revise_end(
        self, no: str, reason: str, successor: str | None = None, *, carries: bool = False
    ) -> Proposal:
        """The same of a proposal to end an element."""
        body = _ending(reason, successor, carries)
        return self._step(no, "ending-revisions", body)

    def open_hearing(self, no: str) -> Proposal:
        return self._step(no, "hearings")

    def publish(self, no: str, remark: str = "") -> Proposal:
        return self._step(no, "decisions", {"outcome": "published", "remark": remark})

    def give_back(self, no: str, remark: str) -> Proposal:
        return self._step(no, "decisions", {"outcome": "returned", "remark": remark})

    def withdraw(self, no: str) -> Proposal:
        return self._step(no, "withdrawals")

    def _step(self, no: str, step: str, body: dict[str, Any] | None = None) -> Proposal:
        """A step on the version that is there now."""
        seen = self.get(no).version
        answer = self._connection.post(f"{self._path(no)}/{step}", body, version=seen)
        return Proposal.from_json(answer)

    def _path(self, no: str) -> str:
        return f"/element-proposals/{quote(no.strip().upper(), safe='')}"


def _ending(reason: str, successor: str | None, carries: bool) -> dict[str, Any]:
    named = {"successor": successor} if successor else {}
    return {"reason": reason, **named, **({"carries_sources": True} if carries else {})}
