"""The bootstrap of cluster roles, against a running server: what each
role can do is tried, not read.
"""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

from shuqiao.embedded import EmbeddedPostgres, embedded
from shuqiao.roles import BootstrapError, administering, bootstrap

OWNER, APP = "site owner", "site_app"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="sq-test-"))
    folder.chmod(0o755)
    options = {
        "fsync": "off",
        "max_connections": "30",
        "shared_buffers": "16MB",
        "log_statement": "all",
    }
    with embedded(folder / "home", options=options) as running:
        yield running
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def admin(server: EmbeddedPostgres) -> URL:
    """The cluster's superuser, as a DBA would hand it to us."""
    return server.superuser_url.set(database="postgres")


@pytest.fixture(scope="module")
def site(admin: URL) -> URL:
    """The owner's URL of the database ``site``, bootstrapped, with one
    table that the application may read.
    """
    prepare(admin, "site")
    owner = as_role(admin, OWNER, "owner's", "site")
    run(owner, "create table if not exists public.thing (name text)")
    run(owner, f"grant select, insert on thing to {APP}")
    return owner


def prepare(
    admin: URL | str,
    database: str,
    *,
    owner: str = OWNER,
    owner_password: str = "owner's",
    app_password: str = "app%@/",
) -> None:
    bootstrap(
        admin,
        database=database,
        owner_role=owner,
        owner_password=owner_password,
        app_role=APP,
        app_password=app_password,
    )


def as_role(url: URL, role: str, password: str, database: str) -> URL:
    return url.set(username=role, password=password, database=database)


