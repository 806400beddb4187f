"""What ``sq`` prints: tables for people, tab-separated lines for pipes,
JSON for programs; errors on stderr.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shuqiao_client.cli_headings import HEADINGS
from shuqiao_client.errors import ShuqiaoError
from shuqiao_client.reading import Record
from shuqiao_client.words import choose


def print_json(document: Any) -> None:
    """The only thing on stdout under ``--json``."""
    indent = 2 if sys.stdout.isatty() else None
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=indent) + "\n")


def print_records(records: Iterable[Record], columns: Sequence[str], *, is_json: bool) -> None:
    """A list: a table on a terminal, else one tab-separated line a record; ``[]`` under ``--json``
    when empty.
    """
    if is_json:
        print_json([dict(record.raw) for record in records])
        return
    print_rows([[getattr(record, name) for name in columns] for record in records], columns)


def print_rows(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
    """The same of values that stand in no one record."""
    cells = [list(map(_cell, row)) for row in rows]
    if not sys.stdout.isatty():
        sys.stdout.writelines("\t".join(row) + "\n" for row in cells)
        return
    table = Table()
    for name in columns:
        table.add_column(Text(choose(HEADINGS[name])))
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table if cells else Text(choose(("没有找到。", "Nothing found."))))


def print_facts(facts: Mapping[str, Any]) -> None:
    """One thing: a line a fact."""
    for name, value in facts.items():
        sys.stdout.write(f"{choose(HEADINGS[name])}\t{_cell(value)}\n")


def print_entry(entry: Any) -> None:
    """An entry as it is now: its facts, its items, its files."""
    print_facts(facts_of(entry, entry.COLUMNS))
    print_records(entry.items, ("name", "column_name", "data_type", "element"), is_json=False)
    if entry.attachments:
        print_records(entry.attachments, entry.attachments[0].COLUMNS, is_json=False)


def facts_of(record: Record, columns: Sequence[str]) -> dict[str, Any]:
    """Facts of a record in the order of ``columns``."""
    return {name: getattr(record, name) for name in columns}


def note(text: str) -> None:
    """A word about what happened, on stderr."""
    sys.stderr.write(_printable(text) + "\n")


def report(error: ShuqiaoError, *, is_json: bool) -> None:
    """An error on stderr: the problem as JSON, or in words with what to mend."""
    if is_json:
        sys.stderr.write(json.dumps(error.to_problem(), ensure_ascii=False) + "\n")
        return
    lines = [choose(("错误：", "Error: ")) + str(error)]
    lines += [
        f"  {each.pointer.removeprefix('#/')}: {each.detail} {each.fix}" for each in error.errors
    ]
    if error.request_id:
        lines.append(choose(("  请求编号：", "  Request id: ")) + error.request_id)
    for line in lines:
        note(line)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return choose(("是", "yes")) if value else choose(("否", "no"))
    if isinstance(value, list):
        return "、".join(_cell(each) for each in value)
    if isinstance(value, Record):
        return _cell(value.raw.get("name"))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return _printable(value.isoformat() if isinstance(value, date) else str(value))


def _printable(text: str) -> str:
    """Without line breaks, tabs and terminal codes: text from elsewhere
    must not steer a terminal or add columns.
    """
    return "".join(sign if sign.isprintable() else " " for sign in text)
