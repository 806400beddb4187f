"""``sq update``: what is owed to the catalogue, and the causes of it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from shuqiao_client.cli_catalog import Code
from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.updates import ReachedEntry, UpdateCause, UpdateDue, UpdateSum
from shuqiao_client.words import choose

if TYPE_CHECKING:
    from shuqiao_client.editions import ChangeEvent

update = typer.Typer(
    no_args_is_help=True,
    help=choose(("目录动态更新：待更新事项、更新事由", "Updates that are due, and their causes")),
)
_No = Annotated[str, typer.Argument(metavar="CE", help=choose(("登记号", "Its number")))]
_CauseNo = Annotated[str, typer.Argument(metavar="UC", help=choose(("事由编号", "Its number")))]
_Codes = Annotated[
    list[str] | None, typer.Argument(metavar="CODES", help=choose(("资源代码", "Resource codes")))
]


def _option(zh: str, en: str) -> Any:
    return typer.Option(help=choose((zh, en)))


_On = Annotated[str, _option("自何日起，如 2026-02-10", "The day, such as 2026-02-10")]
_Department = Annotated[str | None, _option("部门代码", "Code of the department")]


@update.command("list", help=choose(("列出待更新事项。", "List the updates that are due.")))
def list_updates(
    context: typer.Context,
    department: _Department = None,
    kind: Annotated[str | None, _option("事由，如 law", "What changed, as law")] = None,
    basis: Annotated[
        str | None, _option("时限依据：statutory、local、policy", "statutory, local or policy")
    ] = None,
    urgency: Annotated[str | None, _option("overdue、soon", "overdue or soon")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.updates.list(
            department=department, kind=kind, basis=basis, urgency=urgency, limit=limit
        )
        print_records(found, UpdateDue.COLUMNS, is_json=json)


@update.command(help=choose(("列出各部门待更新数量。", "How much each department owes.")))
def figures(context: typer.Context, json: Json = False) -> None:
    with context.obj.client() as client:
        print_records(client.updates.figures(), UpdateSum.COLUMNS, is_json=json)


@update.command(
    help=choose(
        (
            "登记之前查看涉及哪些已发布目录；不产生待办。",
            "See which published entries a cause would reach; nothing is recorded.",
        )
    )
)
def reach(
    context: typer.Context,
    codes: _Codes = None,
    basis: Annotated[str | None, _option("依据中的文字", "Text of the legal basis")] = None,
    duty: Annotated[str | None, _option("职责编号", "Number of a duty")] = None,
    element: Annotated[str | None, _option("数据元标识符", "Identifier of an element")] = None,
    department: _Department = None,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.updates.reach(
            basis=basis, duty=duty, element=element, department=department, codes=codes or ()
        )
        print_records(found, ReachedEntry.COLUMNS, is_json=json)


@update.command(
    help=choose(("为所列目录一次登记更新事由。", "Record a cause once for all the entries named."))
)
def record(
    context: typer.Context,
    codes: Annotated[
        list[str],
        typer.Argument(metavar="CODES", help=choose(("资源代码", "Resource codes"))),
    ],
    on: _On,
    kind: Annotated[
        str,
        typer.Option(help="law, administrative_regulation, state_council_decision, duty"),
    ],
    basis: Annotated[str, _option("依据的名称和条款", "What changed, with its article")],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.updates.record(kind, on, basis, codes), is_json=json)


@update.command(help=choose(("登记新增数据。", "Declare new data that has no entry so far.")))
def declare(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=choose(("数据名称", "What it is called")))],
    on: _On,
    basis: Annotated[str, _option("采集或者产生的依据", "By what it is collected or produced")],
    department: Annotated[str, _option("部门代码", "Code of the department")] = "",
    system: Annotated[str, _option("信息系统编号", "Number of the system")] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        made = client.updates.declare(name, on, basis, department=department, system=system)
        _show(made, is_json=json)


@update.command(help=choose(("显示更新事由及其产生的事项。", "Show a cause and what it opened.")))
def cause(context: typer.Context, no: _CauseNo, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.updates.cause(no), is_json=json)


@update.command(
    help=choose(("指明登记新增数据的目录。", "Name the entry that registers new data."))
)
def name_entry(context: typer.Context, no: _No, code: Code, json: Json = False) -> None:
    with context.obj.client() as client:
        _show_change(client.updates.name_entry(no, code), is_json=json)


def _show(found: UpdateCause, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    print_facts(facts_of(found, found.COLUMNS))
    columns = ("change_no", "resource_code", "due_on", "status")
    print_records(found.changes, columns, is_json=False)


def _show_change(found: "ChangeEvent", *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, found.COLUMNS))
