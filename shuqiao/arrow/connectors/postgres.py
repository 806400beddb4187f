"""A department's PostgreSQL database through ADBC: what may be read
there, what it looks like, and its rows in batches.

Every connection signs in anew, reads only (the role, and the transaction besides), waits no longer
than the settings say and is closed at the end. Rows are streamed with COPY in one statement, so
they are of one moment. Errors of the driver may hold addresses, names or values; none of their
words leaves this module.
"""

import importlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Self

import adbc_driver_manager
import pyarrow as pa

from shuqiao.arrow.connectors.causes import Cause, ConnectorFailed, Outcome, cause_of
from shuqiao.arrow.connectors.entering import check_entry, conninfo
from shuqiao.arrow.connectors.hosts import locate
from shuqiao.arrow.connectors.postgres_query import Query, count_query, rows_query, setting_name
from shuqiao.arrow.connectors.postgres_types import SourceColumn, settled, source_column
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.arrow.terms.filters import Filter
from shuqiao.settings import settings

#: Tables and views listed at most; more would help nobody on a page.
MOST_RELATIONS: Final = 2_000
#: Columns of one table at most, as for files.
MOST_COLUMNS: Final = 2_000
#: Rows counted at most for a preview.
MOST_COUNTED: Final = 100_000
BATCH_BYTES: Final = 2 * 1_048_576
_PLAIN: Final = {"adbc.postgresql.use_copy": "false"}
_COPIED: Final = {"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}

_READABLE: Final = """
SELECT n.nspname::text, c.relname::text, c.relkind IN ('v', 'm'),
       coalesce(obj_description(c.oid, 'pg_class'), ''),
       greatest(c.reltuples, -1)::float8
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND has_schema_privilege(n.oid, 'USAGE')
  AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
ORDER BY 1, 2 LIMIT $1::int4
"""
_FOUND: Final = """
SELECT c.oid::int8, has_schema_privilege(n.oid, 'USAGE') AND
       (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')),
       coalesce(obj_description(c.oid, 'pg_class'), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text AND c.relname = $2::text AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
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


@dataclass(frozen=True, slots=True)
class Sample:
    """First rows of a relation, and how many there are (more than
    :data:`MOST_COUNTED`: not counted further).
    """

    rows: pa.Table
    row_count: int
    null_counts: tuple[int, ...]

    @property
    def is_counted(self) -> bool:
        return self.row_count <= MOST_COUNTED


class Session:
    """One signed-in connection.

    Use it in a ``with`` block, from one thread; ``cancel`` may come from another.
    """

    def __init__(self, connection: Connection) -> None:
        # Only who connects pays for it: the driver loads pandas and
        # polars where they are installed.
        adbc = importlib.import_module("adbc_driver_postgresql.dbapi")
        place = locate(connection)
        self._is_late = threading.Event()
        try:
            self._line = adbc.connect(conninfo(connection, place), autocommit=False)
        except adbc_driver_manager.Error:
            is_in = False
        else:
            is_in = True
        if not is_in:  # outside of the handler: nothing of the driver's words goes along
            check_entry(connection)
            raise ConnectorFailed(Cause.FAILED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave.

        A statement under way ends with the connection; nothing was changed, so nothing is lost.
        """
        with suppress(adbc_driver_manager.Error):
            self._line.close()

    def cancel(self) -> None:
        """Break off the statement under way, from any thread."""
        with suppress(adbc_driver_manager.Error):
            self._line.adbc_cancel()

    def ask(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """A small answer, whole. Raises ``ConnectorFailed``."""
        with translated(), self._line.cursor(adbc_stmt_kwargs=_PLAIN) as cursor:
            cursor.execute(text, parameters=values or None)
            return list(cursor.fetchall())

    def tables(self) -> list[RelationName]:
        """Every table and view that may be read, by name."""
        return [
            RelationName(schema, name, is_view, comment, None if rows < 0 else int(rows))
            for schema, name, is_view, comment, rows in self.ask(_READABLE, MOST_RELATIONS)
        ]

    def describe(self, schema: str, name: str) -> Relation:
        """One table or view as it is now.

        Raises ``ConnectorFailed`` (``relation_missing``, ``no_right``).
        """
        found = self.ask(_FOUND, schema, name) if "\0" not in schema + name else []
        if not found:
            raise ConnectorFailed(Cause.RELATION_MISSING)
        oid, is_readable, comment = found[0]
        if not is_readable:
            raise ConnectorFailed(Cause.NO_RIGHT)
        columns = tuple(source_column(*row) for row in self.ask(_COLUMNS, oid, MOST_COLUMNS))
        key = tuple(row[0] for row in self.ask(_KEY, oid))
        return Relation(
            schema, name, columns, key if set(key) <= {c.name for c in columns} else (), comment
        )

    def may_write(self) -> bool:
        """Whether the role could change data; a connection is for roles that cannot."""
        return bool(self.ask(_MAY_WRITE)[0][0])

    def rows(
        self,
        relation: Relation,
        names: Sequence[str],
        *,
        row_filter: Filter | None = None,
        asked: Mapping[str, str] | None = None,
        limit: int | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """The named columns of the rows that ``row_filter`` takes
        (``asked``: column by item id), about 2 MB a batch.

        In the order of the key, where there is one. Never more than a batch is held, beside the one
        handed on; longer than ``connector_answer_seconds`` is not waited for one. Raises
        ``ConnectorFailed``.
        """
        by_name = {column.name: column for column in relation.columns}
        columns = [by_name[name] for name in names]
        query = rows_query(
            relation.pair,
            columns,
            key=relation.key,
            row_filter=row_filter,
            limit=limit,
            asked={item: by_name[name] for item, name in (asked or {}).items()},
        )
        self._bind(query)
        with self._line.cursor(adbc_stmt_kwargs=_COPIED) as cursor:
            with self._patient():
                cursor.execute(query.text)
                reader = cursor.fetch_record_batch()
            while True:
                with self._patient():
                    batch = next(reader, None)
                if batch is None:
                    return
                if batch.num_rows:
                    yield settled(batch, columns)

    def count(self, relation: Relation, names: Sequence[str]) -> tuple[int, ...]:
        """Rows, then per named column the rows that have a value;
        counting ends after :data:`MOST_COUNTED` rows.
        """
        by_name = {column.name: column for column in relation.columns}
        query = count_query(relation.pair, [by_name[name] for name in names], most=MOST_COUNTED)
        return tuple(self.ask(query.text)[0])

    def _bind(self, query: Query) -> None:
        """Set the values of the query for this transaction.

        How long it may take is watched from here, by the batch.
        """
        self.ask("SELECT set_config('statement_timeout', '0', true)")
        for number, value in enumerate(query.values):
            self.ask("SELECT set_config($1::text, $2::text, true)", setting_name(number), value)

    @contextmanager
    def _patient(self) -> Iterator[None]:
        """Break off what takes longer than the settings allow: the
        server counts the reader's time too, we do not.
        """
        timer = threading.Timer(settings().connector_answer_seconds, self._break_off)
        timer.daemon = True
        timer.start()
        try:
            with translated():
                yield
        except ConnectorFailed:
            if self._is_late.is_set():  # the error may come with the next call only
                raise ConnectorFailed(Cause.TIMED_OUT) from None
            raise
        finally:
            timer.cancel()

    def _break_off(self) -> None:
        self._is_late.set()
        self.cancel()


@contextmanager
def translated() -> Iterator[None]:
    """Whatever the driver says becomes a cause; its words are dropped."""
    try:
        yield
    except adbc_driver_manager.Error as error:
        cause, state = _reason(error)
    except (
        pa.ArrowException,
        OSError,
    ) as error:  # in the midst of the rows the driver gives no code any more
        cause, state = (Cause.FAILED if "Execution error" in str(error) else Cause.BROKEN_OFF), ""
    else:
        return
    raise ConnectorFailed(cause, state=state) from None


def try_out(connection: Connection) -> Outcome:
    """Whether rows can be read, and if not, the one cause. Nothing is changed, no data is read."""
    try:
        check_entry(connection)
        with Session(connection) as session:
            if session.may_write():
                return Outcome(Cause.MAY_WRITE)
            found = len(session.tables())
    except ConnectorFailed as failed:
        return failed.outcome
    return Outcome(relations=found) if found else Outcome(Cause.NO_RIGHT)


def sample(connection: Connection, schema: str, name: str, *, rows: int) -> tuple[Relation, Sample]:
    """A relation with its first ``rows``.

    Columns that cannot be taken are left out of the sample.
    """
    with Session(connection) as session:
        relation = session.describe(schema, name)
        names = [column.name for column in relation.columns if column.type is not None]
        if not names:
            return relation, Sample(pa.table({}), 0, ())
        counted = session.count(relation, names)
        batches = list(session.rows(relation, names, limit=rows))
    fields = [
        pa.field(column.name, column.type) for column in relation.columns if column.type is not None
    ]
    table = pa.Table.from_batches(batches, pa.schema(fields))
    return relation, Sample(table, counted[0], tuple(counted[0] - count for count in counted[1:]))


def _reason(error: adbc_driver_manager.Error) -> tuple[Cause, str]:
    if error.sqlstate:
        return cause_of(error.sqlstate)
    is_lost = error.status_code == adbc_driver_manager.AdbcStatusCode.IO
    return (Cause.BROKEN_OFF if is_lost else Cause.FAILED), ""
