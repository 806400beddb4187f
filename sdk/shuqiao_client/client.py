"""The façade: ``Client.from_profile()`` and from there to the catalogue, to requests, grants and
data.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote

from shuqiao_client.assignments import Assignments, ListTemplates
from shuqiao_client.collection import CollectionChecks, RepeatedForms
from shuqiao_client.conflicts import SourceConflicts
from shuqiao_client.consultations import Consultation
from shuqiao_client.demands import Demands
from shuqiao_client.duplicates import Drafts, Duplicates
from shuqiao_client.editions import ChangeEventHandle
from shuqiao_client.handles import GrantHandle, RequestHandle, ResourceHandle, Settled
from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.lists import Lists
from shuqiao_client.negative import NegativeEntries
from shuqiao_client.organisation import Departments
from shuqiao_client.profile import Profile
from shuqiao_client.proposals import Proposals
from shuqiao_client.records import CatalogHit, Delivery, Grant, Me, Receipt, ShareRequest
from shuqiao_client.registering import Entries
from shuqiao_client.sources import Sources
from shuqiao_client.standards import Calendars, Domains, Elements, Overdues, SelfReviews
from shuqiao_client.systems import Systems
from shuqiao_client.updates import Updates


class Client:
    """One service in the name of one profile; safe to share, close it when done (or use ``with``).

    ``last_receipt``: of the last stream that any handle of this client read to its end.
    """

    def __init__(self, profile: Profile) -> None:
        self._connection = Connection(profile)
        self.last_receipt: Receipt | None = None
        self.catalog = Catalog(self._connection)
        self.resources = Entries(self._connection)
        self.domains = Domains(self._connection)
        self.elements = Elements(self._connection)
        self.proposals = Proposals(self._connection)
        self.sources = Sources(self._connection)
        self.calendars = Calendars(self._connection)
        self.self_reviews = SelfReviews(self._connection)
        self.overdue = Overdues(self._connection)
        self.departments = Departments(self._connection)
        self.systems = Systems(self._connection)
        self.duplicates = Duplicates(self._connection)
        self.drafts = Drafts(self._connection)
        self.lists = Lists(self._connection)
        self.collection_checks = CollectionChecks(self._connection)
        self.repeated_forms = RepeatedForms(self._connection)
        self.updates = Updates(self._connection)
        self.list_templates = ListTemplates(self._connection)
        self.assignments = Assignments(self._connection)
        self.source_conflicts = SourceConflicts(self._connection)
        self.demands = Demands(self._connection)
        self.negative_entries = NegativeEntries(self._connection)
        self.requests = Requests(self._connection)
        self.grants = Grants(self._connection, self._settled)
        self.deliveries = Deliveries(self._connection)

    def change_event(self, change_no: str) -> ChangeEventHandle:
        """A change of law or duties, and the update that it asks for."""
        return ChangeEventHandle(self._connection, change_no)

    @classmethod
    def from_profile(cls, path: str | Path | None = None) -> "Client":
        """With the profile at ``path``, else ``SHUQIAO_PROFILE``, else
        ``~/.config/shuqiao/profile.json``.
        """
        return cls(Profile.load(path))

    def __repr__(self) -> str:
        return f"Client({self._connection!r})"

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self._connection.close()

    def me(self) -> Me:
        """Who the token speaks for. Raises ``NotSignedIn`` when it no longer works."""
        return Me.from_json(self._connection.get("/me"))

    def resource(self, code: str) -> ResourceHandle:
        """The published resource of this code (``307001-000001`` or ``307001/000001``)."""
        return ResourceHandle(self._connection, code, self._settled)

    def grant(self, grant_no: str) -> GrantHandle:
        """The grant of this number (``GR-2026-000001``)."""
        return GrantHandle(self._connection, grant_no, self._settled)

    def _settled(self, receipt: Receipt) -> None:
        self.last_receipt = receipt


class Catalog:
    """The catalogue (目录) of what is published."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def search(
        self,
        words: str = "",
        *,
        share_type: str | None = None,
        provider: str | None = None,
        limit: int | None = None,
    ) -> Listing[CatalogHit]:
        """Resources in which all ``words`` are found.

        ``share_type``: ``unconditional``, ``conditional`` or ``withheld``. ``provider``: its credit
        code (信用代码).
        """
        query = {"q": words, "share_type": share_type, "provider": provider}
        return Listing(self._connection, "/catalog", CatalogHit, query, limit=limit)


class Requests:
    """Share requests (共享申请)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        resource: ResourceHandle | str,
        *,
        items: Iterable[str],
        basis: str,
        scenario: str,
        scope: str,
        share_way: str = "",
        until: date | str,
    ) -> RequestHandle:
        """Draft a request with the five statements of Order 809 Art. 20.

        ``items``: names or identifiers. ``share_way``: ``service``, ``batch`` or ``file``; empty:
        the one that the resource offers. Raises ``Invalid``.
        """
        handle = (
            resource
            if isinstance(resource, ResourceHandle)
            else ResourceHandle(self._connection, resource)
        )
        body = {
            "resource_code": handle.code,
            "item_ids": handle.item_ids(items),
            "basis": basis,
            "scenario": scenario,
            "scope": scope,
            "share_way": share_way or handle.metadata.share_way or "batch",
            "until": until.isoformat() if isinstance(until, date) else until,
        }
        made = ShareRequest.from_json(self._connection.post("/requests", body))
        return RequestHandle(self._connection, made.request_no, made)

    def show(self, request_no: str) -> RequestHandle:
        """The request of this number, loaded."""
        handle = RequestHandle(self._connection, request_no)
        handle.refresh()
        return handle

    def list(self, *, status: str | None = None, limit: int | None = None) -> Listing[ShareRequest]:
        """Requests I may see, newest first."""
        return Listing(self._connection, "/requests", ShareRequest, {"status": status}, limit=limit)


class Grants:
    """Share grants (共享授权)."""

    def __init__(self, connection: Connection, settled: Settled | None = None) -> None:
        self._connection, self._settled = connection, settled

    def list(self, *, limit: int | None = None) -> Listing[Grant]:
        """Grants I may see, newest first."""
        return Listing(self._connection, "/grants", Grant, limit=limit)

    def get(self, grant_no: str) -> GrantHandle:
        """The grant of this number."""
        return GrantHandle(self._connection, grant_no, self._settled)

    def consultations(self, grant_no: str) -> Sequence[Consultation]:
        """What is consulted about items of the grant that a negative entry strikes."""
        found = self._connection.get(f"/grants/{quote(grant_no, safe='')}/consultations")
        return [Consultation.from_json(each) for each in found["items"]]


class Deliveries:
    """Deliveries (交付) and the receipts the service kept of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, grant_no: str | None = None, limit: int | None = None) -> Listing[Delivery]:
        """Deliveries I may see, newest first."""
        return Listing(
            self._connection, "/deliveries", Delivery, {"grant_no": grant_no}, limit=limit
        )

    def get(self, delivery_no: str) -> Delivery:
        """The delivery of this number."""
        return Delivery.from_json(
            self._connection.get(f"/deliveries/{quote(delivery_no, safe='')}")
        )

    def receipt(self, delivery_no: str) -> dict[str, object]:
        """The receipt as the service kept it: to be compared with
        ``Receipt.raw`` of the stream that arrived.
        """
        answer = self._connection.get(f"/deliveries/{quote(delivery_no, safe='')}/receipt")
        kept = answer.get("receipt")
        return kept if isinstance(kept, dict) else {}
