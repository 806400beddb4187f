"""What the database itself refuses: the serving role can add to the
trail, and can do nothing else to it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from fixtures.world import Worlds
from fixtures.worlds import World
from psycopg import sql
from psycopg.errors import CheckViolation, Error, InsufficientPrivilege

from shuqiao.roles import administering

At = Callable[[str], World]
REFUSED = [
    "UPDATE audit_event SET canon = canon",
    "UPDATE audit_event SET actor = 'nobody'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "TRUNCATE audit_event, audit_stream CASCADE",
    "DROP TABLE audit_event",
    "ALTER TABLE audit_event DISABLE TRIGGER audit_event_keep",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "ALTER TABLE audit_event DROP CONSTRAINT audit_event_leaf_hash_check",
    "ALTER TABLE audit_event OWNER TO shuqiao_app",
    "DROP TRIGGER audit_event_keep ON audit_event",
    "DROP FUNCTION audit_refuse_change() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
    "RETURN OLD; END'",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION "
    "audit_check_seq()",
    "CREATE RULE mine AS ON INSERT TO audit_event DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "SET ROLE shuqiao_owner",
    "SET SESSION AUTHORIZATION shuqiao_owner",
    "CREATE TABLE public.audit_event_shadow ()",
    "CREATE SCHEMA shadow",
    "DELETE FROM audit_stream",
    "TRUNCATE audit_stream",
    "UPDATE audit_stream SET last_seq = last_seq - 1",
    "UPDATE audit_stream SET last_seq = last_seq + 2",
    "UPDATE audit_stream SET stream = stream || 'x', last_seq = last_seq + 1",
    "INSERT INTO audit_stream VALUES ('fresh', 7)",
    "SELECT * FROM guard.pending",
    "DELETE FROM guard.pending",
    "INSERT INTO guard.excused (reason) VALUES ('x')",
    "SELECT guard.excuse('x')",
    "SELECT guard.release('department')",
    "ALTER TABLE guard.pending DISABLE TRIGGER settle",
    "DROP FUNCTION guard.settle() CASCADE",
    "ALTER TABLE department DISABLE TRIGGER guard_update",
    "ALTER TABLE department DISABLE TRIGGER ALL",
    "DROP TRIGGER guard_update ON department",
    "TRUNCATE department CASCADE",
    "ALTER ROLE shuqiao_app SUPERUSER",
    "COPY audit_event TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
]


@contextmanager
def as_app(world: World) -> Iterator[psycopg.Connection]:
    """The serving role's own connection, as whoever breaks into the service would use it."""
    with administering(world.url) as connection:
        yield connection


@pytest.mark.parametrize("statement", REFUSED)
def test_the_serving_role_cannot(worlds: Worlds, statement: str) -> None:
    world = worlds.at("accounts")
    before = _trail(world)
    with as_app(world) as app, pytest.raises(InsufficientPrivilege):
        app.execute(statement.encode())
    assert _trail(world) == before


def test_the_serving_role_cannot_give_itself_a_right(worlds: Worlds) -> None:
    with as_app(worlds.at("accounts")) as app:
        app.execute(
            "GRANT UPDATE, DELETE, TRUNCATE ON audit_event TO shuqiao_app"
        )  # a warning, and nothing granted
        for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN"):
            row = app.execute("SELECT has_table_privilege('audit_event', %s)", [right]).fetchone()
            assert row == (False,), right


def test_a_wrong_hash_is_refused(worlds: Worlds) -> None:
    with as_app(worlds.at("accounts")) as app, app.transaction(force_rollback=True):
        assert _insert(app, b"{}", sha256(b"\x00{}").digest()) is None
    with as_app(worlds.at("accounts")) as app, app.transaction(force_rollback=True):
        assert isinstance(_insert(app, b"{}", sha256(b"{}").digest()), CheckViolation)


@pytest.mark.parametrize("seq", [0, 2, 99, -1])
def test_a_number_out_of_turn_is_refused(worlds: Worlds, seq: int) -> None:
    with as_app(worlds.at("accounts")) as app, app.transaction(force_rollback=True):
        error = _insert(app, b"{}", sha256(b"\x00{}").digest(), seq=seq)
        assert isinstance(error, InsufficientPrivilege)


def test_a_number_cannot_be_skipped(committed_world: At) -> None:
    """Counting twice and recording once: refused at the latest when the transaction ends."""
    world = committed_world("accounts")
    with as_app(world) as app:
        with pytest.raises(InsufficientPrivilege, match="without its event"), app.transaction():
            app.execute("INSERT INTO audit_stream VALUES ('case', 1)")
        with pytest.raises(InsufficientPrivilege, match="without its event"):
            app.execute(
                "UPDATE audit_stream SET last_seq = last_seq + 1 WHERE stream = 'auth:applicant'"
            )
        with pytest.raises(InsufficientPrivilege, match="without its event"), app.transaction():  # noqa: PT012
            assert _insert(app, b"{}", sha256(b"\x00{}").digest()) is None
            app.execute("UPDATE audit_stream SET last_seq = last_seq + 1 WHERE stream = 'case'")


def test_the_guards_bind_the_owner_and_a_superuser_too(worlds: Worlds) -> None:
    """Against a slip of the hand; who takes the guards down on purpose is found by the verifier."""
    world = worlds.at("accounts")
    for powerful in (worlds.as_owner, worlds.as_superuser):
        for statement in (
            "UPDATE audit_event SET actor = 'x'",
            "DELETE FROM audit_event",
            "TRUNCATE audit_event",
        ):
            with (
                powerful(world) as connection,
                pytest.raises(InsufficientPrivilege, match="append-only"),
            ):
                connection.execute(statement.encode())
    with worlds.as_superuser(world) as superuser:
        superuser.execute("SET session_replication_role = replica")
        with pytest.raises(InsufficientPrivilege, match="append-only"):
            superuser.execute("DELETE FROM audit_event")


def _insert(app: psycopg.Connection, canon: bytes, leaf: bytes, *, seq: int = 1) -> Error | None:
    """Append to the stream ``case`` by hand; gives the refusal."""
    values = [uuid4(), "case", seq, canon, leaf]
    try:
        with app.transaction():
            app.execute("INSERT INTO audit_stream VALUES ('case', 1)")
            app.execute(
                "INSERT INTO audit_event (id, at, stream, seq, action, result, actor, object_type, "
                "object_id,"
                " request_id, canon, leaf_hash)"
                " VALUES (%s, now(), %s, %s, 'a:b:c', 'allow', 'x', 'X', 'x', 'r',"
                " %s, %s)",
                values,
            )
    except Error as error:
        return error
    return None


def _trail(world: World) -> tuple[int, str]:
    with as_app(world) as app:
        query = sql.SQL(
            "SELECT count(*), md5(string_agg(leaf_hash::text, ',' ORDER BY id)) FROM audit_event"
        )
        row = app.execute(query).fetchone()
        assert row is not None
        return row[0], row[1]
