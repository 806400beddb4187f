"""``sq review`` for data administrators; ``sq calendar`` for whoever reads."""

from typing import TYPE_CHECKING, Annotated

import typer

from shuqiao_client.cli_catalog import Code
from shuqiao_client.cli_output import facts_of, print_entry, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.words import choose

if TYPE_CHECKING:
    from shuqiao_client.entries import EntryNow

review = typer.Typer(no_args_is_help=True, help=choose(("登记审核", "Reviews of entries")))
calendar = typer.Typer(no_args_is_help=True, help=choose(("工作日日历", "Working-day calendars")))
overdue = typer.Typer(no_args_is_help=True, help=choose(("逾期清单", "What is overdue")))
_Version = Annotated[
    int | None,
    typer.Option(
        help=choose(
            ("看过的版本；此后有变更的不办理", "The version that was read; refused if it changed")
        )
    ),
]


@review.command(
    "list", help=choose(("列出等待数据主管部门审核的目录。", "List what waits for the review."))
)
def list_reviews(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    with context.obj.client() as client:
        columns = ("code", "title", "provider", "version", "updated_at")
        print_records(client.resources.waiting(limit=limit), columns, is_json=json)


@review.command(help=choose(("显示审核中的目录。", "Show an entry under review.")))
def show(context: typer.Context, code: Code, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).metadata, is_json=json)


@review.command(help=choose(("发布。", "Publish it.")))
def publish(
    context: typer.Context,
    code: Code,
    remark: Annotated[str, typer.Option(help=choose(("意见", "Remark")))] = "",
    version: _Version = None,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        done = client.resources.get(code).publish(remark, version=version)
        _show(done.metadata, is_json=json)


@review.command(
    "return", help=choose(("退回修改，写明需要更正的内容。", "Return it, saying what to correct."))
)
def send_back(
    context: typer.Context,
    code: Code,
    remark: Annotated[str, typer.Option(help=choose(("意见", "Remark")))],
    version: _Version = None,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        done = client.resources.get(code).send_back(remark, version=version)
        _show(done.metadata, is_json=json)


@review.command(
    "self",
    help=choose(("列出本部门自审的办理事项。", "List what was decided about the own department.")),
)
def list_self_reviews(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.self_reviews.list(limit=limit)
        columns = ("kind", "number", "code", "title", "version", "decided_by", "decided_at")
        print_records(found, columns, is_json=json)


@overdue.command("list", help=choose(("列出逾期事项。", "List what is overdue.")))
def list_overdue(
    context: typer.Context,
    basis: Annotated[
        str | None,
        typer.Option(
            help=choose(("时限依据：statutory、local、policy", "statutory, local or policy"))
        ),
    ] = None,
    clock: Annotated[
        str | None, typer.Option(help=choose(("期限种类，如 reply", "Kind of limit, as reply")))
    ] = None,
    case_no: Annotated[
        str | None, typer.Option(help=choose(("办件编号的开头", "Start of the case number")))
    ] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.overdue.list(basis=basis, clock=clock, case_no=case_no, limit=limit)
        columns = (
            *("case_no", "clock_label", "turn", "department"),
            *("overdue_since", "working_days_late", "basis_label"),
        )
        print_records(found, columns, is_json=json)


@calendar.command("list", help=choose(("列出已加载的年度。", "List the years that are loaded.")))
def list_calendars(context: typer.Context, json: Json = False) -> None:
    with context.obj.client() as client:
        columns = ("year", "version", "notice_no", "days_off", "days_worked")
        print_records(client.calendars.list(), columns, is_json=json)


@calendar.command("show", help=choose(("显示一个年度的放假和调休。", "Show the days of a year.")))
def show_calendar(
    context: typer.Context,
    year: Annotated[int, typer.Argument(metavar="YEAR")],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.calendars.get(year)
    if json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, found.COLUMNS))
        print_records(found.days, ("date", "kind_label", "name"), is_json=False)


def _show(found: "EntryNow", *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
    else:
        print_entry(found)
