"""What entries and time limits go by: data elements (数据元), working days (工作日日历)."""

from urllib.parse import quote

from shuqiao_client.entries import Calendar, CalendarYear, Element, Overdue, SelfReview
from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing


class Elements:
    """Data elements (数据元)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, limit: int | None = None) -> Listing[Element]:
        """Those that are adopted."""
        return Listing(self._connection, "/elements", Element, limit=limit)

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
