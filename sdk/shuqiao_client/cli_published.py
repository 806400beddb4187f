"""``sq resource`` for what is published: the editions of its data, their renewal, the change that
asks for an update, and its end.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from shuqiao_client.cli_attaching import resource
from shuqiao_client.cli_catalog import Code
from shuqiao_client.cli_output import (
    facts_of,
    print_entry,
    print_facts,
    print_json,
    print_records,
    print_rows,
)
from shuqiao_client.cli_state import Json
from shuqiao_client.words import choose

if TYPE_CHECKING:
    from shuqiao_client.editions import ChangeEvent, Edition

__all__ = ["resource"]
_LISTED = ("number", "status", "rows")
_COUNTED = ("added", "removed", "changed", "outside")
_Number = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, help=choose(("批次号", "Number of the edition")))
]


def _option(zh: str, en: str, *names: str) -> Any:
    return typer.Option(*names, help=choose((zh, en)))


@resource.command(
    help=choose(
        (
            "列出数据更新批次，最近的在前；提供部门的编目员另见核对结果。",
            "List the editions of the data, latest first; its registrars see what checks found.",
        )
    )
)
def editions(context: typer.Context, code: Code, json: Json = False) -> None:
    with context.obj.client() as client:
        found = list(client.resources.get(code).editions)
    if json:
        print_json([dict(each.raw) for each in found])
    else:
        rows = [
            [
                *(getattr(each, name) for name in _LISTED),
                *(getattr(each.report, name, None) for name in _COUNTED),
                each.current_from,
            ]
            for each in found
        ]
        print_rows(rows, (*_LISTED, *_COUNTED, "current_from"))


@resource.command(
    help=choose(
        (
            "显示一个批次和核对结果：新增、减少、变更、超出范围声明的行数。",
            "Show an edition and its check: rows added, removed, changed, outside the coverage.",
        )
    )
)
def edition(context: typer.Context, code: Code, number: _Number, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).edition(number).metadata, is_json=json)


@resource.command(
    help=choose(
        (
            "显示贯标核验结果：各列核验的值和不符合标准的值；写批次号的为该批次，不写的为编制中的数据；"
            "--values 逐条列出不符合标准的值。",
            "Show how data keeps to its standards, column by column: of an edition, or of what is "
            "worked on; --values lists the values that break a rule.",
        )
    )
)
def conformity(
    context: typer.Context,
    code: Code,
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", min=1, help=choose(("批次号", "Number of the edition"))),
    ] = None,
    is_values: Annotated[bool, _option("逐条列出", "List the values", "--values")] = False,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        entry = client.resources.get(code)
        handle = entry if number is None else entry.edition(number)
        values = list(handle.failures) if is_values else []
        found = None if is_values else handle.conformity
    if found is None:
        print_records(values, ("row", "item", "value", "detail"), is_json=json)
    elif json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, found.COLUMNS))
        rows = [
            [each.item, rule.checked, rule.failed, rule.detail]
            for each in found.columns
            for rule in each.rules
            if rule.failed
        ]
        print_rows(rows, ("item", "checked", "broken", "detail"))


@resource.command(
    help=choose(
        (
            "重新核对待确认的批次，例如在范围声明更正之后。",
            "Check a held edition again, for example after its coverage was mended.",
        )
    )
)
def check(context: typer.Context, code: Code, number: _Number, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).edition(number).check(), is_json=json)


@resource.command(
    help=choose(
        (
            "放弃待确认的批次；其中的数据没有交付过，现行批次不变。",
            "Give a held edition up: none of it was delivered, and the current one stays.",
        )
    )
)
def drop_edition(context: typer.Context, code: Code, number: _Number, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).edition(number).drop(), is_json=json)


@resource.command(
    help=choose(
        (
            "定期更新：所连接的库表是否按更新频率重新复制；--on 开启，--off 关闭，不写则显示。",
            "Renewal on schedule: whether the connected table is copied anew by the update cycle; "
            "--on and --off switch it, without either it is shown.",
        )
    )
)
def refresh(
    context: typer.Context,
    code: Code,
    is_on: Annotated[bool | None, _option("开启、关闭", "Switch it", "--on/--off")] = None,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        handle = client.resources.get(code)
        found = handle.renewal if is_on is None else handle.renew(is_on=is_on)
    if json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, found.COLUMNS))


@resource.command(
    help=choose(
        (
            "登记法律或者职责的调整，目录更新期限自调整之日起算（第十七条）。",
            "Record a change of law or duties; the limit for updating the entry counts from its "
            "day (Art. 17).",
        )
    )
)
def change_event(
    context: typer.Context,
    code: Code,
    on: Annotated[str, _option("自何日起，如 2026-02-10", "The day, such as 2026-02-10")],
    kind: Annotated[
        str,
        typer.Option(
            help="law, administrative_regulation, state_council_decision, duty",
        ),
    ],
    basis: Annotated[str, _option("依据的名称和条款", "What changed, with its article")],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show_change(client.resources.get(code).record_change(on, kind, basis), is_json=json)


_No = Annotated[str, typer.Argument(metavar="CE", help=choose(("登记号", "Its number")))]


@resource.command(
    help=choose(("显示一项登记调整及其更新期限。", "Show a change of law or duties and its limit."))
)
def show_change_event(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show_change(client.change_event(no).metadata, is_json=json)


@resource.command(
    help=choose(
        (
            "申请延长更新期限，只能一次，期限届满之前提出；由数据主管部门在页面决定。",
            "Ask for more time to update the entry: once, before the limit ends; the data "
            "administration decides on the page.",
        )
    )
)
def ask_extension(
    context: typer.Context,
    no: _No,
    working_days: Annotated[int, typer.Option(min=1, help=choose(("工作日", "Working days")))],
    reason: Annotated[str, _option("理由", "Why")],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.change_event(no).ask_extension(working_days, reason)
        _show_change(found, is_json=json)


@resource.command(
    help=choose(
        (
            "撤销已发布的目录，变更稿一并删除；原因告知持有共享授权和已申请的部门。由数据管理员办理。",
            "Take a published entry down, with its working copy; those who hold grants or have "
            "applied are told the reason. For data administrators.",
        )
    )
)
def takedown(
    context: typer.Context,
    code: Code,
    reason: Annotated[str, _option("撤销原因", "Why it is taken down")],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.resources.get(code).take_down(reason).metadata
    if json:
        print_json(dict(found.raw))
    else:
        print_entry(found)


def _show_change(found: "ChangeEvent", *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, found.COLUMNS))


def _show(found: "Edition", *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    print_facts(facts_of(found, found.COLUMNS))
    if found.profile is not None:
        print_facts(facts_of(found.profile, found.profile.COLUMNS))
    if found.report is not None:
        print_facts(facts_of(found.report, found.report.COLUMNS))
        for each in found.report.findings:
            print_records([each], each.COLUMNS, is_json=False)
