"""``shuqiao domain …``: value domains, and whether a list could be one."""

from pathlib import Path
from typing import Annotated

import typer

from server.process.output import FAILED, Json, show

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Value domains (值域).")


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, JSON.")],
    code_column: Annotated[str, typer.Option(help="Column of the code.")] = "",
    label_column: Annotated[str, typer.Option(help="Column of the label.")] = "",
    as_json: Json = False,
) -> None:
    """Say what is wrong with a list of codes, kind by kind; nothing is imported. Exit status 1
    when something is.
    """
    from datetime import date

    from catalog.domains.forms import read_list
    from catalog.domains.schemas import EditionWrite
    from shuqiao.uploads import store_upload

    edition = EditionWrite(
        label="-",
        source="-",
        in_force_from=date.min,
        code_column=code_column,
        label_column=label_column,
    )
    with file.open("rb") as opened, store_upload(opened, file.name) as upload:
        read = read_list(upload, edition)
    found = [
        {
            "defect": each.kind.value,
            "rows": each.count,
            "first": each.rows[0].row,
            "may_be_acknowledged": each.may_be_acknowledged,
        }
        for each in read.findings.defects
    ]
    show(found, as_json)
    if found:
        raise typer.Exit(FAILED)


@app.command("list")
def list_domains(as_json: Json = False) -> None:
    """Show the domains with the edition that is in force."""
    from catalog.domains import repository as domains
    from catalog.domains.views import read_models
    from server.process.database import operating
    from shuqiao.web.paging import LIMIT_MAX, PageRequest

    with operating() as session:
        rows, _following = domains.page(session, PageRequest(limit=LIMIT_MAX))
        found = [
            {
                "identifier": each.identifier,
                "name": each.name,
                "standard_no": each.standard_no,
                "edition": each.current.label if each.current else "",
                "codes": each.current.code_count if each.current else 0,
            }
            for each in read_models(session, rows)
        ]
        show(found, as_json)
