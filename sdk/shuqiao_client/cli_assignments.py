"""``sq template`` and ``sq assignment``: what departments are expected to enter, who takes it on,
and how far it is.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from shuqiao_client.assignments import Assignment, ListTemplate, Progress
from shuqiao_client.cli_input import read_object
from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.words import choose

template = typer.Typer(no_args_is_help=True, help=choose(("清单模板", "List templates")))
assignment = typer.Typer(
    no_args_is_help=True, help=choose(("清单事项的认领与填报", "Claim and fill"))
)
_TemplateNo = Annotated[str, typer.Argument(metavar="LT", help=choose(("模板编号", "Its number")))]
_No = Annotated[str, typer.Argument(metavar="AS", help=choose(("事项编号", "Its number")))]
_Numbers = Annotated[
    list[str], typer.Argument(metavar="AS…", help=choose(("事项编号", "Their numbers")))
]
_Json = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help=choose(
            ("JSON 文件，“-”读标准输入", "A file with JSON, or “-” to read standard input")
        ),
    ),
]
_Reason = Annotated[str, typer.Option(help=choose(("理由说明", "In a sentence")))]
_Code = Annotated[
    str, typer.Option(help=choose(("部门的统一社会信用代码", "Credit code of a department")))
]


@template.command("list", help=choose(("列出清单模板。", "List the templates.")))
def list_templates(context: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    with context.obj.client() as client:
        found = client.list_templates.list(limit=limit)
        print_records(found, ListTemplate.COLUMNS, is_json=json)


@template.command("show", help=choose(("显示清单模板及其事项。", "Show a template.")))
def show_template(context: typer.Context, no: _TemplateNo, json: Json = False) -> None:
    with context.obj.client() as client:
        _template(client.list_templates.get(no), is_json=json)


@template.command("write", help=choose(("编制清单模板。", "Draw up a template.")))
def write_template(context: typer.Context, file: _Json, json: Json = False) -> None:
    body = read_object(file, "FILE")
    with context.obj.client() as client:
        _template(client.list_templates.write(body), is_json=json)


@template.command(
    "import",
    help=choose(("从 CSV 或 Excel 文件导入事项。", "Take in lines from a CSV or Excel file.")),
)
def take_in(
    context: typer.Context,
    no: _TemplateNo,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help=choose(("替换已有事项", "The lines there are go")))
    ] = False,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _template(client.list_templates.take_in(no, file, replace=replace), is_json=json)


@template.command("issue", help=choose(("下发清单模板。", "Issue a template.")))
def issue(context: typer.Context, no: _TemplateNo, json: Json = False) -> None:
    with context.obj.client() as client:
        _template(client.list_templates.issue(no), is_json=json)


@template.command("assign", help=choose(("分派一个事项。", "Assign a line.")))
def assign(
    context: typer.Context,
    no: _TemplateNo,
    line: Annotated[int, typer.Argument(metavar="LINE", help=choose(("序号", "Its number")))],
    departments: Annotated[
        list[str],
        typer.Argument(metavar="CODE…", help=choose(("统一社会信用代码", "Credit codes"))),
    ],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _template(client.list_templates.assign(no, line, departments), is_json=json)


@template.command("close", help=choose(("结束清单模板。", "Close a template.")))
def close(context: typer.Context, no: _TemplateNo, json: Json = False) -> None:
    with context.obj.client() as client:
        _template(client.list_templates.close(no), is_json=json)


@assignment.command("list", help=choose(("列出清单事项。", "List the assignments I may see.")))
def list_assignments(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help=choose(("名称、编号、代码", "Title, number, code"))),
    ] = None,
    template_no: Annotated[
        str, typer.Option("--template", help=choose(("模板编号", "Number of a template")))
    ] = "",
    status: Annotated[
        str, typer.Option(help="open, unanswered, refused, partly, claimed, registered, …")
    ] = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.assignments.list(
            " ".join(words or []), template=template_no, status=status, limit=limit
        )
        print_records(found, Assignment.COLUMNS, is_json=json)


@assignment.command("show", help=choose(("显示清单事项。", "Show an assignment.")))
def show_assignment(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _assignment(client.assignments.get(no), is_json=json)


@assignment.command("claim", help=choose(("认领一个或者多个事项。", "Claim assignments.")))
def claim(context: typer.Context, numbers: _Numbers, json: Json = False) -> None:
    _answer_all(context, numbers, {"answer": "claimed"}, is_json=json)


@assignment.command("refuse", help=choose(("不认领一个或者多个事项。", "Do not claim them.")))
def refuse(
    context: typer.Context,
    numbers: _Numbers,
    why: Annotated[
        str,
        typer.Option(
            help="no_such_duty, upper_system, no_information_system, state_secret, "
            "out_of_use, duplicate"
        ),
    ],
    reason: _Reason = "",
    belongs_to: _Code = "",
    duplicate_of: Annotated[
        str, typer.Option(help=choose(("已有目录的代码", "Code of the entry there is")))
    ] = "",
    json: Json = False,
) -> None:
    body = {"answer": "refused", "refusal": why, "reason": reason}
    body |= {"belongs_to": belongs_to, "duplicate_of": duplicate_of}
    _answer_all(context, numbers, body, is_json=json)


@assignment.command(
    "claim-part", help=choose(("部分认领一个事项。", "Claim an assignment in part."))
)
def claim_part(
    context: typer.Context,
    no: _No,
    part: Annotated[str, typer.Option(help=choose(("本部门认领的部分", "The part of ours")))],
    rest: Annotated[str, typer.Option(help=choose(("其余部分", "The rest")))],
    belongs_to: _Code = "",
    json: Json = False,
) -> None:
    body = {"answer": "partly", "part": part, "rest": rest, "rest_department": belongs_to}
    with context.obj.client() as client:
        _assignment(client.assignments.answer(no, body), is_json=json)


@assignment.command(
    "describe",
    help=choose(("填报职责、事项、系统、数据表。", "Say duty, matter, system and table.")),
)
def describe(context: typer.Context, no: _No, file: _Json, json: Json = False) -> None:
    body = read_object(file, "FILE")
    with context.obj.client() as client:
        _assignment(client.assignments.describe(no, body), is_json=json)


@assignment.command("bind", help=choose(("关联本部门已有的目录。", "Name the entry.")))
def bind(
    context: typer.Context,
    no: _No,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help=choose(("资源代码", "Resource code")))
    ],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _assignment(client.assignments.bind(no, code), is_json=json)


@assignment.command("begin", help=choose(("开始编制目录。", "Begin the entry.")))
def begin(
    context: typer.Context,
    no: _No,
    class_code: Annotated[
        str, typer.Argument(metavar="CLASS", help=choose(("类目代码", "Class code")))
    ],
    share_type: Annotated[str, typer.Option(help="unconditional, conditional, withheld")],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _assignment(client.assignments.open_entry(no, class_code, share_type), is_json=json)


@assignment.command("reassign", help=choose(("转派其他部门。", "Assign it to another one.")))
def reassign(context: typer.Context, no: _No, department: _Code = "", json: Json = False) -> None:
    with context.obj.client() as client:
        _assignment(client.assignments.reassign(no, department), is_json=json)


@assignment.command("accept", help=choose(("认可不认领。", "Accept the refusal.")))
def accept(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _assignment(client.assignments.accept(no), is_json=json)


@assignment.command("take-back", help=choose(("撤回分派。", "Take it back.")))
def take_back(context: typer.Context, no: _No, json: Json = False) -> None:
    with context.obj.client() as client:
        _assignment(client.assignments.take_back(no), is_json=json)


@assignment.command("board", help=choose(("各部门进展。", "Who is how far.")))
def board(
    context: typer.Context,
    template_no: Annotated[
        str, typer.Option("--template", help=choose(("模板编号", "Number of a template")))
    ] = "",
    area: Annotated[str, typer.Option(help=choose(("地区代码", "Code of an area")))] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.assignments.board(template=template_no, area=area)
    if json:
        print_json(dict(found.raw))
    else:
        print_records(found.items, Progress.COLUMNS, is_json=False)


def _answer_all(
    context: typer.Context, numbers: list[str], body: dict[str, Any], *, is_json: bool
) -> None:
    with context.obj.client() as client:
        found = client.assignments.answer_all(numbers, body)
    print_records(found, Assignment.COLUMNS, is_json=is_json)


def _template(found: ListTemplate, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
        return
    print_facts(facts_of(found, ListTemplate.COLUMNS))
    told = ("position", "title", "upper_code", "department")
    for line in found.raw.get("lines", []):
        typer.echo("\t".join(str(line[name]) for name in told))


def _assignment(found: Assignment, *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
    else:
        more = ("upper_code", "refusal_label")
        print_facts(facts_of(found, (*Assignment.COLUMNS, *more)))
