"""``sq domain``: value domains and their codes, for whoever reads; importing one for the data
administration.
"""

from pathlib import Path
from typing import Annotated

import typer

from shuqiao_client.cli_output import facts_of, note, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.words import choose

domain = typer.Typer(no_args_is_help=True, help=choose(("值域", "Value domains")))
Identifier = Annotated[
    str, typer.Argument(metavar="ID", help=choose(("如 VD-000001", "Such as VD-000001")))
]
_Number = Annotated[int, typer.Argument(metavar="N", help=choose(("版本序号", "Edition number")))]


@domain.command("list", help=choose(("列出值域。", "List value domains.")))
def list_domains(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    with context.obj.client() as client:
        columns = ("identifier", "name", "standard_no", "edition_label")
        print_records(client.domains.list(limit=limit), columns, is_json=json)


@domain.command(help=choose(("显示值域及其版本。", "Show a value domain with its editions.")))
def show(context: typer.Context, identifier: Identifier, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.domains.get(identifier)
    if json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, found.COLUMNS))
        columns = found.editions[0].COLUMNS if found.editions else ("number",)
        print_records(found.editions, columns, is_json=False)


@domain.command(help=choose(("按版本或日期查找代码。", "Look codes up by edition or by day.")))
def codes(
    context: typer.Context,
    identifier: Identifier,
    words: Annotated[
        str | None,
        typer.Argument(
            metavar="[WORDS]", help=choose(("代码开头或名称", "Begins a code, or label"))
        ),
    ] = None,
    edition: Annotated[int | None, typer.Option(min=1, help=choose(("版本序号", "Number")))] = None,
    on: Annotated[
        str | None, typer.Option(help=choose(("该日生效的版本", "The edition of this day")))
    ] = None,
    code: Annotated[str | None, typer.Option(help=choose(("仅此代码", "This code only")))] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.domains.codes(
            identifier, edition=edition, on=on, code=code, q=words, limit=limit
        )
        columns = ("value", "label", "parent_code", "valid_from", "no_longer", "is_revoked")
        print_records(found, columns, is_json=json)


@domain.command(help=choose(("对比两个版本。", "Compare two editions.")))
def compare(
    context: typer.Context,
    identifier: Identifier,
    before: _Number,
    after: _Number,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.domains.differences(identifier, before, after)
        print_records(found, ("value", "before", "after"), is_json=json)


@domain.command(help=choose(("建立值域。", "Make a value domain.")))
def make(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=choose(("值域名称", "Its name")))],
    standard: Annotated[str, typer.Option(help=choose(("标准号", "Number of the standard")))] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        made = client.domains.create(name, standard_no=standard)
    if json:
        print_json(dict(made.raw))
    else:
        print_facts(facts_of(made, ("identifier", "name", "standard_no")))


@domain.command("import", help=choose(("从文件导入版本。", "Import an edition from a file.")))
def import_edition(
    context: typer.Context,
    identifier: Identifier,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, JSON")],
    label: Annotated[str, typer.Option(help=choose(("版本名称", "Name of the edition")))],
    source: Annotated[str, typer.Option(help=choose(("来源", "Where it was published")))],
    begins: Annotated[
        str, typer.Option("--from", help=choose(("生效日期", "First day in force, 2023-07-01")))
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(help=choose(("列名，如 code=代码", "A column, such as code=代码"))),
    ] = None,
    reported: Annotated[
        str | None,
        typer.Option(help=choose(("已检查文件的SHA-256", "SHA-256 of the file that was reported"))),
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option(
            help=choose(("按原样采用的理由，如 repeated_code=…", "Such as repeated_code=…"))
        ),
    ] = None,
    json: Json = False,
) -> None:
    columns = {f"{name}_column": value for name, value in map(_pair, column or ())}
    more = {**columns, **dict(map(_pair, reason or ())), "in_force_from": begins}
    if reported:
        more["reported"] = reported
    with context.obj.client() as client:
        made = client.domains.add_edition(identifier, file, label=label, source=source, **more)
    if json:
        print_json(dict(made.raw))
    else:
        print_facts(facts_of(made, (*made.COLUMNS, "digest")))
        note(choose(("已导入。", "Imported.")))


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise typer.BadParameter(choose(("请写作 名=值", "Write it as name=value")))
    return name, value
