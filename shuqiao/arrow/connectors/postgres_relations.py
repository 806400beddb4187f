"""What may be read in a department's PostgreSQL: its tables and views, their columns and keys.

Listed and read is the same: a name that is typed finds nothing that the list leaves out. A view and
a foreign table are the department's word: its administrator made them and gave the account the
right, whatever they reach for; they are read under that right and not looked into.

The questions go to the system catalogue; whoever holds a connection asks them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed
from shuqiao.arrow.connectors.postgres_types import SourceColumn, source_column

#: Tables and views listed at most; more would help nobody on a page.
MOST_RELATIONS: Final = 2_000
#: Columns of one table at most, as for files.
MOST_COLUMNS: Final = 2_000
#: A statement and its values; gives the rows. Raises ``ConnectorFailed``.
Ask = Callable[..., list[tuple[Any, ...]]]

#: What belongs to a department: not the server's own schemas (catalogue, statistics, temporary and
#: TOAST tables; no other schema may begin with ``pg_``), not what an extension brought, such as
#: ``pg_stat_statements`` with the statements of others.
_OF_THE_DEPARTMENT: Final = """
  n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                  AND d.objid = c.oid AND d.deptype = 'e')
"""
_READABLE: Final = f"""
SELECT n.nspname::text, c.relname::text, c.relkind IN ('v', 'm'),
       coalesce(obj_description(c.oid, 'pg_class'), ''),
       greatest(c.reltuples, -1)::float8
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {_OF_THE_DEPARTMENT}
  AND has_schema_privilege(n.oid, 'USAGE')
  AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
ORDER BY 1, 2 LIMIT $1::int4
"""
_FOUND: Final = f"""
SELECT c.oid::int8, has_schema_privilege(n.oid, 'USAGE') AND
       (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')),
       coalesce(obj_description(c.oid, 'pg_class'), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relname = $2::text AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND {_OF_THE_DEPARTMENT}
"""
# A domain is followed down to the type it is made of; the size may be stated on the way.
_COLUMNS: Final = """
WITH RECURSIVE made AS (
    SELECT a.attnum, t.oid, t.typname, t.typtype, t.typbasetype,
           a.atttypmod AS modifier, t.typtypmod
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = $1::int8::oid AND a.attnum > 0 AND NOT a.attisdropped
      AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    UNION ALL
    SELECT made.attnum, t.oid, t.typname, t.typtype, t.typbasetype,
           CASE WHEN made.modifier < 0 THEN made.typtypmod ELSE made.modifier END, t.typtypmod
    FROM made JOIN pg_type t ON t.oid = made.typbasetype WHERE made.typtype = 'd'
)
SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
       made.typname::text, made.typtype::text,
       made.modifier::int4, coalesce(col_description(a.attrelid, a.attnum), '')
FROM pg_attribute a JOIN made ON made.attnum = a.attnum AND made.typtype <> 'd'
WHERE a.attrelid = $1::int8::oid ORDER BY a.attnum LIMIT $2::int4
"""
_KEY: Final = """
SELECT a.attname::text FROM pg_index i
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS part(attnum, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
WHERE i.indrelid = $1::int8::oid AND i.indisprimary ORDER BY part.place
"""
_MAY_WRITE: Final = """
SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'f')
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND has_schema_privilege(n.oid, 'USAGE')
      AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
"""


@dataclass(frozen=True, slots=True)
class RelationName:
    """A table or view the account may read."""

    schema: str
    name: str
    is_view: bool = False
    comment: str = ""
    #: What the database's statistics say; None when they say nothing.
    estimated_rows: int | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view as it is now: its readable columns in order, and
    the key its rows can be ordered by.
    """

    schema: str
    name: str
    columns: tuple[SourceColumn, ...]
    key: tuple[str, ...] = ()
    comment: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        return self.schema, self.name


def readable(ask: Ask) -> list[RelationName]:
    """Every table and view that may be read, by name."""
    return [
        RelationName(schema, name, is_view, comment, None if rows < 0 else int(rows))
        for schema, name, is_view, comment, rows in ask(_READABLE, MOST_RELATIONS)
    ]


def described(ask: Ask, schema: str, name: str) -> Relation:
    """One table or view as it is now.

    Raises ``ConnectorFailed`` (``relation_missing``, ``no_right``).
    """
    found = ask(_FOUND, schema, name) if "\0" not in schema + name else []
    if not found:
        raise ConnectorFailed(Cause.RELATION_MISSING)
    oid, is_readable, comment = found[0]
    if not is_readable:
        raise ConnectorFailed(Cause.NO_RIGHT)
    columns = tuple(source_column(*row) for row in ask(_COLUMNS, oid, MOST_COLUMNS))
    key = tuple(row[0] for row in ask(_KEY, oid))
    return Relation(
        schema, name, columns, key if set(key) <= {c.name for c in columns} else (), comment
    )


def may_write(ask: Ask) -> bool:
    """Whether the role could change data."""
    return bool(ask(_MAY_WRITE)[0][0])
