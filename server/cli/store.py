"""``shuqiao store usage``: what each department keeps on the disk, and what nobody names."""

import json
from typing import Any

import typer

from server.process.output import Json, aligned, speaking

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The disk (存储).")


@app.callback()
def store() -> None:
    """The disk (存储)."""


@app.command()
def usage(as_json: Json = False) -> None:
    """Show what each department keeps of what it may, what is free, and which files in the home no
    row of the database names.

    Reads the names of all files; those that are an hour old and that nobody holds are strays.
    """
    from server.backups.service import looking
    from server.process.database import connected
    from server.storage import views
    from shuqiao.db import reading

    with speaking(), connected():
        with reading() as session:
            told = views.usage(session)
        strays = looking.strays()
        if as_json:
            facts: dict[str, Any] = told.model_dump(mode="json")
            facts["strays"] = {"files": strays.files, "bytes": strays.bytes}
            typer.echo(json.dumps(facts, ensure_ascii=False))
            return
        for line in (*aligned(views.rows(told)), *views.lines(told), str(strays.sentence)):
            typer.echo(line)
