"""``sq negative``: what is not shared, and by which basis."""

from typing import Annotated

import typer

from shuqiao_client.cli_input import read_object
from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json
from shuqiao_client.negative import Cover, NegativeEntry
from shuqiao_client.words import choose

negative = typer.Typer(no_args_is_help=True, help=choose(("负面清单", "The negative list")))

No = Annotated[str, typer.Argument(metavar="NE", help=choose(("编号", "Its number")))]


@negative.command("list", help=choose(("列出负面清单条目。", "List its entries.")))
def list_entries(
    context: typer.Context,
    status: Annotated[
        str, typer.Option(help="proposed, in_force, review_due, lapsed, superseded, withdrawn")
    ] = "",
    department: Annotated[
        str, typer.Option(help=choose(("部门的统一社会信用代码", "Credit code of a department")))
    ] = "",
    element: Annotated[
        str, typer.Option(help=choose(("数据元标识符", "Identifier of a data element")))
    ] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.negative_entries.list(status=status, department=department, element=element)
        print_records(found, NegativeEntry.COLUMNS, is_json=json)


@negative.command("show", help=choose(("显示条目的依据和覆盖的信息项。", "Show one entry.")))
def show_entry(context: typer.Context, no: No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.negative_entries.get(no.upper()), is_json=json)


@negative.command("propose", help=choose(("单独提出负面清单条目。", "Propose an entry by itself.")))
def propose_entry(
    context: typer.Context,
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
        _show(client.negative_entries.propose(body), is_json=json)


@negative.command("withdraw", help=choose(("撤回提出的条目。", "Take a proposal back.")))
def withdraw_entry(context: typer.Context, no: No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.negative_entries.withdraw(no.upper()), is_json=json)


@negative.command("keep", help=choose(("复核依据后保留条目。", "Keep it after a review.")))
def keep_entry(
    context: typer.Context,
    no: No,
    review_on: Annotated[
        str, typer.Option("--review-on", help=choose(("下次复核日期", "Day of the next review")))
    ],
    remark: Annotated[str, typer.Option(help=choose(("复核了什么", "What was looked at")))],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.negative_entries.keep(no.upper(), review_on, remark), is_json=json)


def _show(found: NegativeEntry, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    shown = ("business", "reason", "review_on", "resource", "supersedes", "superseded_by")
    print_facts(facts_of(found, (*NegativeEntry.COLUMNS, *shown)))
    print_records(found.covers, Cover.COLUMNS, is_json=False)
