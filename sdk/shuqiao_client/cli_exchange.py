"""``sq request`` and ``sq grant``: apply for data, and see what was granted."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from shuqiao_client.cli_input import read_object
from shuqiao_client.cli_output import facts_of, note, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.consultations import Consultation, ConsultedItem, Filing, SideStated
from shuqiao_client.errors import ShuqiaoError
from shuqiao_client.words import choose

if TYPE_CHECKING:
    from shuqiao_client.handles import RequestHandle

request = typer.Typer(no_args_is_help=True, help=choose(("共享申请", "Share requests")))
grant = typer.Typer(no_args_is_help=True, help=choose(("共享授权", "Share grants")))
_NEEDED = ("resource", "items", "basis", "scenario", "scope", "until")
_LISTED = ("request_no", "status", "resource_code", "resource_title", "until")
_SHOWN = (
    "request_no",
    "status",
    "resource_code",
    "resource_title",
    "resource_version",
    "latest_version",
    "edition_no",
    "consumer",
    "provider",
    "items",
    "basis",
    "scenario",
    "scope",
    "share_way",
    "until",
)
_No = Annotated[str, typer.Argument(metavar="NO", help=choose(("编号", "Number")))]


def _option(zh: str, en: str) -> Any:
    return typer.Option(help=choose((zh, en)))


@request.command(
    help=choose(
        (
            "起草共享申请；选项优先于 JSON 文件中的同名项。JSON 形如 "
            '{"resource": "307001-000001", "items": ["学校名称"], "basis": "…", "scenario": "…", '
            '"scope": "…", '
            '"share_way": "batch", "until": "2026-12-31"}',
            "Draft a share request; options win over members of the JSON file, which looks like "
            '{"resource": "307001-000001", "items": ["学校名称"], "basis": "…", "scenario": "…", '
            '"scope": "…", '
            '"share_way": "batch", "until": "2026-12-31"}',
        )
    )
)
def create(
    context: typer.Context,
    file: Annotated[
        str | None,
        typer.Option(
            "--file",
            "-f",
            help=choose(("JSON 文件，- 为标准输入", "JSON file, - for standard input")),
        ),
    ] = None,
    resource: Annotated[str | None, _option("资源代码", "Code of the resource")] = None,
    item: Annotated[
        list[str] | None, _option("信息项，可重复", "Item by name or identifier; repeat it")
    ] = None,
    basis: Annotated[str | None, _option("使用依据", "Legal basis")] = None,
    scenario: Annotated[str | None, _option("使用场景", "What it is used for")] = None,
    scope: Annotated[str | None, _option("使用范围", "Who uses it")] = None,
    share_way: Annotated[
        str | None, _option("共享方式：service、batch、file", "Way: service, batch, file")
    ] = None,
    until: Annotated[
        str | None, _option("使用时限，如 2026-12-31", "Until when, such as 2026-12-31")
    ] = None,
    submit: Annotated[
        bool, typer.Option("--submit", help=choose(("同时提交", "Submit it too")))
    ] = False,
    json: Json = False,
) -> None:
    given = {
        "resource": resource,
        "items": item or None,
        "basis": basis,
        "scenario": scenario,
        "scope": scope,
        "share_way": share_way,
        "until": until,
    }
    wanted = {**_read(file), **{name: value for name, value in given.items() if value is not None}}
    if missing := [name for name in _NEEDED if not wanted.get(name)]:
        raise typer.BadParameter(choose(("还缺：", "Missing: ")) + ", ".join(missing))
    with context.obj.client() as client:
        made = client.requests.create(wanted.pop("resource"), **wanted)
        if submit:
            _submit(made)
        _show(made, is_json=json)


@request.command(help=choose(("显示共享申请。", "Show a share request.")))
def show(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.requests.show(no.upper()), is_json=json)


@request.command(
    help=choose(("提交草稿，先由本部门同意。", "Submit a draft, first to one's own sharing head."))
)
def submit(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.requests.show(no.upper()).submit(), is_json=json)


@request.command(help=choose(("撤回共享申请。", "Withdraw a share request.")))
def withdraw(
    context: typer.Context,
    no: _No,
    remark: Annotated[str, _option("撤回原因", "Why it is withdrawn")],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.requests.show(no.upper()).withdraw(remark), is_json=json)


@request.command(
    "list", help=choose(("列出可见的共享申请。", "List the share requests I may see."))
)
def list_requests(
    context: typer.Context,
    status: Annotated[str | None, _option("只列此状态", "Only in this status")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        print_records(client.requests.list(status=status, limit=limit), _LISTED, is_json=json)


@grant.command("list", help=choose(("列出可见的共享授权。", "List the share grants I may see.")))
def list_grants(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    with context.obj.client() as client:
        listed = ("grant_no", "status", "resource_code", "resource_title", "valid_until")
        print_records(client.grants.list(limit=limit), listed, is_json=json)


@grant.command(
    "show",
    help=choose(
        (
            "显示共享授权：信息项、处理、暂停的信息项、行范围、数据更新批次。",
            "Show a share grant: items, masks, what is suspended, rows, edition of the data.",
        )
    ),
)
def show_grant(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.grant(no.upper()).metadata
    if json:
        print_json(dict(found.raw))
        return
    print_facts(
        facts_of(
            found,
            (
                "grant_no",
                "status",
                "ground_label",
                "resource_code",
                "resource_title",
                "consumer",
                "provider",
                "purpose",
                "row_filter_label",
                "follows_editions",
                "edition_no",
                "valid_until",
            ),
        )
    )
    print_records(found.items, ("name", "mask_label", "suspended_label"), is_json=False)


@grant.command(
    "consultations",
    help=choose(
        (
            "显示共享授权项下列入负面清单信息项的协商记录和备案。",
            "Show the consultations and filings about struck items of a grant.",
        )
    ),
)
def show_consultations(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.grants.consultations(no.upper())
    if json:
        print_json([dict(each.raw) for each in found])
        return
    for each in found:
        print_facts(facts_of(each, Consultation.COLUMNS))
        print_records(each.items, ConsultedItem.COLUMNS, is_json=False)
        print_records(each.statements, SideStated.COLUMNS, is_json=False)
        print_records([each.filing], Filing.COLUMNS, is_json=False)


def _read(file: str | None) -> dict[str, Any]:
    """The request in a JSON file; only members that a request has."""
    if file is None:
        return {}
    found = read_object(file, "--file")
    if unknown := sorted(set(found) - {*_NEEDED, "share_way"}):
        text = choose(("不认识的项：", "Unknown members: ")) + ", ".join(unknown)
        raise typer.BadParameter(text, param_hint="--file")
    return found


def _submit(made: "RequestHandle") -> None:
    try:
        made.submit()
    except ShuqiaoError:
        note(choose(("草稿已保存：", "The draft is kept: ")) + made.request_no)
        raise


def _show(made: "RequestHandle", *, is_json: bool) -> None:
    found = made.metadata
    if is_json:
        print_json(dict(found.raw))
    else:
        print_facts({**facts_of(found, _SHOWN), "due_on": made.due_on})
        for differing in (found.entry_changes, found.changes):
            if differing:
                print_records(differing, differing[0].COLUMNS, is_json=False)
