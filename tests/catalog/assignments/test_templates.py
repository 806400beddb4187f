"""List templates: drawn up, taken in from files, issued, closed."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from fixtures.assigning import EDUCATION, POLICE
from fixtures.callers import client, once
from fixtures.exchanging import task_kinds, trail
from fixtures.listing import answer, get, pointers, seen, send, status
from fixtures.page_forms import filled
from fixtures.worlds import World

At = Callable[[str], World]
TEMPLATE = "LT-2026-000001"
AT = f"/list-templates/{TEMPLATE}"


def sent(world: World, content: bytes, name: str = "lines.csv", **query: Any) -> Any:
    files = {"file": (name, content, "application/octet-stream")}
    return send(world, "data_admin", f"{AT}/files", files=files, params=query)


def lines(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(world, "data_admin", AT).json()["lines"]
    return found


def test_a_draft_is_seen_by_the_administration_only(world_at: At) -> None:
    world = world_at("drafted_template")
    assert get(world, "registrar", AT).status_code == 404
    assert get(world, "reviewer", AT).status_code == 200
    assert get(world, "registrar", "/list-templates").json()["items"] == []
    assert [each["department_code"] for each in lines(world)] == [EDUCATION, EDUCATION, ""]


def test_lines_come_from_csv_and_are_added(world_at: At) -> None:
    world = world_at("drafted_template")
    heads = "类型,目录名称,上级目录代码,数据项,责任部门,职责编号,政务服务事项"
    row = "目录,学籍信息,0012,姓名、学籍号,内蒙古自治区教育厅,,学籍办理"
    taken = sent(world, f"{heads}\n{row}\n".encode("gb18030"))
    assert taken.status_code == 201, taken.text
    added = lines(world)[3]
    assert (added["position"], added["upper_code"], added["department_code"]) == (
        4,
        "0012",
        EDUCATION,
    )
    assert (added["items_text"], added["matter"]) == ("姓名、学籍号", "学籍办理")
    assert sent(world, "名称\n另一份清单\n".encode(), replace="true").status_code == 201
    assert [each["title"] for each in lines(world)] == ["另一份清单"]


def test_the_sheet_filled_in_comes_back(world_at: At) -> None:
    world = world_at("drafted_template")
    sheet = client(world, "data_admin").get("/list-templates/sheet?format=xlsx")
    book = openpyxl.load_workbook(BytesIO(sheet.content))
    heads = [cell.value for cell in book.active[1]]
    assert heads[:2] == ["类别", "名称"]
    values = {"类别": "数据元", "名称": "学生姓名", "上级目录代码": 150000, "建议责任部门": POLICE}
    book.active.append([values.get(head, "") for head in heads])
    kept = BytesIO()
    book.save(kept)
    taken = sent(world, kept.getvalue(), "lines.xlsx")
    assert taken.status_code == 201, taken.text
    added = lines(world)[3]
    assert (added["kind"], added["upper_code"]) == ("element", "150000")


def test_every_fault_of_a_list_is_named_with_row_and_column(world_at: At) -> None:
    world = world_at("drafted_template")
    text = (
        "名称,上级目录代码,建议责任部门,职责编号,数据元标识,类别\n"
        "甲,150000-JY-0001,没有这个部门,,,\n"
        ",X-1,,,,\n"
        "乙,X-1,,DU-9999,DE-999999,\n"
        "丙,X-1,,,,别的\n"
        "丁,X-1,,,,\n"
    )
    refused = sent(world, text.encode())
    assert refused.json()["code"] == "defective_lines"
    assert pointers(refused) == [
        "#/rows/2/department",
        "#/rows/2/upper_code",
        "#/rows/3/title",
        "#/rows/4/duty_no",
        "#/rows/4/element",
        "#/rows/5/kind",
        "#/rows/6/upper_code",
    ]
    assert all(each["fix"] for each in refused.json()["errors"])
    assert len(lines(world)) == 3, "nothing of it was kept"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上级目录代码\nX\n", "column_missing"),
        ("名称,怪列\n甲,乙\n", "column_unknown"),
        ("名称\n" + "甲\n" * 2_001, "too_long"),
    ],
)
def test_a_file_that_is_no_list_says_why(world_at: At, text: str, code: str) -> None:
    world = world_at("drafted_template")
    refused = sent(world, text.encode())
    assert refused.status_code == 422, refused.text
    assert code in [each["code"] for each in refused.json()["errors"]]


def test_lines_are_pasted_on_the_page_and_what_was_typed_stays(world_at: At) -> None:
    world = world_at("drafted_template")
    caller, none = client(world, "data_admin"), {"file": ("", b"", "text/csv")}
    bad = {"text": "名称\t建议责任部门\n学籍信息\t没有这个部门\n"}
    again = filled(caller, AT, f"{AT}/files", bad, none)
    assert again.status_code == 422
    assert again.text.count("没有这个部门") == 2, "what was typed, and what is wrong with it"
    good = {"text": "名称\t建议责任部门\n学籍信息\t内蒙古自治区教育厅\n"}
    done = filled(caller, AT, f"{AT}/files", good, none)
    assert done.status_code == 303, done.text
    assert lines(world)[3]["department_code"] == EDUCATION


def test_issued_each_line_goes_to_its_department_and_stays(world_at: At) -> None:
    world = world_at("drafted_template")
    issued = send(world, "data_admin", f"{AT}/issues")
    assert issued.status_code == 201, issued.text
    told = issued.json()
    assert [each["assignments"] for each in told["lines"]] == [
        ["AS-2026-000001"],
        ["AS-2026-000002"],
        [],
    ]
    assert [each["is_gap"] for each in told["lines"]] == [False, False, True]
    assert trail(TEMPLATE) == ["list_template:written", "list_template:issued"]
    assert task_kinds(world, "data_admin") == ["close_list_template"]
    assert send(world, "data_admin", f"{AT}/issues").status_code == 409
    assert sent(world, "名称\n甲\n".encode()).status_code == 409
    gap = send(world, "data_admin", f"{AT}/lines/3/assignments", {"departments": [POLICE]})
    assert gap.json()["gaps"] == 0


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"deadline_on": None}, "#/deadline_on"),
        ({"deadline_on": "2026-02-11"}, "#/deadline_on"),
        ({"deadline_on": "2031-03-01"}, "#/deadline_on"),
        ({"lines": []}, "#/lines"),
    ],
)
def test_what_cannot_be_answered_is_not_issued(
    world_at: At, said: dict[str, Any], pointer: str
) -> None:
    world = world_at("drafted_template")
    now = get(world, "data_admin", AT).json()
    body = {"title": now["title"], "deadline_on": now["deadline_on"], **said}
    headers = {**once(), **seen(world, AT)}
    changed = client(world, "data_admin").put(f"/api/v1{AT}", json=body, headers=headers)
    assert changed.status_code == 200, changed.text
    assert pointers(send(world, "data_admin", f"{AT}/issues")) == [pointer]


def test_closing_waits_for_decisions_and_names_who_was_silent(world_at: At) -> None:
    world = world_at("refused_assignment")
    early = send(world, "data_admin", f"{AT}/closings")
    assert (early.status_code, early.json()["code"]) == (409, "assignments_unsettled")
    assert "AS-2026-000001" in early.json()["detail"]
    send(world, "data_admin", "/assignments/AS-2026-000001/acceptances")
    answer(world, "AS-2026-000002", answer="claimed")
    closed = send(world, "data_admin", f"{AT}/closings")
    assert (closed.status_code, closed.json()["status"]) == (201, "closed")
    assert status(world, "AS-2026-000002") == "claimed"
    assert status(world, "AS-2026-000003") == "lapsed"
    assert get(world, "data_admin", "/assignments/board").json()["silent"] == ["内蒙古自治区公安厅"]
    assert task_kinds(world, "consumer_registrar") == task_kinds(world, "data_admin") == []


def test_a_stale_version_and_an_unknown_area_are_refused(world_at: At) -> None:
    world = world_at("drafted_template")
    caller, body = client(world, "data_admin"), {"title": "清单", "area_code": "999999"}
    headers = {**once(), **seen(world, AT)}
    assert pointers(caller.put(f"/api/v1{AT}", json=body, headers=headers)) == ["#/area_code"]
    stale = caller.put(
        f"/api/v1{AT}", json={"title": "清单"}, headers={**once(), "if-match": '"v9"'}
    )
    assert stale.status_code == 412


def test_nobody_but_the_administration_draws_up(world_at: At) -> None:
    world = world_at("issued_template")
    for who, refused in (("registrar", 403), ("reviewer", 403), ("applicant", 404)):
        headers = {**once(), **seen(world, AT)}
        path = f"/api/v1{AT}/closings"
        assert client(world, who).post(path, headers=headers).status_code == refused, who
