"""Cluster roles and the database: what a DBA, or the embedded server,
sets up once before the first migration.

Roles belong to the cluster and not to a database, so migrations never create them; they only grant
to their names. The owner runs migrations, the application role serves. Works against the embedded
server and against a department's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

#: uuidv7() and virtual generated columns came with 18; everything we write may use them.
MINIMUM_SERVER: Final = 180_000
_LONGEST_NAME: Final = 63
#: One bootstrap at a time in a cluster (advisory locks are per
#: database, and every bootstrap uses the admin's).
_ADVISORY_LOCK: Final = 0x5348_5551_4941_4F01
_FORBIDDEN: Final[tuple[tuple[str, LiteralString], ...]] = (
    ("rolsuper", "NOSUPERUSER"),
    ("rolcreaterole", "NOCREATEROLE"),
    ("rolcreatedb", "NOCREATEDB"),
    ("rolreplication", "NOREPLICATION"),
    ("rolbypassrls", "NOBYPASSRLS"),
    ("rolinherit", "NOINHERIT"),
)


class BootstrapError(RuntimeError):
    """The cluster cannot be brought into the state we need; the message says what to do."""


@contextmanager
def administering(url: URL) -> Iterator[psycopg.Connection]:
    """One autocommit connection for a cluster's administrator: CREATE
    DATABASE refuses a transaction.

    Raises ``psycopg.OperationalError`` when the server is not reachable within 10 s or refuses the
    role.
    """
    url = url.set(drivername="postgresql+psycopg")
    positional, named = url.get_dialect()().create_connect_args(url)
    arguments = {"connect_timeout": 10, **named}
    with psycopg.connect(*positional, autocommit=True, **arguments) as connection:
        yield connection


def bootstrap(
    superuser_url: URL | str,
    *,
    database: str,
    owner_role: str,
    owner_password: str,
    app_role: str,
    app_password: str,
) -> None:
    """Create or correct both login roles and the database; run again,
    it sets the passwords and changes nothing else.

    ``superuser_url`` is an administrator's: a superuser, or a role with CREATEROLE and CREATEDB.
    Afterwards the owner owns ``database``, only owner and application role may connect (grants a
    DBA added himself are left alone), neither has an attribute beyond LOGIN, and the application
    role is a member of nothing, so it can SET ROLE to nobody. Passwords travel as SCRAM verifiers
    (RFC 5803), never as text that a statement log could keep.

    Raises ``BootstrapError`` with one sentence: server too old, name refused, database belonging to
    someone else, server not reachable or administrator not allowed.
    """
    admin = make_url(superuser_url)
    _check_names(database, owner_role, app_role, admin.username)
    try:
        with administering(admin) as connection:
            _check_server(connection)
            connection.execute("set client_min_messages = error")
            connection.execute("select pg_advisory_lock(%s)", [_ADVISORY_LOCK])
            _set_role(connection, owner_role, owner_password)
            _set_role(connection, app_role, app_password)
            _leave_all_roles(connection, app_role)
            _keep_values_from_its_log(connection, owner_role, app_role)
            with _acting_for(connection, owner_role):
                _create_database(connection, database, owner_role)
                _close_to_public(connection, database, owner_role, app_role)
                with administering(admin.set(database=database)) as inside:
                    inside.execute("revoke create on schema public from public")
    except psycopg.Error as error:
        raise BootstrapError(
            f"database bootstrap of {database!r} failed: {_sentence(error)}"
        ) from error


def _sentence(error: psycopg.Error) -> str:
    return error.diag.message_primary or " ".join(str(error).split()) or type(error).__name__


def _check_names(database: str, owner_role: str, app_role: str, admin: str | None) -> None:
    for name in (database, owner_role, app_role):
        if (
            not 0 < len(name.encode()) <= _LONGEST_NAME
            or name.startswith("pg_")
            or not name.isprintable()
        ):
            raise BootstrapError(f"not usable as a name in PostgreSQL: {name!r}")
    if database in ("postgres", "template0", "template1"):
        raise BootstrapError(
            f"{database!r} is a maintenance database; choose a database of its own"
        )
    if len({owner_role, app_role, admin}) != 3:
        raise BootstrapError(
            "owner role, application role and administrator must be three different roles"
        )


def _check_server(connection: psycopg.Connection) -> None:
    if connection.info.server_version < MINIMUM_SERVER:
        version = connection.info.parameter_status("server_version")
        raise BootstrapError(f"PostgreSQL 18 or newer is needed, this server is {version}")


def _set_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """LOGIN with this password and nothing else; only attributes that
    differ are named, the rest needs a superuser.
    """
    attributes: list[sql.Composable] = []
    found = connection.execute(
        "select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolinherit"
        " from pg_roles where rolname = %s",
        [role],
    ).fetchone()
    if found is None:
        verb = sql.SQL("create")
        attributes.append(sql.SQL("noinherit"))
    else:
        verb = sql.SQL("alter")
        attributes += [
            sql.SQL(word) for (_, word), is_set in zip(_FORBIDDEN, found, strict=True) if is_set
        ]
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    attributes += [sql.SQL("login password"), sql.Literal(verifier)]
    connection.execute(
        sql.SQL("{} role {} with {}").format(
            verb, sql.Identifier(role), sql.SQL(" ").join(attributes)
        )
    )


def _keep_values_from_its_log(connection: psycopg.Connection, *roles: str) -> None:
    """What these roles' statements fail with is told to them, and not to the server's log.

    Even the first line of such an error may quote a value that cannot be read; our own log says
    which statement failed, and where, without it (``shuqiao.reasons``). An administrator who is no
    superuser may not set this; then ``docs/operations.md`` says what the site sets itself.
    """
    for role in roles:
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                sql.SQL("alter role {} set log_min_messages = log").format(sql.Identifier(role))
            )


def _leave_all_roles(connection: psycopg.Connection, role: str) -> None:
    """Any membership would be a way to SET ROLE, so the application role has none."""
    memberships = connection.execute(
        "select g.rolname, b.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid"
        " join pg_roles b on b.oid = m.grantor join pg_roles r on r.oid = m.member where r.rolname "
        "= %s",
        [role],
    ).fetchall()
    for group, grantor in memberships:
        connection.execute(
            sql.SQL("revoke {} from {} granted by {} cascade").format(
                sql.Identifier(group), sql.Identifier(role), sql.Identifier(grantor)
            )
        )


@contextmanager
def _acting_for(connection: psycopg.Connection, owner_role: str) -> Iterator[None]:
    """Let an administrator who is no superuser make the owner's
    database: a member of the owner while it lasts.
    """
    row = connection.execute(
        "select rolsuper from pg_roles where rolname = current_user"
    ).fetchone()
    if row is not None and row[0]:
        yield
        return
    owner = sql.Identifier(owner_role)
    connection.execute(
        sql.SQL("grant {} to current_user with inherit true, set true").format(owner)
    )
    try:
        yield
    finally:
        connection.execute(
            sql.SQL("revoke {} from current_user granted by current_user").format(owner)
        )


def _create_database(connection: psycopg.Connection, database: str, owner_role: str) -> None:
    found = connection.execute(
        "select pg_get_userbyid(datdba), pg_encoding_to_char(encoding) from pg_database where "
        "datname = %s",
        [database],
    ).fetchone()
    if found is None:
        # template0 and an explicit locale: a template1 changed by the
        # site must not change how we sort and compare.
        connection.execute(
            sql.SQL(
                "create database {} owner {} template template0 encoding 'UTF8'"
                " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C.UTF-8'"
            ).format(sql.Identifier(database), sql.Identifier(owner_role))
        )
    elif found[0] != owner_role:
        raise BootstrapError(
            f"database {database!r} belongs to {found[0]!r}; give it away (alter database … owner "
            f"to {owner_role})"
            " or choose another name"
        )
    elif found[1] != "UTF8":
        raise BootstrapError(f"database {database!r} has the encoding {found[1]}, UTF8 is needed")


def _close_to_public(
    connection: psycopg.Connection, database: str, owner_role: str, app_role: str
) -> None:
    name, owner, app = (
        sql.Identifier(database),
        sql.Identifier(owner_role),
        sql.Identifier(app_role),
    )
    connection.execute(sql.SQL("revoke all on database {} from public").format(name))
    connection.execute(sql.SQL("revoke create, temporary on database {} from {}").format(name, app))
    connection.execute(sql.SQL("grant connect on database {} to {}, {}").format(name, owner, app))


def bootstrap_from_urls(admin_url: str, *, owner_url: str, app_url: str) -> None:
    """:func:`bootstrap` with names and passwords as they stand in the URLs the service will use.

    Raises ``BootstrapError`` when a URL lacks them or the two name different databases.
    """
    owner, app = make_url(owner_url), make_url(app_url)
    parts = (owner.database, owner.username, owner.password, app.username, app.password)
    if not all(parts) or owner.database != app.database:
        raise BootstrapError("both database URLs need user and password, and the same database")
    bootstrap(
        make_url(admin_url),
        database=str(owner.database),
        owner_role=str(owner.username),
        owner_password=str(owner.password),
        app_role=str(app.username),
        app_password=str(app.password),
    )
