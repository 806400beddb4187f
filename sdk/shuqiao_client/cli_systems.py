"""``sq system``: the information systems in which the data of a department arises."""

from typing import Annotated

import typer

from shuqiao_client.cli_input import read_object
from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json
from shuqiao_client.systems import Census, Confirmation, Coverage, System
from shuqiao_client.words import choose

system = typer.Typer(no_args_is_help=True, help=choose(("信息系统", "Information systems")))

_No = Annotated[str, typer.Argument(metavar="IS", help=choose(("登记号", "Its number")))]
_File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help=choose(
            ("JSON 文件，“-”读标准输入", "A file with JSON, or “-” to read standard input")
        ),
    ),
]


@system.command("list", help=choose(("列出可查看的系统。", "List the systems I may see.")))
def list_systems(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help=choose(("名称或登记号", "Name or number"))),
    ] = None,
    owner: Annotated[
        str, typer.Option(help=choose(("部门的统一社会信用代码", "Credit code of a department")))
    ] = "",
    status: Annotated[str, typer.Option(help="planned, building, running, stopping, stopped")] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.systems.list(" ".join(words or []), owner=owner, status=status)
        print_records(found, System.COLUMNS, is_json=json)


@system.command("show", help=choose(("显示系统及其支撑的职责。", "Show a system.")))
def show_system(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.systems.get(no), is_json=json)


@system.command(help=choose(("登记本部门的系统。", "Register a system of my department.")))
def register(context: typer.Context, file: _File, json: Json = False) -> None:
    body = read_object(file, "FILE")
    with context.obj.client() as client:
        _show(client.systems.register(body), is_json=json)


@system.command(
    help=choose(
        (
            "修改系统登记内容：文件中写明的项替换，没有写的不变。",
            "Describe a system anew: what the file names is replaced, the rest stays.",
        )
    )
)
def edit(context: typer.Context, no: _No, file: _File, json: Json = False) -> None:
    changes = read_object(file, "FILE")
    with context.obj.client() as client:
        _show(client.systems.edit(no, changes), is_json=json)


@system.command(help=choose(("登记系统状态。", "Say where a system stands.")))
def move(
    context: typer.Context,
    no: _No,
    status: Annotated[
        str, typer.Argument(metavar="STATE", help="building, running, stopping, stopped")
    ],
    on: Annotated[
        str, typer.Option(help=choose(("自何日起，如 2026-02-10", "The day, such as 2026-02-10")))
    ],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.systems.move(no, status, on), is_json=json)


@system.command(
    help=choose(("在普查中确认系统与登记一致。", "Confirm a system in the open census."))
)
def confirm(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.systems.confirm(no)
    if json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, Confirmation.COLUMNS))


@system.command(help=choose(("系统的目录覆盖情况。", "Systems with a published entry.")))
def coverage(context: typer.Context, json: Json = False) -> None:
    with context.obj.client() as client:
        print_records(client.systems.coverage(), Coverage.COLUMNS, is_json=json)


@system.command(help=choose(("列出历次普查。", "List the yearly censuses.")))
def census(context: typer.Context, json: Json = False) -> None:
    with context.obj.client() as client:
        print_records(client.systems.censuses(), Census.COLUMNS, is_json=json)


@system.command(
    help=choose(("提交本部门的普查填报。", "Report the systems of my department to the census."))
)
def report(
    context: typer.Context,
    year: Annotated[int, typer.Argument(help=choose(("普查年度", "Year of the census")))],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.systems.report(year)
    if json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, Census.COLUMNS))


def _show(found: System, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    told = (*System.COLUMNS, "filing_no", "contractor", "contract_until", "contact")
    print_facts(facts_of(found, told))
    print_records(found.duties, ("duty_no", "text", "document_no", "article"), is_json=False)
