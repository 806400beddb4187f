"""``shuqiao audit export|verify``: the trail as a file, and the offline check of such a file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from server.process.output import FAILED, Json, stop

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The audit trail (审计轨迹).")


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist.")
    ],
    stream: Annotated[
        str | None, typer.Option(help="Only this stream, for example REQ-2026-000001.")
    ] = None,
) -> None:
    """Write the trail to FILE for the offline verifier. The export is itself recorded."""
    from audit.export import export_lines, record_export
    from audit.queries import TrailFilter
    from server.process.database import connected
    from shuqiao import db
    from shuqiao.subject import Subject

    wanted = TrailFilter(stream=stream)
    try:
        out = file.open(
            "x", encoding="utf-8"
        )  # before the export is recorded: a refusal must leave no trace
    except OSError as error:
        raise stop(f"{file} cannot be written: {error.strerror}", FAILED) from None
    with out, connected():
        with db.unit_of_work() as session:
            recorded = record_export(session, Subject.system("cli"), wanted)
        with db.reading() as session:
            lines = -1
            for line in export_lines(session, wanted, recorded):
                out.write(line)
                lines += 1
    typer.echo(f"{lines} events")


@app.command(name="verify")
def verify_export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An export.", exists=True, dir_okay=False)
    ],
    expect: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="JSON: events and counts collected elsewhere.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check FILE without any database.

    Ends with 0 when nothing is wrong, else with 1 and every problem named.
    """
    from audit.verifier import verify

    report = verify(file, expect)
    if as_json:
        facts = {"verified": report.verified, "events": report.events, "streams": report.streams}
        typer.echo(json.dumps({**facts, "problems": report.problems}, ensure_ascii=False))
    else:
        for found in report.problems:
            typer.echo(f"{found['code']}\t{found['where']}\t{found['what']}")
        word = "verified" if report.verified else f"NOT verified: {len(report.problems)} problems"
        typer.echo(f"{word}; {report.events} events in {report.streams} streams")
    raise typer.Exit(0 if report.verified else FAILED)
