"""Lists that are fetched page by page while they are read."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa

from shuqiao_client import frames
from shuqiao_client.http import Connection
from shuqiao_client.reading import Record

if TYPE_CHECKING:
    import pandas
    import polars

R = TypeVar("R", bound=Record)


class Listing(Generic[R]):
    """All records of a list, in the service's order. Nothing is fetched before it is iterated.

    ``limit``: at most so many records; None for all of them. Iterating again asks again.
    """

    def __init__(
        self,
        connection: Connection,
        path: str,
        kind: type[R],
        query: Mapping[str, Any] | None = None,
        *,
        limit: int | None = None,
    ) -> None:
        self._connection, self._path, self._kind, self._limit = connection, path, kind, limit
        self._query = dict(query or {})
        #: What the service said beside the records, of the page fetched last.
        self.said: Mapping[str, Any] = {}

    def __iter__(self) -> Iterator[R]:
        return islice(self._records(), self._limit)

    def __repr__(self) -> str:
        return f"Listing({self._path!r}, {self._query!r})"

    def first(self) -> R | None:
        """The first record, or None."""
        return next(iter(self), None)

    def to_arrow(self) -> pa.Table:
        """The records' main columns as a table."""
        return frames.to_table(self._kind, list(self))

    def to_polars(self) -> "polars.DataFrame":
        """The same as a polars frame."""
        return frames.to_polars(self.to_arrow())

    def to_pandas(self) -> "pandas.DataFrame":
        """The same as a pandas frame."""
        return frames.to_pandas(self.to_arrow())

    def _records(self) -> Iterator[R]:
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            page = self._connection.get(
                self._path, {**self._query, "limit": self._page_size(), "cursor": cursor}
            )
            self.said = {name: value for name, value in page.items() if name != "items"}
            yield from (self._kind.from_json(raw) for raw in page.get("items", []))
            cursor = page.get("next")
            if not cursor or cursor in seen:  # a cursor that comes back would never end
                return
            seen.add(cursor)

    def _page_size(self) -> int:
        return max(1, min(200, self._limit or 200))
