"""A real second database: every cause for real, hostile names and
values, the table of types, bounded memory.
"""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fixtures.database import Cluster
from fixtures.department_database import (
    PASSWORD,
    READER,
    DepartmentDatabase,
    leftover,
    of_cluster,
    tcp_door,
)

from shuqiao.arrow.connectors import postgres
from shuqiao.arrow.connectors.causes import SENTENCES, Cause, ConnectorFailed
from shuqiao.arrow.connectors.postgres import Session
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.arrow.terms.filters import parse_filter
from shuqiao.settings import settings

HOSTILE = 'a";drop table school;--'


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> DepartmentDatabase:
    made = of_cluster(cluster, "dept_types")
    made.do("GRANT CREATE ON SCHEMA public TO postgres")
    return made


@pytest.fixture
def connection(database: DepartmentDatabase) -> Connection:
    return database.connection


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHUQIAO_CONNECTOR_ANSWER_SECONDS", "0.4")
    monkeypatch.setenv("SHUQIAO_CONNECTOR_CONNECT_SECONDS", "1")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def cause(connection: Connection) -> Cause | None:
    outcome = postgres.try_out(connection)
    told = repr(outcome) + str(outcome.sentence) + str(outcome.fix)
    assert PASSWORD not in told and connection.password not in told
    return outcome.cause


