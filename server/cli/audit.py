"""``shuqiao audit export|verify``: the trail as a file, and the offline check of such a file."""

import json
import os
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from server.process.output import FAILED, USAGE, Json, stop

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The audit trail (审计轨迹).")


class Lang(Enum):
    """Of what is said; as for the other commands, Chinese unless the environment is English."""

    ZH = "zh"
    EN = "en"

    @classmethod
    def of_environment(cls) -> "Lang":
        return cls.EN if os.environ.get("LANG", "").startswith("en") else cls.ZH


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
    earlier: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="An earlier export of the whole trail: all of it must be there, unchanged.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    part: Annotated[
        bool, typer.Option("--part", help="Ask for no more than the events of FILE.")
    ] = False,
    lang: Annotated[Lang | None, typer.Option(help="Language of what is said.")] = None,
    as_json: Json = False,
) -> None:
    """Check FILE without any database, and say first what was not checked.

    Ends with 0 when what was asked for (the whole trail, or with --part the part) is right; with 1
    when something is wrong; 8 when nothing wrong was found, but less was checked than was asked
    for; 9 when FILE is no export.
    """
    from shuqiao_client import verifier

    language: verifier.Language = "en" if (lang or Lang.of_environment()) is Lang.EN else "zh"
    try:
        report = verifier.verify(file, expect, earlier=earlier, part=part)
    except verifier.NotComparable as refused:
        raise stop(verifier.why_not(refused, language), USAGE) from None
    if as_json:
        typer.echo(json.dumps(verifier.as_json(report, language), ensure_ascii=False))
    else:
        for line in verifier.as_lines(report, language):
            typer.echo(line)
    raise typer.Exit(verifier.EXITS[report.verdict])
