"""What is written of a failure holds no value: neither ours nor the database's own log."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from fixtures.database import Cluster
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from shuqiao.db import make_engine
from shuqiao.embedded.places import find_places
from shuqiao.reasons import reason, trace
from shuqiao.roles import administering

#: An identity number, and words that no pattern would find.
CANARY = "11010519491231002X 张三丰·甲乙丙"
_MADE = """
CREATE TABLE canary (
    id_number text PRIMARY KEY, age int CHECK (age > 0), born date, facts json);
CREATE FUNCTION canary_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM new.id_number::int; RETURN new; END $$;
CREATE TABLE canary_twice (id_number text);
CREATE TRIGGER said BEFORE INSERT ON canary_twice FOR EACH ROW EXECUTE FUNCTION canary_said();
GRANT INSERT, SELECT ON canary, canary_twice TO PUBLIC;
"""
_VALUES = {
    "unique": "INSERT INTO canary (id_number) VALUES (:value), (:value)",
    "check": "INSERT INTO canary (id_number, age) VALUES (:value, -1)",
    "not null": "INSERT INTO canary (facts) VALUES (to_json(CAST(:value AS text)))",
    "number": "INSERT INTO canary (age) VALUES (CAST(:value AS int))",
    "date": "INSERT INTO canary (born) VALUES (CAST(:value AS date))",
    "json": "INSERT INTO canary (facts) VALUES (CAST(:value AS json))",
    "in a trigger": "INSERT INTO canary_twice VALUES (:value)",
    "in the statement": f"SELECT '{CANARY}'::int",
}


def _copied(connection: Connection, column: str, value: str) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor().copy(f"COPY canary (id_number, {column}) FROM STDIN") as copy:
        copy.write_row((CANARY, value))


def _asked(name: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(text(_VALUES[name]), {"value": CANARY})


FAILING: dict[str, Callable[[Connection], object]] = {
    **{name: _asked(name) for name in _VALUES},
    "copy of a value": lambda connection: _copied(connection, "age", CANARY),
    "copy of a row": lambda connection: _copied(connection, "age", "-1"),
}


@pytest.fixture(scope="module", autouse=True)
def _tables(cluster: Cluster) -> Iterator[None]:
    with administering(cluster.owner_url) as owner:
        owner.execute(_MADE.encode())
        yield
        owner.execute(b"DROP TABLE canary, canary_twice; DROP FUNCTION canary_said()")


@pytest.fixture(params=["app", "owner", "superuser"])
def refusing(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection of each role, as the service opens its own."""
    urls = {"app": cluster.app_url, "owner": cluster.owner_url, "superuser": cluster.superuser_url}
    engine = make_engine(urls[request.param].render_as_string(hide_password=False))
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.mark.parametrize("name", FAILING)
def test_no_value_of_a_row_reaches_a_log(refusing: Connection, cluster: Cluster, name: str) -> None:
    log = find_places(cluster.store.home).log
    before = log.stat().st_size
    with pytest.raises((DBAPIError, psycopg.Error)) as failed:
        FAILING[name](refusing)
    error = failed.value
    quoted = getattr(error, "orig", error)
    said = f"{quoted} {quoted.diag.message_detail} {quoted.diag.context}"
    assert CANARY[:18] in said, "the database quotes it, so the test can fail"
    for written in (reason(error), trace(error)):
        assert not [part for part in (CANARY, *CANARY.split(), "丙") if part in written]
    assert quoted.sqlstate in reason(error), "what is wrong is still said"
    with log.open("rb") as file:
        file.seek(before)
        logged = file.read().decode()
    own = [line for line in logged.splitlines() if "canary" in line or CANARY[:18] in line]
    is_ours = refusing.engine.url.username != "postgres"
    assert not [line for line in own if is_ours or "DETAIL" in line or "CONTEXT" in line]
    assert not [line for line in own if "STATEMENT" in line or "parameters" in line]


def test_a_chain_is_told_whole() -> None:
    try:
        try:
            int("甲")
        except ValueError as first:
            raise RuntimeError("second") from first
    except RuntimeError as failure:
        told = trace(failure)
    assert told.index("ValueError") < told.index("direct cause") < told.index("RuntimeError")
    assert told.count("Traceback (most recent call last)") == 2 and __file__ in told
    group = trace(ExceptionGroup("both", [KeyError("a"), OSError("b")]))
    assert "KeyError" in group and "OSError: b" in group


def test_libraries_that_read_data_quote_no_cell() -> None:
    with pytest.raises(pa.ArrowInvalid) as failed:
        pc.cast(pa.array([CANARY]), pa.int64())
    assert CANARY in str(failed.value)
    assert CANARY[:18] not in reason(failed.value) and "int64" in reason(failed.value)

    class Read(BaseModel):
        age: int

    with pytest.raises(ValidationError) as invalid:
        Read.model_validate({"age": CANARY})
    assert CANARY[:18] in str(invalid.value)
    assert reason(invalid.value) == "Read: age: int_parsing"


_SCRIPT = """
import logging, os, threading
import psycopg, structlog
from server.process import logs
logs.configure("control")
def failing():
    with psycopg.connect(os.environ["CANARY_URL"]) as connection:
        connection.execute("SELECT CAST(%s AS json)", [os.environ["CANARY"]])
try:
    failing()
except psycopg.Error as error:
    structlog.get_logger("a").exception("own", exc_info=error)
    structlog.get_logger("a").error("own", error=error)
    logging.getLogger("psycopg").warning("error ignored on %s: %s", "x", error)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)
thread = threading.Thread(target=failing); thread.start(); thread.join()
failing()
"""


def test_no_line_of_a_process_holds_one(cluster: Cluster) -> None:
    url = cluster.app_url.set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        stderr=subprocess.PIPE,
        env={**os.environ, "CANARY": CANARY, "CANARY_URL": url},
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert len(lines) == 6 and all("22P02" in json.dumps(line) for line in lines)
    assert "甲乙丙" not in json.dumps(lines, ensure_ascii=False)
