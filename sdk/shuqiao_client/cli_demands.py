"""``sq demand``: what has no entry in the catalogue."""

from typing import Annotated

import typer

from shuqiao_client.cli_input import read_object
from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.demands import Demand, DemandAnswer, DemandCandidate, DemandFigures, DemandVoice
from shuqiao_client.words import choose

demand = typer.Typer(no_args_is_help=True, help=choose(("需求", "Demands")))
_No = Annotated[str, typer.Argument(metavar="DM", help=choose(("需求编号", "Its number")))]
_STATES = "filed, claimed, answered, collecting, refused, contested, being_shared, met, unmet, …"


@demand.command("list", help=choose(("列出可查看的需求。", "List those I may see.")))
def list_demands(
    context: typer.Context,
    status: Annotated[str, typer.Option(help=_STATES)] = "",
    queue: Annotated[str, typer.Option(help="mine, to_answer, to_assign")] = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.demands.list(status=status, queue=queue, limit=limit)
        print_records(found, Demand.COLUMNS, is_json=json)


@demand.command(help=choose(("显示需求、需求部门和答复。", "Show a demand.")))
def show(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.demands.get(no), is_json=json)


@demand.command("file", help=choose(("为本部门登记需求。", "File a demand.")))
def file_demand(
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
        _show(client.demands.file(body), is_json=json)


@demand.command(
    help=choose(("列出可能满足需求的目录、数据元和部门。", "List what may serve a demand."))
)
def candidates(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        print_records(client.demands.candidates(no), DemandCandidate.COLUMNS, is_json=json)


@demand.command(help=choose(("分派给答复的部门。", "Name the department that answers.")))
def assign(
    context: typer.Context,
    no: _No,
    provider: Annotated[
        str, typer.Argument(metavar="CODE", help=choose(("统一社会信用代码", "Credit code")))
    ],
    reason: Annotated[str, typer.Option(help=choose(("理由", "Why")))] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.demands.assign(no, provider, reason), is_json=json)


@demand.command(help=choose(("并入另一项需求。", "Merge into another demand.")))
def merge(
    context: typer.Context,
    no: _No,
    into: Annotated[
        str, typer.Argument(metavar="INTO", help=choose(("并入的需求编号", "The other number")))
    ],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.demands.merge(no, into), is_json=json)


@demand.command(help=choose(("撤回本部门的需求。", "Withdraw the demand of my department.")))
def withdraw(
    context: typer.Context,
    no: _No,
    reason: Annotated[str, typer.Option(help=choose(("理由", "Why")))],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.demands.withdraw(no, reason), is_json=json)


@demand.command(help=choose(("显示月度供需对接情况。", "Show a month in figures.")))
def figures(
    context: typer.Context,
    month: Annotated[str, typer.Option(help="2026-11")] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.demands.figures(month)
    if json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, DemandFigures.COLUMNS))


def _show(found: Demand, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    print_facts(facts_of(found, (*Demand.COLUMNS, "due_on", "into", "unmet_reason", "delivery_no")))
    print_records(found.heard, DemandVoice.COLUMNS, is_json=False)
    print_records(found.answers, DemandAnswer.COLUMNS, is_json=False)
