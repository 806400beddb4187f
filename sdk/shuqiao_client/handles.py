"""Handles: names of things at the service. Nothing is fetched before something of them is asked
for.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyarrow as pa

from shuqiao_client import frames, progress
from shuqiao_client.errors import FieldError, Invalid, NoActiveGrant, SeveralGrants
from shuqiao_client.http import Connection
from shuqiao_client.listing import Listing
from shuqiao_client.records import CatalogEntry, Grant, GrantedItem, Item, Me, Receipt, ShareRequest
from shuqiao_client.stream import DataStream, Progress
from shuqiao_client.words import say

if TYPE_CHECKING:
    import pandas
    import polars

Columns = Sequence[str] | None
Settled = Callable[[Receipt], None]


class Data:
    """What can be done with granted data; a handle says how its stream is opened."""

    def fetch(self, columns: Columns = None, *, progress: Progress | None = None) -> DataStream:
        """Open the stream (one delivery).

        ``columns``: granted names, None for all; the grant's order stays.

        Raises ``GrantNotLive``, ``ColumnNotGranted``, ``NotAllowed``, ``StreamCut``.
        """
        raise NotImplementedError

    def to_arrow(self, columns: Columns = None) -> pa.Table:
        """Every granted row, checked against the receipt."""
        with progress.shown(str(self)) as bar, self.fetch(columns, progress=bar) as stream:
            return stream.read_all()

    def to_polars(self, columns: Columns = None) -> "polars.DataFrame":
        """The same as a polars frame."""
        return frames.to_polars(self.to_arrow(columns))

    def to_pandas(self, columns: Columns = None) -> "pandas.DataFrame":
        """The same as a pandas frame."""
        return frames.to_pandas(self.to_arrow(columns))

    def reader(self, columns: Columns = None) -> pa.RecordBatchReader:
        """The rows as they arrive, in constant memory: ``duckdb.from_arrow(handle.reader())``.

        To be read once.
        """
        return self.fetch(columns).reader()


class GrantHandle(Data):
    """One grant (共享授权): its terms, and the data it lets out.

    ``receipt``: of the last stream read to its end.
    """

    def __init__(
        self, connection: Connection, grant_no: str, settled: Settled | None = None
    ) -> None:
        self.grant_no = grant_no
        self.receipt: Receipt | None = None
        self._connection, self._on_settled = connection, settled

    def __repr__(self) -> str:
        return f"GrantHandle({self.grant_no!r})"

    def __str__(self) -> str:
        return self.grant_no

    @property
    def metadata(self) -> Grant:
        """The grant as it is now."""
        return Grant.from_json(self._connection.get(f"/grants/{quote(self.grant_no, safe='')}"))

    @property
    def items(self) -> list[GrantedItem]:
        """The granted items with what is done to each before it leaves."""
        return self.metadata.items

    def fetch(self, columns: Columns = None, *, progress: Progress | None = None) -> DataStream:
        url = self._connection.announced(self.metadata.data_url)
        query = {"column": list(columns)} if columns is not None else None
        response = self._connection.stream(url, query)
        return DataStream(response, self.grant_no, progress=progress, arrived=self._settled)

    def _settled(self, receipt: Receipt) -> None:
        self.receipt = receipt
        if self._on_settled is not None:
            self._on_settled(receipt)


class ResourceHandle(Data):
    """One published data resource (数据资源), by its code in either spelling."""

    def __init__(self, connection: Connection, code: str, settled: Settled | None = None) -> None:
        self.code = code.strip().replace("/", "-")
        self._connection, self._on_settled = connection, settled

    def __repr__(self) -> str:
        return f"ResourceHandle({self.code!r})"

    def __str__(self) -> str:
        return self.code

    @cached_property
    def metadata(self) -> CatalogEntry:
        """The latest published version, asked for once."""
        return CatalogEntry.from_json(self._connection.get(f"/catalog/{quote(self.code, safe='')}"))

    @property
    def items(self) -> list[Item]:
        """The information items."""
        return self.metadata.items

    @property
    def grants(self) -> list[Grant]:
        """My department's grants of this resource, whatever their state."""
        own = Me.from_json(self._connection.get("/me")).department
        found = Listing(self._connection, "/grants", Grant)
        return [
            each
            for each in found
            if each.consumer == own and each.resource_code.replace("/", "-") == self.code
        ]

    def grant(self) -> GrantHandle:
        """The one active grant. Raises ``NoActiveGrant``, ``SeveralGrants``."""
        active = [each.grant_no for each in self.grants if each.status == "active"]
        if not active:
            raise NoActiveGrant(say("grant.none", code=self.code))
        if len(active) > 1:
            raise SeveralGrants(say("grant.several", code=self.code, numbers="、".join(active)))
        return GrantHandle(self._connection, active[0], self._on_settled)

    def fetch(self, columns: Columns = None, *, progress: Progress | None = None) -> DataStream:
        return self.grant().fetch(columns, progress=progress)

    def item_ids(self, names: Iterable[str]) -> list[str]:
        """Identifiers of items given by identifier, name or column name.

        Raises ``Invalid`` naming each unknown one.
        """
        found, errors = [], []
        for place, name in enumerate(names):
            ids = self._ids_of(name)
            if len(ids) == 1:
                found.append(ids[0])
                continue
            known = "、".join(item.name for item in self.items)
            detail = (
                say("item.unclear", name=name)
                if ids
                else say("item.unknown", name=name, known=known)
            )
            code = "item_unclear" if ids else "item_unknown"
            errors.append(FieldError(f"#/items/{place}", code, detail, say("item.fix")))
        if errors:
            raise Invalid(errors[0].detail, title=say("items.invalid"), errors=errors)
        return found

    def _ids_of(self, name: str) -> list[str]:
        """By identifier, else by name, else by column name: the first way that finds something."""
        for attribute in ("id", "name", "column_name"):
            if found := [item.id for item in self.items if getattr(item, attribute) == name]:
                return found
        return []


