"""``shuqiao connection add|list|test|remove``: databases of departments, decided by the operator.

The password is typed or piped in, goes into one file that only this service can read, and is never
printed.
"""

import sys
from typing import Annotated

import typer

from server.cli_output import FAILED, Json, show, stop

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
    from audit.append import ObjectRef, append
    from audit.events import Event
    from auth import accounts
    from catalog.resources.connections import stream_of
    from server.database import operating
    from shuqiao.arrow.connections import Connection
    from shuqiao.subject import Subject

    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else typer.prompt("Password", hide_input=True)
    )
    made = Connection(
        alias, department, host, database, user, password, port, sslmode, root_certificate
    )
    facts = {
        "alias": alias,
        "department": department,
        "host": host,
        "port": port,
        "database": database,
        "user": user,
        "sslmode": sslmode,
    }
    with operating() as session:
        accounts.department_by_code(session, department)
        append(
            session,
            Subject.system("cli"),
            Event.CONNECTION_ADDED,
            stream=stream_of(alias),
            obj=ObjectRef("Connection", alias),
            why={name: facts[name] for name in facts if name != "alias"},
        )
        made.save()  # last: when it fails, the event goes too
    show([facts], as_json)


@connections.command("list")
def list_connections(as_json: Json = False) -> None:
    """Show all connections, without passwords."""
    from shuqiao.arrow.connections import Connection, aliases

    found = [Connection.load(alias) for alias in aliases()]
    show(
        [
            {
                "alias": each.alias,
                "department": each.owner,
                "host": each.host,
                "port": each.port,
                "database": each.database,
                "user": each.user,
                "sslmode": each.sslmode,
            }
            for each in found
        ],
        as_json,
    )


@connections.command("test")
def try_connection(alias: Annotated[str, typer.Argument()], as_json: Json = False) -> None:
    """Try a connection out; exit status 1 and the cause in one sentence when it does not work."""
    from catalog.resources.connections import record_test
    from server.database import operating
    from shuqiao.arrow import postgres
    from shuqiao.arrow.connections import Connection
    from shuqiao.subject import Subject

    outcome = postgres.try_out(Connection.load(alias))
    with operating() as session:
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
    from catalog.resources.connections import stream_of
    from server.database import operating
    from shuqiao.arrow.connections import Connection, remove
    from shuqiao.subject import Subject

    Connection.load(alias)
    with operating() as session:
        append(
            session,
            Subject.system("cli"),
            Event.CONNECTION_REMOVED,
            stream=stream_of(alias),
            obj=ObjectRef("Connection", alias),
        )
        remove(alias)
