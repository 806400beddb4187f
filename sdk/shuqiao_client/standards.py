"""What entries and time limits go by: value domains (值域), data elements (数据元), working days
(工作日日历).
"""

from pathlib import Path
from urllib.parse import quote

from shuqiao_client.entries import (
    Calendar,
    CalendarYear,
    CodeDifference,
    Domain,
    DomainCode,
    DomainEdition,
    Element,
    Overdue,
    SelfReview,
)
from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.proposals import ElementDifference, ElementVersion


class Domains:
    """Value domains (值域): permitted codes in dated editions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def differences(self, identifier: str, before: int, after: int) -> list[CodeDifference]:
        """What changed between two editions: the first 1,000 codes."""
        query = {"before": before, "after": after}
        found = self._connection.get(f"{self._path(identifier)}/differences", query)
        return [CodeDifference.from_json(raw) for raw in found["codes"]]

    def list(self, *, limit: int | None = None) -> Listing[Domain]:
        """All of them, each with the edition in force."""
        return Listing(self._connection, "/domains", Domain, limit=limit)

    def get(self, identifier: str) -> Domain:
        """The domain with its editions, the latest first."""
        return Domain.from_json(self._connection.get(self._path(identifier)))

    def codes(
        self,
        identifier: str,
        *,
        edition: int | None = None,
        on: str | None = None,
        code: str | None = None,
        q: str | None = None,
        limit: int | None = None,
    ) -> Listing[DomainCode]:
        """Codes of an edition, by number or day (``2026-02-11``); today's without either."""
        asked = {"edition": edition, "on": on, "code": code, "q": q}
        query = {name: value for name, value in asked.items() if value is not None}
        path = f"{self._path(identifier)}/codes"
        return Listing(self._connection, path, DomainCode, query, limit=limit)

    def create(self, name: str, **more: str) -> Domain:
        """Make a domain without editions; ``more``: name_en, standard_no, owner."""
        return Domain.from_json(self._connection.post("/domains", {"name": name, **more}))

    def add_edition(
        self, identifier: str, file: str | Path, *, label: str, source: str, **more: str
    ) -> DomainEdition:
        """Import an edition from a file; ``more``: in_force_from and whatever the route takes."""
        query = {"label": label, "source": source, **more}
        path = f"{self._path(identifier)}/editions/files"
        return DomainEdition.from_json(self._connection.upload(path, Path(file), query))

    def _path(self, identifier: str) -> str:
        return f"/domains/{quote(identifier.strip().upper(), safe='')}"


class Elements:
    """Data elements (数据元)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def versions(self, identifier: str) -> list[ElementVersion]:
        """Every published version, the newest first."""
        found = self._connection.get(f"{self._path(identifier)}/versions")
        return [ElementVersion.from_json(raw) for raw in found["items"]]

    def differences(self, identifier: str, before: int, after: int) -> list[ElementDifference]:
        """What two versions say otherwise."""
        query = {"before": before, "after": after}
        found = self._connection.get(f"{self._path(identifier)}/differences", query)
        return [ElementDifference.from_json(raw) for raw in found["items"]]

    def list(
        self, words: str = "", *, limit: int | None = None, **only: str | None
    ) -> Listing[Element]:
        """Those that bear ``words`` in their identifier, a name or synonym, the definition or the
        number of the standard; ``only``: status, data_type, sourcing, standard_kind, domain.
        """
        query = {"q": words or None, **only}
        return Listing(self._connection, "/elements", Element, query, limit=limit)

    def get(self, identifier: str) -> Element:
        """The element of this identifier; ``raw`` has its value domain."""
        return Element.from_json(self._connection.get(self._path(identifier)))

    def version(self, identifier: str, number: int) -> ElementVersion:
        path = f"{self._path(identifier)}/versions/{number}"
        return ElementVersion.from_json(self._connection.get(path))

    def add_list(self, file: str | Path, status: str = "draft") -> int:
        """Import a whole list; gives how many elements. ``status``: draft or standard."""
        answer = self._connection.upload("/elements/files", Path(file), {"status": status})
        return int(answer["count"])

    def _path(self, identifier: str) -> str:
        return f"/elements/{quote(identifier.strip().upper(), safe='')}"


class SelfReviews:
    """What the data administration decided about itself (本部门自审)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[SelfReview]:
        """The latest first."""
        return Listing(self._connection, "/self-reviews", SelfReview, limit=limit)


class Overdues:
    """What is overdue (逾期清单) in the reader's reach: of the own department; for a data
    administrator every limit of law beside it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        basis: str | None = None,
        clock: str | None = None,
        case_no: str | None = None,
        limit: int | None = None,
    ) -> Listing[Overdue]:
        """The longest overdue first. ``basis``: ``statutory``, ``local`` or ``policy``;
        ``case_no``: the start of a number.
        """
        asked = {"basis": basis, "clock": clock, "case_no": case_no}
        query = {name: value for name, value in asked.items() if value}
        return Listing(self._connection, "/overdue", Overdue, query, limit=limit)


class Calendars:
    """The years that can be counted. Loading one is the system administrator's, on the page."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> list[Calendar]:
        """Every year with the notice it goes by."""
        found = self._connection.get("/calendars").get("items", [])
        return [Calendar.from_json(raw) for raw in found]

    def get(self, year: int) -> CalendarYear:
        """A year with the days that its notice names."""
        return CalendarYear.from_json(self._connection.get(f"/calendars/{year}"))