class TestCauses:
    def test_a_sound_connection_says_how_much_can_be_read(self, connection: Connection) -> None:
        outcome = postgres.try_out(connection)
        assert outcome.is_ok and outcome.relations >= 1

    def test_a_wrong_password_and_an_unknown_account(self, connection: Connection) -> None:
        assert cause(replace(connection, password="falsch-42")) is Cause.PASSWORD_REFUSED
        assert cause(replace(connection, user="nobody_here")) is Cause.PASSWORD_REFUSED

    def test_a_missing_database(self, connection: Connection) -> None:
        assert cause(replace(connection, database="nothing_here")) is Cause.DATABASE_MISSING

    def test_a_database_the_account_may_not_enter(self, connection: Connection) -> None:
        assert cause(replace(connection, database="postgres")) in (
            Cause.NO_RIGHT,
            Cause.ENTRY_REFUSED,
        )

    def test_a_closed_port(self, connection: Connection) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            closed = replace(connection, host="127.0.0.1", port=held.getsockname()[1])
            assert cause(closed) is Cause.NO_ANSWER
        assert cause(replace(connection, host="/nowhere")) is Cause.NO_ANSWER

    def test_a_name_nobody_knows(
        self, connection: Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SHUQIAO_CONNECTOR_HOSTS", '["nothing.invalid"]')
        settings.cache_clear()
        try:
            assert cause(replace(connection, host="nothing.invalid")) is Cause.HOST_UNKNOWN
        finally:
            monkeypatch.undo()
            settings.cache_clear()

    def test_a_server_that_is_not_listed(self, connection: Connection) -> None:
        assert cause(replace(connection, host="db.example")) is Cause.NOT_ALLOWED

    @pytest.mark.parametrize("sslmode", ["require", "verify-full"])
    def test_a_server_without_tls_where_tls_is_asked_for(
        self, connection: Connection, sslmode: str
    ) -> None:
        with tcp_door(connection) as port:
            assert (
                cause(replace(connection, host="127.0.0.1", port=port, sslmode=sslmode))
                is Cause.TLS
            )

    def test_the_same_server_without_asking_for_tls(self, connection: Connection) -> None:
        with tcp_door(connection) as port:
            assert (
                cause(replace(connection, host="127.0.0.1", port=port, sslmode="disable")) is None
            )

    @pytest.mark.usefixtures("impatient")
    def test_something_that_listens_and_says_nothing(self, connection: Connection) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:
            there = replace(connection, host="127.0.0.1", port=mute.getsockname()[1])
            assert cause(replace(there, sslmode="disable")) is Cause.NO_ANSWER
            assert cause(replace(there, sslmode="require")) is Cause.NO_ANSWER

    def test_an_account_that_may_write(
        self, cluster: Cluster, database: DepartmentDatabase
    ) -> None:
        url = cluster.superuser_url
        admin = replace(database.connection, user="postgres", password=str(url.password))
        assert cause(admin) is Cause.MAY_WRITE
        database.do(f"GRANT INSERT ON school TO {READER}")
        try:
            assert cause(database.connection) is Cause.MAY_WRITE
        finally:
            database.do(f"REVOKE INSERT ON school FROM {READER}")

    def test_nothing_that_may_be_read(self, database: DepartmentDatabase) -> None:
        database.do(f"REVOKE USAGE ON SCHEMA public FROM PUBLIC, {READER}")
        try:
            assert cause(database.connection) is Cause.NO_RIGHT
        finally:
            database.do("GRANT USAGE ON SCHEMA public TO PUBLIC")

    def test_a_table_without_the_right_and_one_that_is_not_there(
        self, connection: Connection
    ) -> None:
        with Session(connection) as session:
            for name, wanted in (("secret", Cause.NO_RIGHT), ("nothing", Cause.RELATION_MISSING)):
                with pytest.raises(ConnectorFailed) as caught:
                    session.describe("public", name)
                assert caught.value.cause is wanted

    @pytest.mark.usefixtures("impatient")
    def test_a_query_that_takes_too_long(self, database: DepartmentDatabase) -> None:
        database.do("CREATE OR REPLACE VIEW slow AS SELECT 1 AS id, pg_sleep(30)::text AS z")
        database.grant("slow")
        started = time.monotonic()
        with Session(database.connection) as session, pytest.raises(ConnectorFailed) as caught:
            list(session.rows(session.describe("public", "slow"), ["id", "z"]))
        assert caught.value.cause is Cause.TIMED_OUT
        assert time.monotonic() - started < 15
        with Session(database.connection) as session, pytest.raises(ConnectorFailed) as caught:
            session.ask("SELECT pg_sleep(30)::text")
        assert caught.value.cause is Cause.TIMED_OUT

    def test_every_cause_has_a_sentence_and_a_way_on(self) -> None:
        assert set(SENTENCES) == set(Cause)


def test_the_role_reads_only_even_if_it_might_write(
    cluster: Cluster, database: DepartmentDatabase
) -> None:
    admin = replace(
        database.connection, user="postgres", password=str(cluster.superuser_url.password)
    )
    with Session(admin) as session, pytest.raises(ConnectorFailed) as caught:
        session.ask("CREATE TABLE written (id int)")
    assert caught.value.state == "25006"


def test_hostile_names_and_values_are_only_names_and_values(database: DepartmentDatabase) -> None:
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    database.do(
        f"CREATE SCHEMA IF NOT EXISTS {quoted}",
        f"GRANT USAGE ON SCHEMA {quoted} TO {READER}",
        f'CREATE TABLE {quoted}.{quoted} ({quoted} text, "c0" int, "r" text)',
        f"INSERT INTO {quoted}.{quoted} VALUES ('x'' OR true;--', 1, 'a'), ('y', 2, 'b')",
    )
    database.grant(f"{quoted}.{quoted}")
    with Session(database.connection) as session:
        relation = session.describe(HOSTILE, HOSTILE)
        names = [column.name for column in relation.columns]
        assert names == [HOSTILE, "c0", "r"]
        asked = {"i": relation.columns[0].type}
        for value, found in (
            ("x' OR true;--", 1),
            ("y' OR '1'='1", 0),
            ("%", 0),
            ("\\", 0),
            ("$1", 0),
            ("y", 1),
        ):
            tree = parse_filter({"op": "eq", "item": "i", "value": value}, asked)
            with Session(database.connection) as own:
                rows = list(own.rows(relation, names, row_filter=tree, asked={"i": HOSTILE}))
            assert sum(batch.num_rows for batch in rows) == found, value
        for pair in (
            ("public", "school; drop table school"),
            ("public' OR true--", "x"),
            ("a\0b", "c"),
        ):
            with pytest.raises(ConnectorFailed):
                session.describe(*pair)
    assert database.ask("SELECT count(*) FROM school")[0][0] == 4


TYPES: tuple[tuple[str, str, pa.DataType | None, Any], ...] = (
    ("boolean", "true", pa.bool_(), True),
    ("smallint", "-3", pa.int16(), -3),
    ("integer", "7", pa.int32(), 7),
    ("bigint", "9007199254740993", pa.int64(), 9007199254740993),
    ("real", "1.5", pa.float32(), 1.5),
    ("double precision", "0.1", pa.float64(), 0.1),
    ("numeric(12,2)", "1234567890.12", pa.decimal128(12, 2), Decimal("1234567890.12")),
    ("numeric", "1.5", pa.decimal128(38, 10), Decimal("1.5000000000")),
    ("numeric(40,2)", "1", None, None),
    ("numeric(3,-2)", "100", None, None),
    ("text", "'汉字 🀄'", pa.string(), "汉字 🀄"),
    ("varchar(5)", "'ab'", pa.string(), "ab"),
    ("char(5)", "'ab'", pa.string(), "ab"),
    ("name", "'ab'", pa.string(), "ab"),
    ("date", "'2026-02-11'", pa.date32(), date(2026, 2, 11)),
    (
        "timestamp",
        "'2026-02-11 09:00:00.123456'",
        pa.timestamp("us"),
        datetime(2026, 2, 11, 9, 0, 0, 123456),  # noqa: DTZ001 - a timestamp without a zone
    ),
    (
        "timestamptz",
        "'2026-02-11 09:00:00+08'",
        pa.timestamp("us", "UTC"),
        datetime(2026, 2, 11, 1, tzinfo=UTC),
    ),
    (
        "uuid",
        "'019a9e5c-0000-7000-8000-000000000001'",
        pa.string(),
        "019a9e5c-0000-7000-8000-000000000001",
    ),
    ("json", "'{\"a\": 1}'", pa.string(), '{"a": 1}'),
    ("jsonb", "'{\"a\":1}'", pa.string(), '{"a": 1}'),
    ("mood", "'glad'", pa.string(), "glad"),
    ("amount", "3.14", pa.decimal128(6, 2), Decimal("3.14")),
    ("time", "'12:30'", pa.string(), "12:30:00"),
    ("inet", "'10.0.0.1'", pa.string(), "10.0.0.1/32"),
    ("integer[]", "'{1,2}'", None, None),
    ("interval", "'1 day'", None, None),
    ("bytea", "'\\x00'", None, None),
    ("money", "'5'", None, None),
    ("int4range", "'[1,2)'", None, None),
    ("point", "'(1,2)'", None, None),
)


@pytest.fixture(scope="module")
def typed(database: DepartmentDatabase) -> DepartmentDatabase:
    columns = ", ".join(f"c{place} {declared}" for place, (declared, *_rest) in enumerate(TYPES))
    values = ", ".join(value for _declared, value, *_rest in TYPES)
    database.do(
        "CREATE TYPE mood AS ENUM ('glad', 'sad')",
        "CREATE DOMAIN money_like AS numeric(6,2)",
        "CREATE DOMAIN amount AS money_like CHECK (VALUE > 0)",
        f"CREATE TABLE typed ({columns})",
        f"INSERT INTO typed VALUES ({values})",
        "INSERT INTO typed SELECT",
    )
    database.grant("typed")
    return database


def test_the_table_of_types(typed: DepartmentDatabase) -> None:
    with Session(typed.connection) as session:
        relation = session.describe("public", "typed")
        assert [column.type for column in relation.columns] == [
            wanted for _d, _v, wanted, _p in TYPES
        ]
        refused = [column for column in relation.columns if column.type is None]
        assert all(
            column.note is not None and column.declared in str(column.note) for column in refused
        )
        names = [column.name for column in relation.columns if column.type is not None]
        table = pa.Table.from_batches(list(session.rows(relation, names)))
    taken = [(wanted, value) for _d, _v, wanted, value in TYPES if wanted is not None]
    assert table.schema.types == [wanted for wanted, _value in taken]
    assert list(table.to_pylist()[0].values()) == [value for _wanted, value in taken]
    assert set(table.to_pylist()[1].values()) == {None}


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ("date", "'infinity'"),
        ("date", "'-infinity'"),
        ("date", "'12000-01-01'"),
        ("timestamptz", "'infinity'"),
        ("timestamp", "'-infinity'"),
        ("timestamp", "'0044-03-15 BC'"),
        ("numeric", "'NaN'"),
        ("numeric", "'Infinity'"),
        ("numeric", "0.12345678901"),
        ("numeric", "1e30"),
    ],
)
def test_values_that_have_no_place_are_refused_by_the_name_of_their_column(
    database: DepartmentDatabase, declared: str, value: str
) -> None:
    database.do(
        "DROP TABLE IF EXISTS odd",
        f"CREATE TABLE odd (ok int, bad {declared})",
        f"INSERT INTO odd VALUES (1, {value})",
    )
    database.grant("odd")
    with Session(database.connection) as session:
        relation = session.describe("public", "odd")
        assert pa.Table.from_batches(list(session.rows(relation, ["ok"]))).num_rows == 1
    with (
        Session(database.connection) as session,
        pytest.raises(ConnectorFailed, match="bad") as caught,
    ):
        list(session.rows(relation, ["ok", "bad"]))
    assert caught.value.cause is Cause.VALUE_REFUSED


