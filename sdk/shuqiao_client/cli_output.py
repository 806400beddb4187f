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

from shuqiao_client.errors import ShuqiaoError
from shuqiao_client.reading import Record
from shuqiao_client.words import choose

#: Column → (中文, English)
HEADINGS = {
    "account": ("账号", "Account"),
    "name": ("名称", "Name"),
    "department": ("部门", "Department"),
    "roles": ("角色", "Roles"),
    "credit_code": ("统一社会信用代码", "Credit code"),
    "former_names": ("曾用名", "Formerly"),
    "level": ("层级", "Level"),
    "area_name": ("地区", "Area"),
    "line": ("管理体制", "Led by"),
    "regime": ("适用范围", "Scope"),
    "ended_on": ("终止日期", "Ended on"),
    "claim_no": ("认领编号", "Claim"),
    "element_name": ("数据元名称", "Name"),
    "area": ("地区", "Area"),
    "status_label": ("状态", "Status"),
    "confirmed_on": ("数源起始日", "Source from"),
    "elements": ("需要确源的数据元", "Elements"),
    "with_source": ("已确认数源", "With a source"),
    "share": ("覆盖率（%）", "Share (%)"),
    "as_source": ("其中本部门为数源", "As the source"),
    "system_no": ("登记号", "System"),
    "outcome": ("结果", "Outcome"),
    "confirmed_at": ("确认时间", "Confirmed at"),
    "covered": ("已有目录", "Covered"),
    "at_work": ("在用系统", "At work"),
    "without": ("没有目录的系统", "Without"),
    "reported": ("已填报部门", "Reported"),
    "owed": ("应报部门", "Asked"),
    "build": ("建设方式", "Built"),
    "network": ("部署网络", "Network"),
    "protection": ("等保级", "Protection"),
    "since": ("起始日期", "Since"),
    "filing_no": ("等保备案编号", "Filing number"),
    "contractor": ("受托方", "Contractor"),
    "contract_until": ("合同截止日期", "Contract until"),
    "contact": ("联系方式", "Contact"),
    "duty_no": ("职责编号", "Duty"),
    "text": ("职责", "Text"),
    "document_no": ("文号", "Document"),
    "article": ("条款", "Article"),
    "code": ("资源代码", "Code"),
    "title": ("名称", "Title"),
    "provider": ("提供部门", "Provider"),
    "share_type": ("共享类型", "Sharing"),
    "share_condition": ("共享条件", "Condition"),
    "update_cycle": ("更新频率", "Updated"),
    "matched_items": ("命中信息项", "Items found"),
    "published_at": ("发布时间", "Published"),
    "abstract": ("摘要", "Abstract"),
    "column_name": ("列名", "Column"),
    "data_type": ("类型", "Type"),
    "element": ("数据元", "Element"),
    "is_personal": ("个人信息", "Personal"),
    "origin": ("来源方式", "Origin"),
    "description": ("说明", "Description"),
    "request_no": ("申请编号", "Request"),
    "status": ("状态", "Status"),
    "resource_code": ("资源代码", "Resource"),
    "resource_title": ("资源名称", "Title"),
    "consumer": ("需求部门", "Consumer"),
    "items": ("信息项", "Items"),
    "until": ("使用时限", "Until"),
    "created_at": ("创建时间", "Created"),
    "grant_no": ("共享授权编号", "Grant"),
    "valid_until": ("有效期至", "Valid until"),
    "mask_label": ("处理", "Mask"),
    "delivery_no": ("交付编号", "Delivery"),
    "rows": ("行数", "Rows"),
    "bytes": ("字节", "Bytes"),
    "root": ("回执根", "Receipt root"),
    "endpoint": ("服务地址", "Service"),
    "profile": ("配置文件", "Profile"),
    "file": ("文件", "File"),
    "due_on": ("办理期限", "Due on"),
    "basis": ("使用依据", "Basis"),
    "scenario": ("使用场景", "Scenario"),
    "scope": ("使用范围", "Scope"),
    "share_way": ("共享方式", "Way"),
    "row_filter_label": ("行范围", "Rows granted"),
    "purpose": ("用途", "Purpose"),
    "review_step": ("审核环节", "Step"),
    "version": ("版本", "Version"),
    "published_version": ("已发布版本", "Published version"),
    "updated_at": ("变更时间", "Changed"),
    "waiting_for": ("轮到", "Waiting for"),
    "acts": ("可以办理", "Can be done"),
    "id": ("标识", "Id"),
    "file_name": ("文件名", "File name"),
    "kind": ("格式", "Kind"),
    "row_count": ("文件行数", "Rows in the file"),
    "refusal": ("未能存入的原因", "Why not stored"),
    "proposed_type": ("建议类型", "Proposed type"),
    "null_count": ("空值", "Empty"),
    "samples": ("样例", "Samples"),
    "note": ("提示", "Note"),
    "identifier": ("标识符", "Identifier"),
    "standard_no": ("标准编号", "Standard"),
    "label": ("名称", "Label"),
    "in_force_from": ("生效日期", "In force from"),
    "in_force_until": ("停止生效日期", "No longer from"),
    "standing_label": ("状态", "State"),
    "code_count": ("代码数", "Codes"),
    "digest": ("内容摘要", "Digest"),
    "edition_label": ("现行版本", "Edition in force"),
    "owner": ("维护单位", "Keeper"),
    "value": ("代码", "Code"),
    "parent_code": ("上级代码", "Code above"),
    "valid_from": ("启用日期", "Valid from"),
    "no_longer": ("停用日期", "No longer valid from"),
    "is_revoked": ("已废止", "Given up"),
    "before": ("原为", "Before"),
    "after": ("现为", "Now"),
    "year": ("年度", "Year"),
    "notice_no": ("文号", "Notice"),
    "source": ("来源", "Source"),
    "days_off": ("放假天数", "Days off"),
    "days_worked": ("调休上班天数", "Weekend days worked"),
    "date": ("日期", "Date"),
    "kind_label": ("类别", "Kind"),
    "definition": ("定义", "Definition"),
    "number": ("批次号", "Edition"),
    "edition_no": ("数据更新批次", "Edition of the data"),
    "follows_editions": ("跟随更新", "Follows the updates"),
    "suspended_label": ("暂停原因", "Why suspended"),
    "is_live": ("实时提供", "Read live"),
    "arrived_at": ("到达时间", "Arrived"),
    "current_from": ("成为现行批次时间", "Current since"),
    "ended_at": ("由新批次替换时间", "Replaced"),
    "compared_with": ("与第几批比对", "Compared with edition"),
    "rows_before": ("原有行数", "Rows before"),
    "rows_after": ("现有行数", "Rows now"),
    "added": ("新增行数", "Rows added"),
    "removed": ("减少行数", "Rows removed"),
    "changed": ("变更行数", "Rows changed"),
    "key": ("主键", "Key"),
    "is_other_shape": ("列或类型不一致", "Other shape"),
    "outside": ("超出范围声明行数", "Rows outside the coverage"),
    "part": ("范围声明", "Part of the coverage"),
    "empty": ("其中空值", "Of these empty"),
    "state": ("核验状态", "State"),
    "held_on": ("值域版本日期", "Value domains as of"),
    "made_at": ("核验时间", "Checked on"),
    "item": ("信息项", "Item"),
    "checked": ("已核验的值", "Values checked"),
    "broken": ("不符合的值", "Values that break it"),
    "detail": ("问题", "What is wrong"),
    "row": ("行号", "Row"),
    "check_no": ("核查编号", "Check"),
    "concluded_at": ("办结时间", "Concluded"),
    "position": ("序号", "No."),
    "answer_label": ("核查结果", "Answer"),
    "item_name": ("信息项", "Item"),
    "report_no": ("反映编号", "Report"),
    "form_name": ("表名", "Form"),
    "asked_by": ("要求填报的单位", "Asked by"),
    "answer": ("答复", "Answer"),
    "cleared_at": ("按留存规定清除时间", "Removed by the rules of retention"),
    "case_no": ("办件编号", "Case"),
    "clock_label": ("期限", "Limit"),
    "what": ("事项", "What is to be done"),
    "turn": ("轮到", "Whose turn"),
    "overdue_since": ("逾期之日", "Overdue since"),
    "working_days_late": ("超期工作日", "Working days late"),
    "basis_label": ("时限依据", "Basis of the limit"),
    "resource_version": ("申请所依据的版本", "Version asked for"),
    "latest_version": ("现行版本", "Version in force"),
    "field": ("变更项", "Field"),
    "decided_by": ("办理人", "Decided by"),
    "decided_at": ("办理时间", "Decided at"),
    "profiled_at": ("实时数据统计时间", "Live rows counted"),
    "is_capped": ("只统计了前面的行", "Only the first were counted"),
    "failed": ("未能统计的原因", "Why not counted"),
    "is_on": ("定期更新", "Renewed on schedule"),
    "due_at": ("下次复制时间", "Next copy"),
    "failed_at": ("上次复制失败时间", "Last one failed"),
    "change_no": ("目录更新编号", "Change"),
    "score": ("得分", "Score"),
    "evidence": ("依据", "Why"),
    "state_label": ("状态", "State"),
    "changed_on": ("调整日期", "Changed on"),
}


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
