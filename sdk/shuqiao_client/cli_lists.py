"""``sq list``: the three lists, their versions, what differs, what is shared most."""

from pathlib import Path
from typing import Annotated

import typer

from shuqiao_client.cli_output import print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.lists import (
    DemandLine,
    FrequentLine,
    LineChange,
    ListVersion,
    NegativeLine,
    ResponsibilityLine,
)
from shuqiao_client.words import choose

lists = typer.Typer(
    no_args_is_help=True,
    help=choose(("三张清单：责任、负面、需求", "The responsibility, negative and demand lists")),
)
_Department = Annotated[
    str, typer.Option(help=choose(("部门的统一社会信用代码", "Credit code of a department")))
]
_Area = Annotated[
    str, typer.Option(help=choose(("地区代码，含下级", "Code of an area, with those below it")))
]
_Level = Annotated[str, typer.Option(help="national, province, city, county, township")]
_On = Annotated[
    str, typer.Option(help=choose(("截至日期，如 2026-02-10", "As of the end of a day")))
]
_By = Annotated[str, typer.Option(help="item, entry")]
_Kind = Annotated[str, typer.Argument(metavar="LIST", help="responsibility, negative, demand")]
_KINDS = ("responsibility", "negative", "demand")


@lists.command(help=choose(("列出责任清单。", "List the responsibility list.")))
def responsibility(
    context: typer.Context,
    department: _Department = "",
    area: _Area = "",
    level: _Level = "",
    on: _On = "",
    by: _By = "item",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.lists.lines(
            "responsibility",
            department=department,
            area=area,
            level=level,
            on=on,
            by=by,
            limit=limit,
        )
        print_records(found, ResponsibilityLine.COLUMNS, is_json=json)


@lists.command(help=choose(("列出负面清单。", "List the negative list.")))
def negative(
    context: typer.Context,
    department: _Department = "",
    area: _Area = "",
    level: _Level = "",
    on: _On = "",
    by: _By = "item",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.lists.lines(
            "negative", department=department, area=area, level=level, on=on, by=by, limit=limit
        )
        print_records(found, NegativeLine.COLUMNS, is_json=json)


@lists.command(help=choose(("列出需求清单。", "List the demand list.")))
def demand(
    context: typer.Context,
    department: _Department = "",
    area: _Area = "",
    on: _On = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.lists.lines("demand", department=department, area=area, on=on, limit=limit)
        print_records(found, DemandLine.COLUMNS, is_json=json)


@lists.command(help=choose(("列出清单版本及起因。", "List versions and their causes.")))
def versions(
    context: typer.Context,
    kind: Annotated[str, typer.Option(help="responsibility, negative, demand")] = "",
    department: _Department = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.lists.versions(kind, department=department, limit=limit)
        print_records(found, ListVersion.COLUMNS, is_json=json)


@lists.command(help=choose(("比较清单的两个时点。", "Compare two states of a list.")))
def compare(
    context: typer.Context,
    kind: _Kind,
    since: Annotated[
        str, typer.Option(help=choose(("起始日，如 2026-01-31", "The first day")))
    ] = "",
    on: _On = "",
    department: _Department = "",
    area: _Area = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.lists.compare(
            _known(kind), since=since, on=on, department=department, area=area
        )
        print_records(found, LineChange.COLUMNS, is_json=json)


@lists.command(help=choose(("列出高频共享数据清单。", "List the data shared most.")))
def frequent(
    context: typer.Context,
    month: Annotated[
        str, typer.Option(help=choose(("月份，如 2026-02", "Month, as 2026-02")))
    ] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        print_records(client.lists.frequent(month), FrequentLine.COLUMNS, is_json=json)


@lists.command(
    "check-sheet",
    help=choose(
        (
            "核对回传的清单表格，不作任何修改。",
            "Compare a returned sheet with the list; nothing is changed.",
        )
    ),
)
def check_sheet(
    context: typer.Context,
    kind: _Kind,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.lists.check_sheet(_known(kind), file)
    if json:
        print_json(found)
        return
    changes = [LineChange.from_json(each["change"]) for each in found["differing"]]
    print_records(changes, LineChange.COLUMNS, is_json=False)


def _known(kind: str) -> str:
    if kind not in _KINDS:
        raise typer.BadParameter(choose(("没有这张清单", "There is no such list")))
    return kind
