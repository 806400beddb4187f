"""The operators' program ``shuqiao``. ``--json`` prints JSON only on standard output.

Commands import what they need when they run, so that ``--help`` and the offline verifier answer at
once.
"""

from pathlib import Path
from typing import Annotated, cast

import typer

from server.cli import (
    accounts,
    areas,
    audit,
    backups,
    calendars,
    connections,
    domains,
    keys,
    organisation,
    store,
)
from server.process.output import FAILED, USAGE, speaking, stop

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="数桥 Shuqiao: run the service and look after it. Settings are read from SHUQIAO_* "
    "(docs/settings.md).",
)
for command in (backups.backup, backups.restore, backups.check_home):
    app.command()(command)
app.add_typer(accounts.departments, name="department")
app.add_typer(areas.areas, name="area")
app.add_typer(organisation.duties, name="duty")
app.add_typer(accounts.users, name="user")
app.add_typer(connections.connections, name="connection")
app.add_typer(keys.app, name="keys")
app.add_typer(store.app, name="store")
app.add_typer(audit.app, name="audit")
app.add_typer(calendars.app, name="calendar")
app.add_typer(domains.app, name="domain")

_ROLES = ("control", "data", "worker")


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from server.tables import REVISION

        typer.echo(f"shuqiao {version('shuqiao')}, revision {REVISION}")
        raise typer.Exit


@app.callback()
def common(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_tell_version,
            is_eager=True,
            help="Version of the program and the revision of the database that it needs.",
        ),
    ] = False,
) -> None:
    """What may stand before every command."""


@app.command()
def serve(
    role: Annotated[
        str | None, typer.Argument(metavar="[control|data|worker]", help="Only this role.")
    ] = None,
) -> None:
    """Start the service: control, data and worker, each a process of its own.

    Without SHUQIAO_DATABASE_URL the embedded PostgreSQL is started and migrated too. SIGTERM or
    Ctrl-C drains and ends.
    """
    if role is not None and role not in _ROLES:
        raise stop(
            f"no role is called {role}: name one of {', '.join(_ROLES)}, or none for all of them",
            USAGE,
        )
    from server.process import launcher, logs
    from server.process.database import ready_database
    from server.process.role import ROLES, Role, listeners, main
    from shuqiao.settings import settings

    wanted = (cast(Role, role),) if role else ROLES
    opened = listeners(wanted)  # before anything else: a taken port is all that an operator reads
    if role is not None and settings().database_url:
        main(wanted[0], opened.get(wanted[0]))
        return
    logs.configure("launcher")
    launcher.end_on_signals()
    with ready_database() as database, launcher.Launcher(database, wanted, opened) as running:
        running.run()


@app.command()
def worker() -> None:
    """Run background jobs (the same as: shuqiao serve worker)."""
    serve("worker")


@app.command()
def migrate(
    bootstrap: Annotated[
        bool,
        typer.Option(
            "--bootstrap", help="First create roles and database, with SHUQIAO_ADMIN_DATABASE_URL."
        ),
    ] = False,
) -> None:
    """Bring the database to the present revision, as the owner role,
    and load the packaged calendars.
    """
    from server.process import migrating
    from server.process.database import load_calendars, ready_database
    from server.tables import REVISION
    from shuqiao import roles
    from shuqiao.home import refuse_unfinished
    from shuqiao.settings import settings

    given = settings()
    if not given.database_url:
        with ready_database():
            typer.echo(f"embedded database: migrated to {REVISION}")
        return
    refuse_unfinished()
    if not given.owner_database_url:
        raise stop("SHUQIAO_OWNER_DATABASE_URL is not set: migrations run as the owner role", USAGE)
    if bootstrap:
        if not given.admin_database_url:
            raise stop(
                "SHUQIAO_ADMIN_DATABASE_URL is not set: creating roles needs an administrator",
                USAGE,
            )
        owner, app_url = given.owner_database_url, given.database_url
        roles.bootstrap_from_urls(given.admin_database_url, owner_url=owner, app_url=app_url)
    with migrating.turn(given.owner_database_url):
        migrating.upgrade(given.owner_database_url)
        years = load_calendars(given.database_url)
    typer.echo(
        f"migrated to {REVISION}; calendars loaded: {', '.join(map(str, years)) or 'none new'}"
    )


@app.command()
def health(
    role: Annotated[
        str | None, typer.Argument(metavar="[control|data|worker]", help="Only this role.")
    ] = None,
) -> None:
    """Ask the roles of this machine whether they are alive: 0 if they
    are, 1 with one sentence if not.

    For health checks of containers: it asks /healthz under the host name that the service answers
    to.
    """
    from server.cli.health import LISTENERS, asked_by_default, complaint

    if role is not None and role not in LISTENERS:
        raise stop(
            f"no role of this name answers: name one of {', '.join(LISTENERS)}, or none for all",
            USAGE,
        )
    wanted = asked_by_default() if role is None else [each for each in LISTENERS if role == each]
    if complaints := [found for each in wanted if (found := complaint(each))]:
        raise stop("; ".join(complaints), FAILED)


@app.command(name="demo")
def run_demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play the story, print one line of JSON last, and end.")
    ] = False,
    keep: Annotated[
        Path | None, typer.Option(help="A new or empty folder in which everything is kept.")
    ] = None,
) -> None:
    """Play the whole story on sample data as the eight people whom the law separates.

    Starts a service of its own, which then stays up for a browser until Ctrl-C; leaves nothing
    behind.
    """
    try:
        from server import demo
    except ModuleNotFoundError as absent:
        sentence = (
            f"the demo needs {absent.name}, which a service does not: play it in a checkout with "
            "`make "
            "demo`"
        )
        raise stop(sentence, USAGE) from None

    raise typer.Exit(demo.main(once=once, keep=keep))


def main() -> None:
    """Entry point: a known failure is one sentence on standard error and exit 1."""
    try:
        app()
    except Exception as error:
        with speaking():
            sentence = _sentence(error)
        typer.echo(sentence or _fault(error), err=True)
        raise SystemExit(FAILED) from None


def _fault(error: Exception) -> str:
    """Where a fault of ours happened; the database's own words would quote the row."""
    from server.process.logs import redact
    from shuqiao.reasons import trace

    return redact(trace(error))


def _sentence(error: Exception) -> str:
    """What to tell an operator; empty for a fault of ours, which deserves its traceback."""
    from server.process import told
    from server.process.database import OtherRevision
    from server.process.launcher import RoleCannotStart
    from server.process.role import CannotStart
    from shuqiao.embedded import EmbeddedPostgresError

    if isinstance(error, RoleCannotStart | CannotStart | EmbeddedPostgresError | OtherRevision):
        return str(error)
    return told.sentence(error)


if __name__ == "__main__":
    main()
