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

    def list(self, words: str = "", *, limit: int | None = None) -> Listing[Element]:
        """Those that are adopted; with ``words``, those that bear them in their identifier, a name,
        the definition or the number of the standard.
        """
        query = {"q": words or None}
        return Listing(self._connection, "/elements", Element, query, limit=limit)

    def get(self, identifier: str) -> Element:
        """The element of this identifier; ``raw`` has its value domain."""
        path = f"/elements/{quote(identifier.strip().upper(), safe='')}"
        return Element.from_json(self._connection.get(path))


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
