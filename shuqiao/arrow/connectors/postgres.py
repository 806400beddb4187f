"""A department's PostgreSQL database through ADBC: signing in, and rows in batches.

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
from shuqiao.arrow.connectors.postgres_query import (
    Query,
    count_query,
    outside_query,
    rows_query,
    setting_name,
)
from shuqiao.arrow.connectors.postgres_relations import (
    Relation,
    RelationName,
    described,
    may_write,
    readable,
)
from shuqiao.arrow.connectors.postgres_types import settled
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.arrow.terms.filters import Filter
from shuqiao.settings import settings

#: Rows counted at most for a preview.
MOST_COUNTED: Final = 100_000
BATCH_BYTES: Final = 2 * 1_048_576
_PLAIN: Final = {"adbc.postgresql.use_copy": "false"}
_COPIED: Final = {"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}


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
        return readable(self.ask)

    def describe(self, schema: str, name: str) -> Relation:
        """One table or view as it is now.

        Raises ``ConnectorFailed`` (``relation_missing``, ``no_right``).
        """
        return described(self.ask, schema, name)

    def may_write(self) -> bool:
        """Whether the role could change data; a connection is for roles that cannot."""
        return may_write(self.ask)

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

    def outside(
        self, relation: Relation, conditions: Mapping[str, Filter], asked: Mapping[str, str]
    ) -> tuple[int, ...]:
        """How many rows ``conditions`` are not true of (``asked``: column by item id), as
        ``outside_query`` counts them; counting ends after :data:`MOST_COUNTED` rows, and when it
        takes longer than ``connector_answer_seconds``. Raises ``ConnectorFailed``.
        """
        by_name = {column.name: column for column in relation.columns}
        columns = {item: by_name[name] for item, name in asked.items()}
        query = outside_query(relation.pair, conditions, columns, most=MOST_COUNTED)
        self._bind(query)
        with self._patient():
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
