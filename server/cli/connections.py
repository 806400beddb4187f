"""``shuqiao connection add|list|test|remove``: databases of departments, decided by the operator.

The password is typed or piped in, goes sealed into one file that only this service can read, and is
never printed.
"""

import sys
from typing import Annotated, Any

import typer

from server.process.output import FAILED, Json, show, stop

connections = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Databases of departments (数据库连接)."
)


@connections.command("add")
def add_connection(
    alias: Annotated[
        str,
        typer.Argument(help="Its name for people and programs: small letters, digits, '-', '_'."),
    ],
    department: Annotated[str, typer.Option(metavar="CODE", help="The department it belongs to.")],
    host: Annotated[
        str, typer.Option(help="Name or address of the server, or the folder of its socket.")
    ],
    database: Annotated[str, typer.Option(help="Name of the database.")],
    user: Annotated[str, typer.Option(help="An account that may only read.")],
    port: Annotated[int, typer.Option()] = 5432,
    sslmode: Annotated[
        str, typer.Option(help="disable, require, verify-ca or verify-full.")
    ] = "verify-full",
    root_certificate: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="Certificate that verifies the server; system: the machine's own."
        ),
    ] = "",
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read the password from standard input; else it is asked for."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write down how a department's database is entered.

    Try it out with: shuqiao connection test ALIAS.
    """
    from shuqiao.arrow.connectors.registered import Connection

    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else typer.prompt("Password", hide_input=True)
    )
    made = Connection(
        alias, department, host, database, user, password, port, sslmode, root_certificate
    )
    show([_added(made)], as_json)


def _added(made: Any) -> dict[str, Any]:
    """Record the connection and keep it; gives what may be shown of it."""
    from audit.append import ObjectRef, append
    from audit.events import Event
    from auth.departments import service as departments
    from catalog.connections.schemas import stream_of
    from server.process.database import operating
    from shuqiao.subject import Subject

    facts = {
        "department": made.owner,
        "host": made.host,
        "port": made.port,
        "database": made.database,
        "user": made.user,
        "sslmode": made.sslmode,
    }
    with operating() as session:
        departments.department_by_code(session, made.owner)
        append(
            session,
            Subject.system("cli"),
            Event.CONNECTION_ADDED,
            stream=stream_of(made.alias),
            obj=ObjectRef("Connection", made.alias),
            why=dict(facts),
        )
        made.save()  # last: when it fails, the event goes too
    return {"alias": made.alias, **facts}


@connections.command("list")
def list_connections(as_json: Json = False) -> None:
    """Show all connections, without passwords."""
    from shuqiao.arrow.connectors.registered import aliases, described

    shown = ("host", "port", "database", "user", "sslmode")
    found = [described(alias) for alias in aliases()]
    show(
        [
            {"alias": each["alias"], "department": each["owner"]}
            | {name: each[name] for name in shown}
            for each in found
        ],
        as_json,
    )


@connections.command("test")
def try_connection(alias: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """Try a connection out; exit status 1 and the cause in one sentence when it does not work."""
    from catalog.connections.service import record_test
    from server.process.database import connected
    from shuqiao.arrow.connectors import postgres
    from shuqiao.arrow.connectors.registered import Connection
    from shuqiao.db import unit_of_work
    from shuqiao.subject import Subject

    with connected():
        outcome = postgres.try_out(Connection.load(alias))
        with unit_of_work() as session:
            record_test(session, Subject.system("cli"), alias, outcome)
    if not outcome.is_ok and not as_json:
        raise stop(f"{outcome.sentence} {outcome.fix}", FAILED)
    told = {
        "alias": alias,
        "ok": outcome.is_ok,
        "cause": outcome.cause or "",
        "sentence": str(outcome.sentence),
    }
    show([told], as_json)
    if not outcome.is_ok:
        raise typer.Exit(FAILED)


@connections.command("remove")
def remove_connection(alias: Annotated[str, typer.Argument()]) -> None:
    """Remove a connection and its password.

    What is delivered live through it stops being delivered.
    """
    from audit.append import ObjectRef, append
    from audit.events import Event
    from catalog.connections.schemas import stream_of
    from server.process.database import operating
    from shuqiao.arrow.connectors.registered import described, remove
    from shuqiao.subject import Subject

    described(alias)
    with operating() as session:
        append(
            session,
            Subject.system("cli"),
            Event.CONNECTION_REMOVED,
            stream=stream_of(alias),
            obj=ObjectRef("Connection", alias),
        )
        remove(alias)