FILTERS: tuple[tuple[dict[str, Any], list[int]], ...] = (
    ({"item": "n", "op": "ge", "value": "2.5"}, [2, 3]),
    ({"item": "n", "op": "in", "value": ["1.5", "3.5"]}, [1, 3]),
    ({"item": "n", "op": "between", "value": ["1.5", "2.5"]}, [1, 2]),
    ({"item": "f", "op": "gt", "value": 0}, [1, 3]),
    ({"item": "f", "op": "eq", "value": -0.0}, [4]),
    ({"item": "f", "op": "is_null"}, []),
    ({"op": "not", "args": [{"item": "f", "op": "gt", "value": 0}]}, [4]),
    ({"item": "t", "op": "lt", "value": "a"}, [1]),
    ({"item": "t", "op": "starts_with", "value": "ä"}, [3]),
    ({"item": "t", "op": "is_null"}, [4]),
    ({"item": "t", "op": "ne", "value": "B"}, [2, 3]),
    ({"item": "d", "op": "le", "value": "2026-02-12"}, [1, 2]),
    ({"item": "z", "op": "eq", "value": "2026-02-11T09:00:00+08:00"}, [1]),
    ({"item": "b", "op": "eq", "value": True}, [1, 3]),
    ({"item": "u", "op": "eq", "value": "019a9e5c-0000-7000-8000-000000000001"}, [1]),
    (
        {
            "op": "or",
            "args": [
                {"item": "i", "op": "eq", "value": 2},
                {
                    "op": "and",
                    "args": [
                        {"item": "b", "op": "eq", "value": True},
                        {"item": "n", "op": "gt", "value": "2"},
                    ],
                },
            ],
        },
        [2, 3],
    ),
)