class RequestHandle:
    """One share request (共享申请).

    ``metadata`` is as it was when last loaded; ``refresh`` loads it again.
    """

    def __init__(
        self, connection: Connection, request_no: str, loaded: ShareRequest | None = None
    ) -> None:
        self.request_no = request_no
        self._connection, self._loaded = connection, loaded

    def __repr__(self) -> str:
        return f"RequestHandle({self.request_no!r})"

    @property
    def metadata(self) -> ShareRequest:
        """The request as last loaded."""
        return self._loaded or self.refresh()

    @property
    def status(self) -> str:
        """``draft``, ``own_consent``, ``submitted``, ``reply_prepared``, ``approved``, …"""
        return self.metadata.status

    @property
    def due_on(self) -> date | None:
        """When the running statutory limit falls due; None when no
        clock runs or its calendar is not loaded.
        """
        running = (clock for clock in self.metadata.clocks if clock.closed_on is None)
        return min((clock.due_on for clock in running if clock.due_on is not None), default=None)

    def refresh(self) -> ShareRequest:
        """Load the request as it is now."""
        self._loaded = ShareRequest.from_json(self._connection.get(self._path()))
        return self._loaded

    def submit(self) -> "RequestHandle":
        """Ask the own sharing head for consent.

        Raises ``Changed`` when somebody changed the request meanwhile.
        """
        return self._step("submissions", None)

    def withdraw(self, remark: str) -> "RequestHandle":
        """Withdraw the request; the remark is told to both sides."""
        return self._step("withdrawals", {"remark": remark})

    def _step(self, name: str, body: dict[str, Any] | None) -> "RequestHandle":
        answer = self._connection.post(
            f"{self._path()}/{name}", body, version=self.metadata.version
        )
        self._loaded = ShareRequest.from_json(answer)
        return self

    def _path(self) -> str:
        return f"/requests/{quote(self.request_no, safe='')}"
