"""The running service cannot become its database's owner, whatever of
it is read: environment, memory, open files.

Asked of the running control process from outside. The embedded mode's limit, that the same
operating-system user can read the key files from the disk, is stated in ``docs/operations.md`` and
not what is shown here.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from fixtures.processes import Tree, public_home, serving
from sqlalchemy import make_url

from shuqiao.embedded import EmbeddedPostgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SECRET_FILES = ("postgres_superuser", "postgres_owner")


@pytest.fixture(scope="module")
def control(migrated_home: Path) -> Iterator[Tree]:
    """The control role alone: every application session in its database is its own."""
    with public_home(migrated_home) as home, serving(home, "control") as tree:
        tree.wait_ready("control")
        yield tree


@pytest.fixture(scope="module")
def pid(control: Tree) -> int:
    found = control.pid("control")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def superuser(control: Tree) -> Iterator[psycopg.Connection]:
    """The test's own way in; sharing the server takes nothing from the service."""
    with EmbeddedPostgres(control.home) as server:
        url = server.superuser_url.set(drivername="postgresql").render_as_string(
            hide_password=False
        )
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection


@pytest.fixture(scope="module")
def environment(pid: int) -> dict[str, str]:
    entries = Path(f"/proc/{pid}/environ").read_bytes().rstrip(b"\0").split(b"\0")
    return dict(entry.decode("utf-8", "surrogateescape").split("=", 1) for entry in entries)


@pytest.fixture
def intruder(
    environment: dict[str, str], superuser: psycopg.Connection
) -> Iterator[psycopg.Connection]:
    """A session with what the process's environment gives.

    ``superuser`` is asked for only to keep the server up.
    """
    url = make_url(environment["SHUQIAO_DATABASE_URL"]).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        yield connection


def test_the_running_service_is_the_application_role(
    control: Tree, superuser: psycopg.Connection
) -> None:
    assert control.status("control") == 200  # so that it holds a session now

    sessions = superuser.execute(
        "SELECT usename, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
        " FROM pg_stat_activity JOIN pg_roles ON rolname = usename"
        " WHERE datname = 'shuqiao' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    ).fetchall()

    assert set(sessions) == {("shuqiao_app", False)}


def test_the_application_role_is_a_member_of_nothing_and_owns_nothing(
    superuser: psycopg.Connection,
) -> None:
    for question in (
        "SELECT count(*) FROM pg_auth_members WHERE member = 'shuqiao_app'::regrole",
        "SELECT count(*) FROM pg_class WHERE relowner = 'shuqiao_app'::regrole",
        "SELECT count(*) FROM pg_proc WHERE proowner = 'shuqiao_app'::regrole",
        # those of the guard run as their owner: triggers alone, which nobody can call
        "SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace::regnamespace"
        "::text NOT IN ('pg_catalog', 'guard', 'arranged')",
        "SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace = 'guard'::regnamespace"
        " AND (prorettype <> 'trigger'::regtype"
        " OR has_function_privilege('shuqiao_app', oid, 'EXECUTE'))",
    ):
        assert superuser.execute(question.encode()).fetchone() == (0,), question


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE shuqiao_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION shuqiao_owner",
        "ALTER TABLE audit_event ADD COLUMN more text",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE audit_event OWNER TO shuqiao_app",
        "DROP TABLE audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_event SET actor = 'nobody'",
        "DELETE FROM audit_event",
        "SET session_replication_role = replica",
        "CREATE ROLE intruder LOGIN",
        "ALTER ROLE shuqiao_app SUPERUSER",
        "ALTER ROLE shuqiao_owner PASSWORD 'mine'",
        "GRANT shuqiao_owner TO shuqiao_app",
        "CREATE TABLE mine (x int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "SELECT pg_read_file('pg_hba.conf')",
        "CREATE EXTENSION dblink",
    ],
)
def test_what_its_environment_gives_is_refused_every_way_up(
    intruder: psycopg.Connection, statement: str
) -> None:
    assert intruder.execute("SELECT current_user").fetchone() == ("shuqiao_app",)

    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
        intruder.execute(statement.encode())


def test_no_other_database_lets_it_in(
    environment: dict[str, str], superuser: psycopg.Connection
) -> None:
    url = make_url(environment["SHUQIAO_DATABASE_URL"]).set(drivername="postgresql")
    for name in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(url.set(database=name).render_as_string(hide_password=False))
    for role in ("shuqiao_owner", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url.set(username=role).render_as_string(hide_password=False))


def test_neither_its_environment_nor_its_memory_holds_a_higher_password(
    control: Tree, pid: int
) -> None:
    keys = control.home / "keys"
    higher = [(keys / name).read_bytes().strip() for name in SECRET_FILES]
    own = (keys / "postgres_app").read_bytes().strip()
    places = {"environment": [Path(f"/proc/{pid}/environ").read_bytes()], "memory": _memory(pid)}

    found = {
        name: {secret for piece in pieces for secret in (*higher, own) if secret in piece}
        for name, pieces in places.items()
    }

    assert found == {"environment": {own}, "memory": {own}}, (
        "its own is found, so the search sees; no other is"
    )


def test_it_holds_no_key_file_of_a_higher_role_open(control: Tree, pid: int) -> None:
    opened = [
        os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()
    ]

    assert opened, "the list of open files can be read"
    assert [name for name in opened if any(secret in name for secret in SECRET_FILES)] == []
    assert [name for name in opened if name.startswith(str(control.home / "postgres"))] == [], (
        "nor the database's"
    )


def _memory(pid: int) -> Iterator[bytes]:
    """The writable private memory of a process, a mapping at a time."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw.p \S+ \S+ \d+\s*(\S*)", line)
            if found is None or found[3] in ("[vvar]", "[vsyscall]"):
                continue
            start, end = int(found[1], 16), int(found[2], 16)
            memory.seek(start)
            try:
                yield _read(memory, end - start)
            except OSError:  # a mapping that went away meanwhile
                continue


def _read(memory: object, size: int) -> bytes:
    pieces = []
    while size > 0:
        piece = memory.read(size)  # type: ignore[attr-defined]
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
