"""The migrations make exactly the database the models describe, there
and back; guards and grants as listed.
"""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from fixtures.database import Cluster
from sqlalchemy import Engine, create_engine

from server.process import migrating
from server.tables import REVISION, metadata
from shuqiao.db import Table
from shuqiao.embedded import ConnectionUrls
from shuqiao.roles import administering
from tests.migrations import catalogue

APP = "shuqiao_app"


@pytest.fixture(scope="module")
def urls(cluster: Cluster) -> ConnectionUrls:
    """A database of its own, migrated up, down to nothing, and up again."""
    made = cluster.empty("migrated")
    owner = made.owner_url.render_as_string(hide_password=False)
    migrating.upgrade(owner)
    migrating.downgrade(owner)
    with administering(made.owner_url) as connection:
        assert leftovers(connection) == []
    migrating.upgrade(owner)
    return made


@pytest.fixture(scope="module")
def owner(urls: ConnectionUrls) -> Iterator[Engine]:
    engine = create_engine(urls.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(urls: ConnectionUrls) -> Iterator[psycopg.Connection]:
    with administering(urls.owner_url) as opened:
        yield opened


def leftovers(connection: psycopg.Connection) -> list[str]:
    """Whatever of ours is still there."""
    query = """
        SELECT relname::text FROM pg_class
        WHERE relnamespace::regnamespace::text IN ('public', 'jobs', 'guard')
        AND relname NOT LIKE 'alembic_version%'
        UNION ALL SELECT proname::text FROM pg_proc
        WHERE pronamespace::regnamespace::text IN ('public', 'jobs', 'guard')
        UNION ALL SELECT typname::text FROM pg_type
        WHERE typnamespace::regnamespace::text IN ('public', 'jobs', 'guard')
        AND typname NOT LIKE '%alembic_version'
    """
    return [row[0] for row in connection.execute(query.encode())]


def test_the_newest_revision_is_reached_again(connection: psycopg.Connection) -> None:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row == (REVISION,)
    assert ScriptDirectory.from_config(migrating.config("")).get_heads() == [REVISION]


def test_the_models_ask_for_nothing_more(owner: Engine) -> None:
    with owner.connect() as opened:
        options = {"compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(opened, opts=options), metadata)
    assert found == []


@pytest.mark.parametrize(
    "query",
    [catalogue.CONSTRAINTS, catalogue.COLUMNS, catalogue.INDEXES],
    ids=["constraints", "columns", "indexes"],
)
def test_a_database_made_from_the_models_is_the_same(
    owner: Engine, connection: psycopg.Connection, query: str
) -> None:
    with scratch(owner, connection) as schema:
        modelled = catalogue.definitions(connection, query, schema)
    assert modelled == catalogue.definitions(connection, query, "public")
    assert modelled


def test_guards_and_grants_are_those_listed(connection: psycopg.Connection) -> None:
    """Changed on purpose? ``python -m tests.migrations.catalogue`` writes the list anew."""
    kept = catalogue.LISTING.read_text(encoding="utf-8").splitlines()
    found = catalogue.listing(connection)
    assert (
        "\n".join(difflib.unified_diff(kept, found, "guards.txt", "database", lineterm="", n=0))
        == ""
    )


def test_the_serving_role_owns_nothing_and_may_alter_nothing(
    connection: psycopg.Connection,
) -> None:
    owned = connection.execute(
        "SELECT relname FROM pg_class WHERE relowner = %s::regrole", [APP]
    ).fetchall()
    assert owned == []
    rights = connection.execute(
        "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl) WHERE grantee = "
        "%s::regrole"
        " AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE')",
        [APP],
    ).fetchall()
    assert rights == []
    public = connection.execute(
        "SELECT relname FROM pg_class, aclexplode(relacl) WHERE grantee = 0 AND relnamespace = "
        "'public'::regnamespace"
    ).fetchall()
    assert public == []


def test_the_tables_of_facts_are_those_the_database_governs(
    connection: psycopg.Connection,
) -> None:
    """A new one is governed by its migration: ``SELECT guard.govern(…)`` (``CONTRIBUTING.md``)."""
    facts = {
        mapper.class_.__tablename__
        for mapper in Table._sa_registry.mappers
        if not mapper.class_.__unaudited__
    }
    governed = connection.execute("SELECT tab FROM guard.governed").fetchall()
    assert {row[0] for row in governed} == facts
    query = """
        SELECT relname, array_agg(tgname::text || tgenabled::text ORDER BY tgname) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE pronamespace = 'guard'::regnamespace AND relname NOT IN ('pending', 'moved')
            AND tgname NOT LIKE 'list_version%'
            AND tgname NOT IN ('guard_move', 'guard_state') GROUP BY relname"""
    # that a state moves by a step alone is tried in tests/server/test_held.py
    moments = [f"guard_{moment}A" for moment in ("delete", "insert", "truncate", "update")]
    assert dict(connection.execute(query).fetchall()) == dict.fromkeys(facts, moments)


def test_the_events_page_names_what_each_change_is_about(
    checkout: Path, connection: psycopg.Connection
) -> None:
    page = (checkout / "docs/events.md").read_text(encoding="utf-8")
    rows = [
        tuple(cell.strip(" `") for cell in line.strip("|").split("|"))[:3]
        for line in page.partition("## What each change is about")[2].splitlines()
        if line.startswith("| `")
    ]
    query = """SELECT tab, kind, coalesce(whole || '.', '') || object || coalesce('#' || number, '')
        FROM guard.governed"""
    assert sorted(rows) == sorted(connection.execute(query).fetchall())


@contextmanager
def scratch(owner: Engine, connection: psycopg.Connection) -> Iterator[str]:
    """A schema built by the models alone, dropped afterwards."""
    connection.execute("CREATE SCHEMA scratch")
    try:
        with owner.connect() as opened:
            opened.exec_driver_sql("SET search_path = scratch")
            metadata.create_all(opened, checkfirst=False)
            opened.commit()
        yield "scratch"
    finally:
        connection.execute("DROP SCHEMA scratch CASCADE")
