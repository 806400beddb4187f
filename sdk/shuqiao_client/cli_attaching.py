"""``sq resource attach`` and ``confirm``: from a file to stored data."""

from pathlib import Path
from typing import Annotated, Any

import typer

from shuqiao_client.cli_catalog import Code
from shuqiao_client.cli_input import pairs
from shuqiao_client.cli_output import note, print_json, print_records
from shuqiao_client.cli_registering import resource
from shuqiao_client.cli_state import Json
from shuqiao_client.words import choose

__all__ = ["resource"]


def _option(zh: str, en: str, *names: str) -> Any:
    return typer.Option(*names, help=choose((zh, en)))


_Encoding = Annotated[str | None, _option("编码，如 gb18030", "Encoding, such as gb18030")]
_Sheet = Annotated[str | None, _option("工作表", "Sheet of the workbook")]
_Header = Annotated[int | None, _option("列名行，0 为没有", "Row of the names, 0: none")]
_Delimiter = Annotated[str | None, _option("分隔符", "Delimiter")]
_Null = Annotated[list[str] | None, _option("视为空值的文字，可重复", "Text for none; repeat it")]
_HeaderRows = Annotated[
    int | None, _option("合并为列名的行数", "Rows joined to the names", "--header-rows")
]
_SkipLast = Annotated[
    int | None, _option("末尾略去的行数", "Rows left out at the end", "--skip-last")
]
_Drop = Annotated[list[str] | None, _option("略去的列，可重复", "Column left out; repeat it")]
_Fill = Annotated[
    list[str] | None,
    _option(
        "向下填充的列，可重复", "Column whose values are filled down; repeat it", "--fill-down"
    ),
]
_Hidden = Annotated[
    bool | None,
    _option("略去隐藏的行", "Leave out hidden rows", "--skip-hidden/--keep-hidden"),
]
_Types = Annotated[
    list[str] | None,
    _option(
        "列=类型，可重复；其余按信息项", "COLUMN=TYPE, repeat it; others follow the items", "--type"
    ),
]
_Wait = Annotated[
    bool, typer.Option("--wait/--no-wait", help=choose(("等到存入完成", "Wait until it is stored")))
]


@resource.command(
    help=choose(
        (
            "上传数据文件并显示预览；加 --confirm 则按此存入并等到完成。",
            "Upload a file of data and show what was found; with --confirm store it so, and wait.",
        )
    )
)
def attach(
    context: typer.Context,
    code: Code,
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    confirm: Annotated[bool, _option("确认并存入", "Confirm and store it", "--confirm")] = False,
    types: _Types = None,
    encoding: _Encoding = None,
    sheet: _Sheet = None,
    header_row: _Header = None,
    delimiter: _Delimiter = None,
    null: _Null = None,
    header_rows: _HeaderRows = None,
    skip_last: _SkipLast = None,
    drop: _Drop = None,
    fill_down: _Fill = None,
    skip_hidden: _Hidden = None,
    wait: _Wait = True,
    json: Json = False,
) -> None:
    kinds = pairs(types, "--type")
    options = _said(
        encoding=encoding,
        sheet=sheet,
        header_row=header_row,
        delimiter=delimiter,
        null_values=null or None,
        header_rows=header_rows,
        skip_last=skip_last,
        drop_columns=drop or None,
        fill_down=fill_down or None,
        skip_hidden_rows=skip_hidden,
    )
    with context.obj.client() as client:
        made = client.resources.get(code).attach(file, options)
        if not json:
            print_attachment(made.metadata)
        if not confirm:
            _what_to_confirm(code, made.metadata)
        else:
            made.confirm(kinds)
            if wait:
                made.wait()
        if json:
            print_json(dict(made.metadata.raw))
        elif confirm:
            print_records([made.metadata], made.metadata.COLUMNS, is_json=False)


@resource.command(
    help=choose(
        (
            "确认已上传文件的读取方式和类型，存入并等到完成。",
            "Confirm how an attached file is read, store its data, and wait.",
        )
    )
)
def confirm(
    context: typer.Context,
    code: Code,
    attachment: Annotated[str, typer.Argument(metavar="ID")],
    types: _Types = None,
    encoding: _Encoding = None,
    sheet: _Sheet = None,
    header_row: _Header = None,
    delimiter: _Delimiter = None,
    null: _Null = None,
    header_rows: _HeaderRows = None,
    skip_last: _SkipLast = None,
    drop: _Drop = None,
    fill_down: _Fill = None,
    skip_hidden: _Hidden = None,
    wait: _Wait = True,
    json: Json = False,
) -> None:
    kinds = pairs(types, "--type")
    options = _said(
        encoding=encoding,
        sheet=sheet,
        header_row=header_row,
        delimiter=delimiter,
        null_values=null or None,
        header_rows=header_rows,
        skip_last=skip_last,
        drop_columns=drop or None,
        fill_down=fill_down or None,
        skip_hidden_rows=skip_hidden,
    )
    with context.obj.client() as client:
        made = client.resources.get(code).attachment(attachment)
        made.confirm(kinds, options)
        if wait:
            made.wait()
        if json:
            print_json(dict(made.metadata.raw))
        else:
            print_records([made.metadata], made.metadata.COLUMNS, is_json=False)


def _said(**options: Any) -> dict[str, Any]:
    """How the file is to be read, as far as it was said."""
    return {name: value for name, value in options.items() if value is not None}


def print_attachment(found: Any) -> None:
    """What was found in the file: its columns, and what to know of it."""
    print_records([found], ("id", "file_name", "kind", "row_count", "status"), is_json=False)
    print_records(found.columns, found.columns[0].COLUMNS if found.columns else (), is_json=False)
    for warning in found.warnings:
        note(warning)


def _what_to_confirm(code: str, found: Any) -> None:
    if found.problem:
        note(
            choose(
                (
                    "文件已保留，但按此读不出数据表，请另选读取方式（如 --sheet）：",
                    "The file is kept, but is no table when read so; state another way (such as "
                    "--sheet, --header-row):",
                )
            )
            + found.problem
        )
        for sheet in found.raw.get("sheets", ()):
            note(f"  {sheet['name']} ({sheet['rows']} × {sheet['columns']})")
    if found.readings:
        note(
            choose(
                (
                    "编码判断不了，请选读得通的一种（--encoding）：",
                    "The encoding is not certain; choose the one that reads well (--encoding):",
                )
            )
        )
        for each in found.readings:
            note(f"  {each.encoding}: {'、'.join(each.names)}")
    note(
        choose(
            (
                "还没有存入。核对编码、列和类型后运行：",
                "Nothing is stored yet. Look at encoding, columns and types, then run: ",
            )
        )
        + f"sq resource confirm {code.replace('/', '-')} {found.id}"
    )