def run(url: URL, statement: str) -> list[tuple[Any, ...]]:
    with administering(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


class TestApplicationRole:
    def test_may_use_what_it_was_granted(self, admin: URL, site: URL) -> None:
        app = as_role(admin, APP, "app%@/", "site")
        run(app, "insert into thing values ('x')")
        assert run(app, "select current_user, count(*) > 0 from thing") == [(APP, True)]

    @pytest.mark.parametrize(
        "statement",
        [
            f'set role "{OWNER}"',
            "set role postgres",
            f'set session authorization "{OWNER}"',
            f'grant "{OWNER}" to {APP}',
            "create table mine (x int)",
            "create temporary table mine (x int)",
            "create schema mine",
            "create database mine",
            "create role mine",
            "alter table thing add column more text",
            "alter table thing disable trigger all",
            "drop table thing",
            "truncate thing",
            "update thing set name = 'y'",
            f"alter table thing owner to {APP}",
            f"alter role {APP} superuser",
            f"alter role {APP} createrole",
            f"alter database site owner to {APP}",
            "set session_replication_role = replica",
            "create extension vector",
            "copy (select 1) to program 'true'",
            "select pg_read_file('postgresql.conf')",
            "select * from pg_authid",
        ],
    )
    def test_may_not(self, admin: URL, site: URL, statement: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(as_role(admin, APP, "app%@/", "site"), statement)

    def test_loses_memberships_and_attributes_given_to_it(self, admin: URL, site: URL) -> None:
        run(admin, f'grant "{OWNER}" to {APP}')
        run(admin, f"grant pg_monitor to {APP}")
        run(admin, f"alter role {APP} superuser createrole createdb bypassrls replication inherit")
        prepare(admin, "site")
        assert run(
            admin,
            "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication or "
            "rolinherit"
            f" from pg_roles where rolname in ('{OWNER}', '{APP}')",
        ) == [(False,), (False,)]
        for role in (OWNER, "pg_monitor"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                run(as_role(admin, APP, "app%@/", "site"), f'set role "{role}"')


class TestOwner:
    def test_owns_the_database_and_nothing_more(self, admin: URL, site: URL) -> None:
        assert run(
            site,
            "select current_user, pg_get_userbyid(datdba), pg_encoding_to_char(encoding) from "
            "pg_database"
            " where datname = current_database()",
        ) == [(OWNER, OWNER, "UTF8")]
        run(site, "create schema own")
        run(site, "drop schema own")
        for statement in (
            "create role mine",
            "create database mine",
            "set role postgres",
            "alter role postgres nologin",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                run(site, statement)


class TestBootstrap:
    def test_run_again_changes_passwords_only(self, admin: URL, site: URL) -> None:
        before = state(admin)
        run(as_role(admin, APP, "app%@/", "site"), "insert into thing values ('kept')")
        prepare(admin, "site", app_password="other")
        assert state(admin) == before
        assert run(
            as_role(admin, APP, "other", "site"), "select count(*) from thing where name = 'kept'"
        ) == [(1,)]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            run(as_role(admin, APP, "app%@/", "site"), "select 1")
        prepare(admin, "site")
        assert run(as_role(admin, APP, "app%@/", "site"), "select 1") == [(1,)]

    def test_takes_the_url_as_text_and_makes_a_second_database(self, admin: URL, site: URL) -> None:
        prepare(admin.render_as_string(hide_password=False), "第二")
        for role, password in ((OWNER, "owner's"), (APP, "app%@/")):
            assert run(as_role(admin, role, password, "第二"), "select current_database()") == [
                ("第二",)
            ]
            assert run(as_role(admin, role, password, "site"), "select current_database()") == [
                ("site",)
            ]

    def test_lets_nobody_else_connect(self, admin: URL, site: URL) -> None:
        run(admin, "create role stranger login password 'x'")
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            run(as_role(admin, "stranger", "x", "site"), "select 1")

    def test_runs_side_by_side(self, admin: URL) -> None:
        problems: list[BaseException] = []

        def attempt() -> None:
            try:
                prepare(admin, "raced")
            except BaseException as error:
                problems.append(error)

        threads = [threading.Thread(target=attempt) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []

    def test_no_statement_log_keeps_a_password(self, admin: URL, server: EmbeddedPostgres) -> None:
        prepare(admin, "site", app_password="kept-out-of-the-log")
        home = Path(run(admin, "show data_directory")[0][0]).parent
        text = (home / "postgres.log").read_text()
        assert "SCRAM-SHA-256$" in text
        assert "kept-out-of-the-log" not in text
        prepare(admin, "site")

    def test_works_for_an_administrator_who_is_no_superuser(self, admin: URL) -> None:
        run(admin, "create role dba login password 'dba' createrole createdb")
        dba = as_role(admin, "dba", "dba", "postgres")
        run(admin, "grant connect on database postgres to dba")
        for _ in range(2):
            bootstrap(
                dba,
                database="theirs",
                owner_role="their_owner",
                owner_password="a",
                app_role="their_app",
                app_password="b",
            )
        run(as_role(admin, "their_owner", "a", "theirs"), "create table t ()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(as_role(admin, "their_app", "b", "theirs"), "create table u ()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(dba, "set role their_owner")
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            run(dba.set(database="theirs"), "select 1")

    def test_says_why_an_administrator_without_the_right_fails(self, admin: URL, site: URL) -> None:
        run(admin, "grant connect on database postgres to public")
        weak = as_role(admin, OWNER, "owner's", "postgres")
        with pytest.raises(BootstrapError, match="permission denied"):
            prepare(weak, "more", owner="more_owner")
        run(admin, "revoke connect on database postgres from public")
        with pytest.raises(BootstrapError, match="password authentication failed"):
            prepare(admin.set(password="guessed"), "site")

    def test_leaves_a_database_of_somebody_else_alone(self, admin: URL, site: URL) -> None:
        run(admin, "create database taken")
        before = run(admin, "select datdba, datacl from pg_database where datname = 'taken'")
        with pytest.raises(BootstrapError, match="belongs to 'postgres'"):
            prepare(admin, "taken")
        assert (
            run(admin, "select datdba, datacl from pg_database where datname = 'taken'") == before
        )

    @pytest.mark.parametrize(
        ("database", "owner"),
        [
            ("postgres", OWNER),
            ("template1", OWNER),
            ("", OWNER),
            ("x" * 64, OWNER),
            ("a\nb", OWNER),
            ("site", APP),
            ("site", "postgres"),
            ("site", "pg_monitor"),
        ],
    )
    def test_refuses_names_that_cannot_be_right(
        self, admin: URL, database: str, owner: str
    ) -> None:
        with pytest.raises(BootstrapError):
            prepare(admin, database, owner=owner)


def state(admin: URL) -> list[list[tuple[Any, ...]]]:
    """Everything a bootstrap touches, passwords left out."""
    return [
        run(
            admin,
            "select rolname, rolsuper, rolinherit, rolcanlogin, rolcreaterole from pg_roles order "
            "by 1",
        ),
        run(admin, "select datname, datdba, datacl::text from pg_database order by 1"),
        run(admin, "select roleid, member, grantor from pg_auth_members order by 1, 2, 3"),
        run(
            admin.set(database="site"), "select nspname, nspacl::text from pg_namespace order by 1"
        ),
    ]
