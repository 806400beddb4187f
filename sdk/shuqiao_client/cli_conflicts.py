"""``sq source-conflict``: which department is the source, where two say so."""

from typing import Annotated

import typer

from shuqiao_client.cli_input import read_object
from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json
from shuqiao_client.conflicts import SourceConflict, Statement
from shuqiao_client.words import choose

conflict = typer.Typer(no_args_is_help=True, help=choose(("数源冲突", "Source conflicts")))


@conflict.command("list", help=choose(("列出可查看的数源冲突。", "List those I may see.")))
def list_conflicts(
    context: typer.Context,
    status: Annotated[
        str, typer.Option(help="opened, heard, decided, reviewing, upheld, changed, withdrawn")
    ] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.source_conflicts.list(status=status)
        print_records(found, SourceConflict.COLUMNS, is_json=json)


@conflict.command("show", help=choose(("显示数源冲突及双方陈述。", "Show a source conflict.")))
def show_conflict(
    context: typer.Context,
    no: Annotated[str, typer.Argument(metavar="CF", help=choose(("编号", "Its number")))],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.source_conflicts.get(no), is_json=json)


@conflict.command("open", help=choose(("为本部门提出数源冲突。", "Dispute a claim.")))
def open_conflict(
    context: typer.Context,
    element: Annotated[
        str, typer.Argument(metavar="ELEMENT", help=choose(("数据元标识符", "Its identifier")))
    ],
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=choose(
                ("JSON 文件，“-”读标准输入", "A file with JSON, or “-” to read standard input")
            ),
        ),
    ],
    json: Json = False,
) -> None:
    body = read_object(file, "FILE")
    with context.obj.client() as client:
        _show(client.source_conflicts.open(element, body), is_json=json)


def _show(found: SourceConflict, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    print_facts(facts_of(found, (*SourceConflict.COLUMNS, "due_on", "reasons", "review_until")))
    print_records(found.statements, Statement.COLUMNS, is_json=False)
