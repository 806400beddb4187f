"""What the demo prints: steps that can be followed in a browser, the accounts, and one line of JSON
for programs.
"""

import json
from collections.abc import Mapping
from typing import Any

from server.process.output import aligned

#: Part in the story → what the person is called in an office.
PARTS = {
    "data_admin": "数据主管部门",
    "registrar": "编目员",
    "head": "部门负责人",
    "approver": "审核人",
    "provider_head": "提供部门共享工作机构负责人",
    "applicant": "申请人",
    "consumer_head": "需求部门共享工作机构负责人",
    "reviewer": "安全审计员",
    "civil_registrar": "民政厅编目员、审核人",
    "civil_head": "民政厅部门负责人",
    "system_admin": "系统管理员",
    "security_admin": "安全管理员",
    "audit_admin": "审计管理员",
}
_INDENT = "    "


def opening(origin: str, data_origin: str) -> None:
    _print(
        f"\n数桥演示：业务日期 2026-02-11\n{_INDENT}服务地址  {origin}\n{_INDENT}取数地址  "
        f"{data_origin}\n"
    )


def step(origin: str, what: str, who: str, page: str, event: str) -> None:
    """One step of the story: what, by whom, where to look at it, and its event in the trail."""
    facts = aligned([["经办", who], ["页面", f"{origin}{page}"], ["审计事件", event or "–"]])
    _print("\n".join([what, *(_INDENT + line for line in facts)]))


def verified(report: str) -> None:
    _print(f"\n离线核验（shuqiao audit verify）\n{_INDENT}{report}")


def accounts(cast: Mapping[str, str], people: Mapping[str, Mapping[str, Any]]) -> None:
    """The table of accounts for a browser; the passwords were made for this run alone."""
    rows = [["身份", "姓名", "账号", "口令"]]
    for part, account in cast.items():
        found = people[account]
        rows.append([PARTS[part], str(found["name"]), account, str(found["password"])])
    _print(
        "\n可用以下账号在浏览器登录：\n"
        + "\n".join(_INDENT + line for line in aligned(rows))
        + "\n"
    )


def staying_up(origin: str) -> None:
    _print(f"\n服务仍在运行：{origin}\n按 Ctrl-C 停止并清除本次演示的全部数据。")


def closing(facts: Mapping[str, Any]) -> None:
    _print(json.dumps(facts, ensure_ascii=False))


def _print(text: str) -> None:
    print(text, flush=True)
