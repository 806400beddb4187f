"""A live relation (实时数据): a table or view in a department's
database, read when it is asked for, never stored here.

What was described at registration is written down with its types and compared at every reading: a
source that has changed its shape since is refused, not guessed at.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import pyarrow as pa

from shuqiao.arrow.connectors.postgres import Session
from shuqiao.arrow.connectors.postgres_relations import Relation
from shuqiao.arrow.connectors.postgres_types import SourceColumn
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.arrow.terms.filters import Filter
from shuqiao.errors import Conflict
from shuqiao.i18n import _


class RelationChanged(Conflict):
    """The table or view is no longer what was registered."""

    code = "relation_changed"
    title = _("The table in the department's database is no longer what was registered")


@dataclass(frozen=True)
class LiveRelation:
    """The described columns of one relation, as registered, and the
    connection it is read through.
    """

    connection: Connection = field(repr=False)
    relation: Relation

    is_live: ClassVar[bool] = True
    is_ready: ClassVar[bool] = False

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns in our types; any of them may be empty, whatever the source declares."""
        return pa.schema([pa.field(column.name, column.type) for column in self.relation.columns])

    @property
    def id(self) -> str:
        return f"{self.connection.alias}:{self.relation.schema}.{self.relation.name}"

    @property
    def identity(self) -> dict[str, Any]:
        """What a plan's identity says of where its rows come from."""
        return {
            "live": {"connection": self.connection.alias, **shape(self.relation)},
            "order": list(self.relation.key),
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex over relation, columns, types and key."""
        raw = json.dumps(
            shape(self.relation), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(raw.encode()).hexdigest()

    def check(self) -> None:
        """Ask the source whether it is still what was registered.

        Raises ``RelationChanged``, ``ConnectorFailed``.
        """
        with Session(self.connection) as session:
            self._check(session)

    def read(
        self,
        names: Sequence[str],
        *,
        row_filter: Filter | None = None,
        asked: Mapping[str, str] | None = None,
        limit: int | None = None,
    ) -> "Reading":
        """Begin to read those columns, of so many rows at most.

        Raises ``RelationChanged``, ``ConnectorFailed``. Close what it gives.
        """
        session = Session(self.connection)
        try:
            self._check(session)
        except BaseException:
            session.close()
            raise
        rows = session.rows(self.relation, names, row_filter=row_filter, asked=asked, limit=limit)
        return Reading(session, rows)

    def outside(
        self, conditions: Mapping[str, Filter], asked: Mapping[str, str]
    ) -> tuple[int, ...]:
        """How many rows the conditions are not true of, as far as is counted (``Session.outside``).

        Raises ``RelationChanged``, ``ConnectorFailed``.
        """
        with Session(self.connection) as session:
            self._check(session)
            return session.outside(self.relation, conditions, asked)

    def _check(self, session: Session) -> None:
        now = session.describe(self.relation.schema, self.relation.name)
        described = {column.name for column in self.relation.columns}
        if shape(only(now, described)) != shape(self.relation):
            raise RelationChanged


class Reading(Iterator[pa.RecordBatch]):
    """Rows on their way.

    ``close`` ends it at once; ``cancel`` may be called from another thread while it waits.
    """

    def __init__(self, session: Session, batches: Iterator[pa.RecordBatch]) -> None:
        self._session, self._batches = session, batches

    def __next__(self) -> pa.RecordBatch:
        return next(self._batches)

    def cancel(self) -> None:
        self._session.cancel()

    def close(self) -> None:
        """The connection first: what is under way ends with it instead of being read to its end."""
        self._session.close()
        with closing(self._batches):  # type: ignore[type-var]
            pass


def only(relation: Relation, names: "set[str]") -> Relation:
    """The relation with the named columns; a key that needs another one
    is kept, since it only orders.
    """
    columns = tuple(column for column in relation.columns if column.name in names)
    return Relation(relation.schema, relation.name, columns, relation.key)


def shape(relation: Relation) -> dict[str, Any]:
    """The relation as it is written down at registration; :func:`relation_of` reads it."""
    return {
        "schema": relation.schema,
        "name": relation.name,
        "key": list(relation.key),
        "columns": [column.to_json() for column in relation.columns],
    }


def relation_of(stored: Mapping[str, Any]) -> Relation:
    """What :func:`shape` wrote."""
    columns = tuple(SourceColumn.from_json(column) for column in stored["columns"])
    return Relation(stored["schema"], stored["name"], columns, tuple(stored["key"]))
