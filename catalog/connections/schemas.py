"""Connections and the tables behind them, as they are read."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from audit.append import ObjectRef
from audit.schemas import EventReceipt
from policies.facts import ResourceFacts
from shuqiao.arrow.connectors.causes import Outcome
from shuqiao.arrow.connectors.postgres_relations import Relation, RelationName
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.arrow.intake.options import Preview


@dataclass(frozen=True, slots=True)
class Looked:
    """A table or view as it was found, and what a person sees of it."""

    relation: Relation
    preview: Preview


@dataclass(frozen=True, slots=True)
class OwnedConnection:
    """A connection with the department it belongs to, as the guard asks about it."""

    connection: Connection
    owner_id: UUID | None

    def policy_facts(self) -> ResourceFacts:
        return ResourceFacts(
            "Connection", self.connection.alias, {"owner": str(self.owner_id or "")}
        )

    def audit_ref(self) -> ObjectRef:
        return ObjectRef("Connection", self.connection.alias)

    def audit_stream(self) -> str:
        return stream_of(self.connection.alias)


def stream_of(alias: str) -> str:
    """The stream of the trail that tells about a connection."""
    return f"connection:{alias}"


class ConnectionRead(BaseModel):
    """A connection of the own department: where it leads, never with which password."""

    alias: str
    kind: str = "postgresql"
    host: str
    port: int
    database: str
    user: str
    sslmode: str

    @classmethod
    def of(cls, found: Connection) -> Self:
        return cls(
            alias=found.alias,
            host=found.host,
            port=found.port,
            database=found.database,
            user=found.user,
            sslmode=found.sslmode,
        )


class ConnectionList(BaseModel):
    """The connections of the own department."""

    items: list[ConnectionRead]


class ConnectionTested(EventReceipt):
    """How a test ended.

    ``cause`` is a stable word, ``sentence`` says what happened, ``fix`` what to do.
    """

    is_ok: bool
    cause: str | None
    state: str
    sentence: str
    fix: str | None
    relations: int

    @classmethod
    def facts(cls, outcome: Outcome) -> dict[str, object]:
        return {
            "is_ok": outcome.is_ok,
            "cause": outcome.cause,
            "state": outcome.state,
            "relations": outcome.relations,
            "sentence": str(outcome.sentence),
            "fix": str(outcome.fix) if outcome.fix else None,
        }


class RelationSummary(BaseModel):
    """A table or view that may be read; ``estimated_rows`` is the database's own guess."""

    schema_name: str
    table_name: str
    is_view: bool
    comment: str
    estimated_rows: int | None

    @classmethod
    def of(cls, found: RelationName) -> Self:
        return cls(
            schema_name=found.schema,
            table_name=found.name,
            is_view=found.is_view,
            comment=found.comment,
            estimated_rows=found.estimated_rows,
        )


class RelationList(BaseModel):
    """The tables and views that may be read through a connection."""

    items: list[RelationSummary]


class RelationColumn(BaseModel):
    """A column of a table: its type there and here; without one here it cannot be taken, and
    ``note`` says why.
    """

    name: str
    declared_type: str
    type: str | None
    comment: str
    note: str | None


class RelationRead(BaseModel):
    """A table or view as it is now, with its first rows as text."""

    schema_name: str
    table_name: str
    comment: str
    key: list[str]
    row_count: int
    columns: list[RelationColumn]
    preview_rows: list[list[str | None]]
    warnings: list[str]

    @classmethod
    def of(cls, looked: Looked) -> Self:
        relation, preview = looked.relation, looked.preview
        columns = [
            RelationColumn(
                name=column.name,
                declared_type=column.declared,
                type=str(column.type) if column.type else None,
                comment=column.comment,
                note=str(column.note) if column.note else None,
            )
            for column in relation.columns
        ]
        return cls(
            schema_name=relation.schema,
            table_name=relation.name,
            comment=relation.comment,
            key=list(relation.key),
            row_count=preview.row_count,
            columns=columns,
            preview_rows=[list(cells) for cells in preview.rows],
            warnings=[str(warning) for warning in preview.warnings],
        )
