"""``sq source``: the one source of each data element, and the claims to be it."""

from typing import Annotated

import typer

from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.sources import Coverage, SourceClaim
from shuqiao_client.words import choose

source = typer.Typer(no_args_is_help=True, help=choose(("数源", "Sources of data elements")))

_Element = Annotated[
    str, typer.Argument(metavar="ID", help=choose(("数据元标识符", "Identifier of the element")))
]
_No = Annotated[str, typer.Argument(metavar="SC", help=choose(("认领编号", "Its number")))]


@source.command("list", help=choose(("列出数源认领。", "List source claims.")))
def list_claims(
    context: typer.Context,
    status: Annotated[
        str,
        typer.Option(
            help="proposed, countersigning, confirmed, re_assigned, ended, withdrawn, refused"
        ),
    ] = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.sources.claims(status=status or None, limit=limit)
        print_records(found, SourceClaim.COLUMNS, is_json=json)


@source.command(help=choose(("显示一个认领。", "Show a claim.")))
def show(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.sources.claim(no), is_json=json)


@source.command(help=choose(("显示数据元的数源。", "Show the source of an element.")))
def of(context: typer.Context, identifier: _Element, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.sources.of(identifier)
    if json:
        print_json(dict(found))
        return
    rows = [SourceClaim.from_json(raw) for raw in (*found["sources"], *found["open_claims"])]
    print_records(rows, SourceClaim.COLUMNS, is_json=False)


@source.command(help=choose(("认领数源。", "Claim to be the source.")))
def claim(
    context: typer.Context,
    identifier: _Element,
    duty: Annotated[str, typer.Option(help=choose(("职责编号", "Number of the duty")))] = "",
    document: Annotated[str, typer.Option(help=choose(("文件依据", "Document")))] = "",
    article: Annotated[str, typer.Option(help=choose(("条款", "Its article")))] = "",
    scope: Annotated[str, typer.Option(help=choose(("对象范围", "Object scope")))] = "",
    area: Annotated[str, typer.Option(help=choose(("地区代码", "Code of the area")))] = "",
    system: Annotated[
        str, typer.Option(help=choose(("采集该数据的系统或者业务", "What collects it")))
    ] = "",
    department: Annotated[
        str, typer.Option(help=choose(("部门代码（数据主管部门）", "Credit code (administration)")))
    ] = "",
    json: Json = False,
) -> None:
    asked = {
        "duty_no": duty,
        "document": document,
        "article": article,
        "scope": scope,
        "area_code": area,
        "collected_by": system,
        "department": department,
    }
    with context.obj.client() as client:
        body = {name: value for name, value in asked.items() if value}
        _show(client.sources.propose(identifier, body), is_json=json)


@source.command(help=choose(("撤回认领。", "Withdraw a claim.")))
def withdraw(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.sources.withdraw(no), is_json=json)


@source.command(help=choose(("登记对象范围。", "Register an object scope.")))
def scope(
    context: typer.Context,
    identifier: _Element,
    name: Annotated[str, typer.Argument(metavar="NAME", help=choose(("名称", "Its name")))],
    belongs: Annotated[str, typer.Option(help=choose(("归属判断", "How objects belong to it")))],
) -> None:
    with context.obj.client() as client:
        print_json(dict(client.sources.register_scope(identifier, name, belongs)))


@source.command(help=choose(("结束对象范围。", "End an object scope.")))
def end_scope(
    context: typer.Context,
    identifier: _Element,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=choose(("编号", "Its number")))],
    reason: Annotated[str, typer.Option(help=choose(("原因", "Why")))],
) -> None:
    with context.obj.client() as client:
        print_json(dict(client.sources.end_scope(identifier, number, reason)))


@source.command(help=choose(("数源覆盖情况。", "How far the naming has come.")))
def coverage(context: typer.Context, json: Json = False) -> None:
    with context.obj.client() as client:
        print_records(client.sources.coverage(), Coverage.COLUMNS, is_json=json)


def _show(found: SourceClaim, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, (*found.COLUMNS, "confirmed_on", "ended_on")))
