"""Source conflicts (数源冲突): which department is the source of a data element.

Opened and read by programs; statements, decisions and reviews are left to people.
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
class Statement(Record):
    """What one side states, with its evidence."""

    COLUMNS = ("department", "statement", "document", "article", "duty_no")
    department: str
    statement: str
    document: str = ""
    article: str = ""
    duty_no: str = ""
    entries: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SourceConflict(Record):
    """A source conflict as lists and its page show it."""

    COLUMNS = ("conflict_no", "element", "element_name", "status", "opener", "rival", "source")
    conflict_no: str
    element: str
    element_name: str
    claim: str
    own_claim: str
    opener: str
    rival: str
    status: str
    status_label: str = ""
    source: str | None = None
    due_on: date | None = None
    version: int
    opened_at: datetime
    statements: list[Statement] = field(default_factory=list)
    reasons: str = ""
    basis: str = ""
    review_until: date | None = None


class SourceConflicts:
    """The conflicts of one's own department."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, status: str = "", limit: int | None = None) -> Listing[SourceConflict]:
        """Those I may see, the newest first."""
        asked = {"status": status} if status else {}
        path = "/source-conflicts"
        return Listing(self._connection, path, SourceConflict, asked, limit=limit)

    def get(self, conflict_no: str) -> SourceConflict:
        """The conflict of this number, with what both sides state."""
        path = f"/source-conflicts/{quote(conflict_no, safe='')}"
        return SourceConflict.from_json(self._connection.get(path))

    def open(self, element: str, conflict: Mapping[str, Any]) -> SourceConflict:
        """Dispute a claim (``against``). Raises ``Invalid`` naming the fields, ``Conflict``."""
        path = f"/elements/{quote(element, safe='')}/source-conflicts"
        return SourceConflict.from_json(self._connection.post(path, dict(conflict)))
