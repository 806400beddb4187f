"""A list of data elements is taken in whole, or not at all, with every fault told."""

import io
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from fixtures.callers import client, once
from fixtures.exchanging import trail
from fixtures.page_forms import filled, shown
from fixtures.worlds import World

At = Callable[[str], World]
HEADS = ("数据元名称", "定义", "数据类型", "最大长度", "同义名称", "标准类别", "标准号", "实施日期")
ROWS = (
    ("学校名称", "规范全称", "字符型", "100", "校名、学校全称", "国家标准", "GB/T 1", "2020-01-01"),
    ("学生数", "在校的学生", "I", "", "", "平台数据元", "", ""),
)


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("adopted_element")


def csv_of(rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADS) -> bytes:
    return "\n".join(",".join(row) for row in (heads, *rows)).encode()


def send(world: World, content: bytes, name: str = "list.csv", status: str = "standard") -> Any:
    sent = client(world, "data_admin")
    return sent.post(
        "/api/v1/elements/files",
        params={"status": status},
        files={"file": (name, content, "text/csv")},
        headers=once(),
    )


def listed(world: World, who: str = "applicant") -> list[Any]:
    found: list[Any] = client(world, who).get("/api/v1/elements").json()["items"]
    return found


def test_a_list_is_taken_in_with_versions_and_events(world: World) -> None:
    answer = send(world, csv_of(ROWS))
    assert answer.status_code == 201, answer.text
    assert (answer.json()["count"], answer.json()["status"]) == (2, "standard")
    first, second = answer.json()["identifiers"]
    shown_first = client(world, "applicant").get(f"/api/v1/elements/{first}").json()
    assert (shown_first["max_length"], shown_first["synonyms"]) == (100, ["校名", "学校全称"])
    assert (shown_first["standard_kind"], shown_first["data_type"]) == ("national", "C")
    assert (shown_first["published_version"], shown_first["in_force_from"]) == (1, "2020-01-01")
    assert trail(second) == ["element:adopted"]


def test_drafts_are_for_the_administration_until_they_are_proposed(world: World) -> None:
    answer = send(world, csv_of(ROWS), status="draft")
    assert answer.status_code == 201, answer.text
    assert len(listed(world)) == 1
    assert len(listed(world, "data_admin")) == 3
    identifier = answer.json()["identifiers"][1]
    page = shown(client(world, "data_admin"), f"/elements/{identifier}")
    assert f"/elements/{identifier}/change" in page


def test_every_fault_is_told_with_its_row_and_nothing_is_half_made(world: World) -> None:
    rows = (
        *ROWS,
        ("学校代码", "已有的名称", "C", "", "", "", "", ""),
        ("日期项", "有长度的日期", "D", "8", "", "", "", ""),
        ("", "没有名称", "C", "x", "", "国家标准", "", "不是日期"),
        ("学生数", "又一次", "I", "", "", "", "", ""),
    )
    answer = send(world, csv_of(rows))
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        *("#/rows/3/name", "#/rows/4/name", "#/rows/5/max_length", "#/rows/7/name"),
        *("#/rows/6/name", "#/rows/6/max_length", "#/rows/6/in_force_from"),
    }
    assert "又一次" not in answer.text
    assert len(listed(world)) == 1


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (csv_of([("甲", "乙")], ("数据元名称", "定义")), "#/data_type"),
        (
            csv_of([("甲", "乙", "C", "丙")], ("名称", "定义", "类型", "奇怪的列")),
            "#/columns/4",
        ),
        (csv_of([]), "#/file"),
    ],
)
def test_a_file_that_is_no_list_is_refused(world: World, content: bytes, pointer: str) -> None:
    answer = send(world, content)
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]] or pointer == "#/file"
    assert "奇怪" not in answer.text


def test_the_page_shows_the_faults_and_the_template_is_a_list(world: World) -> None:
    admin = client(world, "data_admin")
    files = {"file": ("list.csv", csv_of([("日期项", "x", "D", "8", "", "", "", "")]), "text/csv")}
    refused = filled(admin, "/elements/import", "/elements/files", {"status": "standard"}, files)
    assert refused.status_code == 422
    assert "只有文本类数据元填写最大长度" in refused.text
    template = admin.get("/elements/template?format=csv").content
    empty = send(world, template)
    assert empty.status_code == 422
    files = {"file": ("list.csv", csv_of(ROWS), "text/csv")}
    taken = filled(admin, "/elements/import", "/elements/files", {"status": "standard"}, files)
    assert (taken.status_code, len(listed(world))) == (303, 3)


@pytest.mark.slow
def test_two_thousand_rows_are_taken_in_within_seconds(world: World) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADS)
        for number in range(1, 2_001):
            sheet.write_row(number, 0, [f"数据元{number}", f"第{number}项的含义", "C", "20"])
    begun = time.monotonic()
    answer = send(world, book.getvalue(), "list.xlsx")
    took = time.monotonic() - begun
    assert answer.status_code == 201, answer.text
    print(f"2,000 rows: {took:.1f} s")
    assert answer.json()["count"] == 2_000
    assert took < 30