@pytest.mark.parametrize(("tree", "wanted"), FILTERS, ids=[str(tree) for tree, _wanted in FILTERS])
def test_a_filter_means_there_what_it_means_here(
    database: DepartmentDatabase, tree: dict[str, Any], wanted: list[int]
) -> None:
    if not database.ask("SELECT to_regclass('asked')")[0][0]:
        database.do(
            "CREATE TABLE asked (i int PRIMARY KEY, n numeric(4,1), f float8, t text, d date, z "
            "timestamptz, b bool,"
            " u uuid)",
            "INSERT INTO asked VALUES (1, 1.5, 1, 'B', '2026-02-11', '2026-02-11 01:00Z', true,"
            " '019a9e5c-0000-7000-8000-000000000001'), (2, 2.5, 'NaN', 'a', '2026-02-12', NULL, "
            "false, NULL),"
            " (3, 3.5, 2, 'ä', '2026-02-13', NULL, true, NULL), (4, NULL, '-0', NULL, NULL, NULL, "
            "NULL, NULL)",
        )
        database.grant("asked")
    with Session(database.connection) as session:
        relation = session.describe("public", "asked")
        types = {column.name: column.type for column in relation.columns}
        rows = session.rows(
            relation, ["i"], row_filter=parse_filter(tree, types), asked={n: n for n in types}
        )
        assert [row["i"] for batch in rows for row in batch.to_pylist()] == wanted


