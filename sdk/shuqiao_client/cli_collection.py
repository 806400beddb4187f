"""``sq collection``: check before collecting who has the data already; report repeated forms."""

from pathlib import Path
from typing import Annotated

import typer

from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.collection import CheckedField, CollectionCheck, RepeatedForm
from shuqiao_client.words import choose

collection = typer.Typer(
    no_args_is_help=True,
    help=choose(("采集前核查、重复填报反映", "Check before collecting; repeated forms")),
)
_No = Annotated[str, typer.Argument(metavar="CK", help=choose(("核查编号", "Its number")))]
_ReportNo = Annotated[str, typer.Argument(metavar="RF", help=choose(("反映编号", "Its number")))]
_Title = Annotated[
    str, typer.Option(help=choose(("表、报表或系统名称", "Name of the form, report or system")))
]
_Kind = Annotated[str, typer.Option(help="form, report, system")]
_Fields = Annotated[
    list[str] | None,
    typer.Argument(metavar="FIELDS", help=choose(("字段名称", "Names of the fields"))),
]
_File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        exists=True,
        dir_okay=False,
        help=choose(
            ("CSV 或 Excel 文件，表头为字段", "A CSV or Excel file whose header names the fields")
        ),
    ),
]


@collection.command("list", help=choose(("列出采集前核查。", "List checks before collecting.")))
def list_checks(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.collection_checks.list(limit=limit)
        print_records(found, CollectionCheck.COLUMNS, is_json=json)


@collection.command(
    help=choose(
        (
            "核查拟采集的字段：可共享、本部门已有、不予共享或者可采集。",
            "Check fields: to be had by sharing, one's own, not shared, or to be collected.",
        )
    )
)
def check(
    context: typer.Context,
    fields: _Fields = None,
    title: _Title = "",
    kind: _Kind = "form",
    file: _File = None,
    json: Json = False,
) -> None:
    if not title or bool(fields) == (file is not None):
        raise typer.BadParameter(
            choose(("须写明 --title，以及字段或者 --file 之一", "--title, and FIELDS or --file"))
        )
    with context.obj.client() as client:
        checks = client.collection_checks
        made = (
            checks.make_of_file(title, kind, file)
            if file is not None
            else checks.make(title, kind, fields or [])
        )
        _show(made, is_json=json)


@collection.command(help=choose(("显示核查意见。", "Show the opinion of a check.")))
def show(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.collection_checks.get(no), is_json=json)


@collection.command(
    help=choose(
        (
            "更正一个字段的核查结果；仍需采集的写明理由 --reason。",
            "Correct the answer of a field; --reason says why it is collected all the same.",
        )
    )
)
def correct(
    context: typer.Context,
    no: _No,
    position: Annotated[int, typer.Argument(min=1, help=choose(("字段序号", "Its number")))],
    code: Annotated[str, typer.Option(help=choose(("目录代码", "Code of the entry")))] = "",
    item: Annotated[str, typer.Option(help=choose(("信息项", "Information item")))] = "",
    reason: Annotated[
        str, typer.Option(help=choose(("为何再次采集", "Why it is collected again")))
    ] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.collection_checks.correct(
            no,
            position,
            resource_code=code,
            item=item,
            is_collected=bool(reason),
            reason=reason,
        )
        _show(found, is_json=json)


@collection.command(help=choose(("办结核查。", "Conclude a check.")))
def conclude(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.collection_checks.conclude(no), is_json=json)


@collection.command(
    help=choose(
        (
            "反映重复填报（街道、乡镇、用数点）。",
            "Report a form that is asked for again and again (streets, townships, using points).",
        )
    )
)
def report(
    context: typer.Context,
    fields: _Fields,
    asked_by: Annotated[str, typer.Option(help=choose(("要求填报的单位", "Who asks for it")))],
    form: Annotated[str, typer.Option(help=choose(("表名", "Name of the form")))],
    remark: Annotated[
        str, typer.Option(help=choose(("补充说明", "What else is to be known")))
    ] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _tell(client.repeated_forms.report(asked_by, form, fields or [], remark), is_json=json)


@collection.command(help=choose(("列出重复填报反映。", "List reports of repeated forms.")))
def reports(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.repeated_forms.list(limit=limit)
        print_records(found, RepeatedForm.COLUMNS, is_json=json)


@collection.command(help=choose(("显示一项反映及其答复。", "Show a report and its answer.")))
def show_report(context: typer.Context, no: _ReportNo, json: Json = False) -> None:
    with context.obj.client() as client:
        _tell(client.repeated_forms.get(no), is_json=json)


def _show(found: CollectionCheck, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    print_facts(facts_of(found, CollectionCheck.COLUMNS))
    print_records(found.fields, CheckedField.COLUMNS, is_json=False)


def _tell(found: RepeatedForm, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
    else:
        print_facts(facts_of(found, RepeatedForm.COLUMNS))
