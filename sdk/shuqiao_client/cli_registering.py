"""``sq resource`` for registrars: register, edit, attach data, submit."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from shuqiao_client.cli_catalog import Code, resource
from shuqiao_client.cli_input import read_items, read_object
from shuqiao_client.cli_output import print_entry, print_facts, print_json, print_records
from shuqiao_client.cli_state import Json, Limit
from shuqiao_client.words import choose

if TYPE_CHECKING:
    from shuqiao_client.entries import EntryNow

__all__ = ["resource"]


def _option(zh: str, en: str, *names: str) -> Any:
    return typer.Option(*names, help=choose((zh, en)))


_File = Annotated[
    str, typer.Argument(metavar="FILE", help=choose(("文件，- 为标准输入", "File, - for stdin")))
]


@resource.command(
    "list", help=choose(("列出可见的登记，最近变更的在前。", "List entries, last changed first."))
)
def list_entries(
    context: typer.Context,
    mine: Annotated[bool, _option("只列本部门的", "Only my department's", "--mine")] = False,
    status: Annotated[str | None, _option("只列此状态", "Only in this status")] = None,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        found = client.resources.list(mine=mine, status=status, limit=limit)
        columns = ("code", "title", "status", "review_step", "version", "updated_at")
        print_records(found, columns, is_json=json)


@resource.command(
    help=choose(
        (
            "登记数据资源（草稿）；选项优先于 JSON 文件中的同名项。",
            "Register a data resource (a draft); options win over members of the JSON file.",
        )
    )
)
def register(
    context: typer.Context,
    file: Annotated[str | None, typer.Argument(metavar="FILE.json")] = None,
    title: Annotated[str | None, _option("目录名称", "Title")] = None,
    class_code: Annotated[str | None, _option("分类代码，如 307001", "Class code: 307001")] = None,
    share_type: Annotated[
        str | None,
        _option("unconditional、conditional、withheld", "unconditional, conditional, withheld"),
    ] = None,
    json: Json = False,
) -> None:
    given = {"title": title, "class_code": class_code, "share_type": share_type}
    entry = read_object(file, "FILE") if file else {}
    entry |= {name: text for name, text in given.items() if text is not None}
    if not entry:
        text = choose(("请给出 FILE.json，或者 --title 等选项", "Give FILE.json, or --title …"))
        raise typer.BadParameter(text)
    with context.obj.client() as client:
        _show(client.resources.register(entry).metadata, is_json=json)


@resource.command(
    help=choose(
        (
            "修改草稿：文件中写明的项替换，没有写的不变。",
            "Edit a draft: what the file names is replaced, what it does not name stays.",
        )
    )
)
def edit(context: typer.Context, code: Code, file: _File, json: Json = False) -> None:
    changes = read_object(file, "FILE")
    with context.obj.client() as client:
        _show(client.resources.get(code).edit(changes).metadata, is_json=json)


@resource.command(
    help=choose(
        (
            "用 CSV 中的行替换全部信息项；列名同页面或者接口，没有的列不变。",
            "Replace the items by the rows of a CSV, headed as on the pages or in the interface; "
            "what it has no column for stays.",
        )
    )
)
def items(context: typer.Context, code: Code, file: _File, json: Json = False) -> None:
    rows = read_items(file, "FILE")
    with context.obj.client() as client:
        found = client.resources.get(code).describe(rows).metadata
    if json:
        print_json(dict(found.raw))
    else:
        print_records(found.items, ("name", "column_name", "data_type"), is_json=False)


@resource.command(
    help=choose(
        (
            "重新选择从未发布的草稿的分类：取得新分类的下一个代码，原代码不再使用。",
            "Choose the class of a draft again that was never published: it gets the next code of "
            "that class, and the old code is not given again.",
        )
    )
)
def choose_class(
    context: typer.Context,
    code: Code,
    class_code: Annotated[
        str, typer.Argument(metavar="CLASS", help=choose(("如 306001", "Such as 306001")))
    ],
    json: Json = False,
) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).choose_class(class_code).metadata, is_json=json)


@resource.command(
    help=choose(("提交审核，先由部门负责人同意。", "Submit for review, first to the head."))
)
def submit(context: typer.Context, code: Code, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).submit().metadata, is_json=json)


@resource.command(
    help=choose(
        (
            "变更已发布的目录：建立变更稿，此后的修改、挂接、提交都在变更稿上办理。",
            "Change a published entry: opens a working copy, which edit, attach and submit go by.",
        )
    )
)
def change(context: typer.Context, code: Code, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).change().metadata, is_json=json)


@resource.command(
    help=choose(("取回已提交、尚未发布或者退回的目录。", "Take back what was submitted."))
)
def recall(context: typer.Context, code: Code, json: Json = False) -> None:
    with context.obj.client() as client:
        _show(client.resources.get(code).recall().metadata, is_json=json)


@resource.command(
    help=choose(
        (
            "删除变更稿，或者从未送审的草稿；不能恢复，须加 --yes。",
            "Throw away a working copy, or a draft never reviewed, for good; needs --yes.",
        )
    )
)
def drop(
    context: typer.Context,
    code: Code,
    yes: Annotated[bool, _option("确认删除", "Yes, throw it away", "--yes")] = False,
    json: Json = False,
) -> None:
    if not yes:
        raise typer.BadParameter("--yes", param_hint="--yes")
    with context.obj.client() as client:
        gone = client.resources.get(code).drop()
    if json:
        print_json(gone)
    else:
        print_facts({"code": gone["code"]})


def _show(found: "EntryNow", *, is_json: bool) -> None:
    if is_json:
        print_json(dict(found.raw))
    else:
        print_entry(found)