@pytest.fixture(scope="module")
def large(database: DepartmentDatabase) -> DepartmentDatabase:
    database.do(
        "CREATE TABLE large AS SELECT i AS id, 'name ' || i AS name, (i * 1.5)::numeric(12,2) AS "
        "n, md5(i::text) AS m"
        " FROM generate_series(1, 300000) i",
        "ALTER TABLE large ADD PRIMARY KEY (id)",
    )
    database.grant("large")
    return database


def test_many_rows_come_in_order_and_in_bounded_memory(large: DepartmentDatabase) -> None:
    with Session(large.connection) as session:
        relation = session.describe("public", "large")
        before, most, seen, last = anonymous_bytes(), 0, 0, 0
        for batch in session.rows(relation, ["id", "name", "n", "m"]):
            assert batch["id"][0].as_py() == last + 1
            last = batch["id"][-1].as_py()
            seen += batch.num_rows
            assert batch.nbytes < 8 * 1_048_576
            most = max(most, anonymous_bytes() - before)
    assert (seen, last) == (300_000, 300_000)
    assert most < 48 * 1_048_576


def test_a_source_that_dies_in_the_midst_is_an_error_and_not_an_end(
    large: DepartmentDatabase,
) -> None:
    with Session(large.connection) as session:
        rows = session.rows(session.describe("public", "large"), ["id", "name", "n", "m"])
        next(rows)
        large.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [READER]
        )
        with pytest.raises(ConnectorFailed) as caught:
            list(rows)
    # the cut, or the server's last word before it: whichever the driver reads first
    assert caught.value.cause in (Cause.BROKEN_OFF, Cause.FAILED)
    assert PASSWORD not in leftover(caught.value) and "libpq" not in leftover(caught.value)


def test_a_reader_that_leaves_early_leaves_nothing_open(large: DepartmentDatabase) -> None:
    with Session(large.connection) as session:
        next(session.rows(session.describe("public", "large"), ["id", "m"]))
    deadline = time.monotonic() + 10
    while large.backends() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert large.backends() == 0


def test_cancelling_from_another_thread_ends_a_wait(database: DepartmentDatabase) -> None:
    with Session(database.connection) as session:
        threading.Timer(0.3, session.cancel).start()
        started = time.monotonic()
        with pytest.raises(ConnectorFailed):
            session.ask("SELECT pg_sleep(60)::text")
        assert time.monotonic() - started < 15


def test_no_error_shows_the_password(connection: Connection) -> None:
    for wrong in (
        replace(connection, database="nothing_here"),
        replace(connection, password=PASSWORD + "x"),
    ):
        with pytest.raises(ConnectorFailed) as caught:
            Session(wrong)
        assert PASSWORD not in leftover(caught.value)


def anonymous_bytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(
        next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1]
    )
