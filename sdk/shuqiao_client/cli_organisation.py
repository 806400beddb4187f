"""``sq department``: which departments there are, at which level, with which duties."""

from typing import Annotated

import typer

from shuqiao_client.cli_output import facts_of, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json
from shuqiao_client.words import choose

department = typer.Typer(no_args_is_help=True, help=choose(("部门", "Departments")))


@department.command(
    "list",
    help=choose(
        ("列出部门，曾用名也查。", "List departments; former names are searched too."),
    ),
)
def list_departments(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help=choose(("名称、曾用名或代码", "Name or code"))),
    ] = None,
    area: Annotated[
        str, typer.Option(help=choose(("地区代码，含下级", "Code of an area, with those below")))
    ] = "",
    parent: Annotated[
        str, typer.Option(help=choose(("上级部门的代码", "Code of the department above")))
    ] = "",
    level: Annotated[
        str,
        typer.Option(
            help=choose(("层级：", "Level: "))
            + "national, province, city, county, township, using_point"
        ),
    ] = "",
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.departments.list(
            " ".join(words or []), area=area, parent=parent, level=level
        )
        columns = ("credit_code", "name", "level", "area_name", "ended_on")
        print_records(found, columns, is_json=json)


@department.command("show", help=choose(("显示部门及其职责。", "Show a department.")))
def show_department(
    context: typer.Context,
    code: Annotated[
        str,
        typer.Argument(metavar="CODE", help=choose(("统一社会信用代码", "Its credit code"))),
    ],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.departments.get(code)
    if json:
        print_json(dict(found.raw))
        return
    told = (
        "credit_code",
        "name",
        "former_names",
        "level",
        "area_name",
        "line",
        "regime",
        "ended_on",
    )
    print_facts(facts_of(found, told))
    print_records(
        found.duties, ("duty_no", "text", "document_no", "article", "valid_until"), is_json=False
    )
