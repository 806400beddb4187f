"""What ``sq`` reads: JSON objects and tables of items, from files or standard input."""

import csv
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typer

from shuqiao_client.words import choose

#: Columns of a table of items: field → what it is called on the pages.
ITEM_COLUMNS: Final[Mapping[str, str]] = {
    "name": "信息项名称",
    "column_name": "数据列名",
    "data_type": "数据类型",
    "element": "数据元",
    "share_type": "共享类型",
    "security_level": "数据分级",
    "is_personal": "个人信息",
    "is_key": "主键",
    "description": "说明",
    "origin.kind": "来源方式",
    "origin.department": "引用部门",
    "origin.resource": "引用资源",
    "origin.cycle": "引用更新频率",
    "origin.way": "引用更新方式",
    "origin.lineage": "加工来源",
    "origin.method": "加工方法",
    "origin.reason": "重复采集理由",
}
_BY_LABEL: Final = {label: name for name, label in ITEM_COLUMNS.items()}


def read_object(file: str, hint: str) -> dict[str, Any]:
    """The JSON object in ``file`` (``-``: standard input). Raises ``BadParameter`` for ``hint``."""
    try:
        found = json.loads(_text(file, hint))
    except ValueError as error:
        raise typer.BadParameter(f"{file}: {error}", param_hint=hint) from None
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file}: JSON {{…}}", param_hint=hint)
    return found


def read_items(file: str, hint: str) -> list[dict[str, str]]:
    """The rows of a CSV whose head names fields of an item, as in the interface or on the pages.

    Raises ``BadParameter`` naming heads that are none.
    """
    rows = csv.DictReader(io.StringIO(_text(file, hint)))
    heads = {head: _BY_LABEL.get(head.strip(), head.strip()) for head in rows.fieldnames or ()}
    if unknown := sorted(head for head, name in heads.items() if name not in ITEM_COLUMNS):
        known = "、".join(f"{name}（{label}）" for name, label in ITEM_COLUMNS.items())
        text = choose(("不认识的列：", "Unknown columns: ")) + ", ".join(unknown)
        raise typer.BadParameter(f"{text}; {known}", param_hint=hint)
    if "name" not in heads.values():
        text = choose(("没有“信息项名称”（name）一列", "There is no column “name”"))
        raise typer.BadParameter(f"{file}: {text}", param_hint=hint)
    return [
        {name: row[head] or "" for head, name in heads.items()} for row in rows if any(row.values())
    ]


def pairs(values: list[str] | None, hint: str) -> dict[str, str]:
    """``NAME=VALUE`` each."""
    found = dict(each.rpartition("=")[::2] for each in values or ())
    if "" in found:
        raise typer.BadParameter("NAME=VALUE", param_hint=hint)
    return found


def _text(file: str, hint: str) -> str:
    if file == "-":
        return sys.stdin.read()
    content = Path(file).read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):  # what spreadsheets save
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise typer.BadParameter(f"{file}: UTF-8, GB18030", param_hint=hint)
