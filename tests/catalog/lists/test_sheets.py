"""Sheets that come back are compared and change nothing; what is shared most is counted."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from fixtures import demanding
from fixtures.callers import client, once
from fixtures.page_forms import shown
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from openpyxl import load_workbook

from tests.catalog.negative import deeds

At = Callable[[str], World]
EDUCATION = DEPARTMENTS["education"][1]
RETURNED = "/api/v1/lists/responsibility/returned"


def sent(world: World, name: str, content: bytes, **query: str) -> Any:
    caller = client(world, "registrar")
    file = {"file": (name, content, "application/octet-stream")}
    return caller.post(RETURNED, files=file, headers=once(), params=query)


def exported(world: World, kind: str = "csv", by: str = "item") -> bytes:
    answer = client(world, "registrar").get(f"/lists/responsibility/export?format={kind}&by={by}")
    return bytes(answer.content)


@pytest.mark.parametrize("by", ["item", "entry"])
def test_the_file_as_it_left_says_nothing_else(world_at: At, by: str) -> None:
    world = world_at("published_resource")
    for kind in ("csv", "xlsx"):
        found = sent(world, f"清单.{kind}", exported(world, kind, by)).json()
        assert (found["differing"], found["unknown"], found["absent"]) == ([], [], 0)
        assert found["rows"] == found["same"] == (4 if by == "item" else 1)


def test_what_was_typed_into_a_sheet_is_named_with_where_it_is_changed(world_at: At) -> None:
    world = world_at("published_resource")
    caller = client(world, "registrar")
    before = caller.get("/api/v1/lists/responsibility").json()["items"]
    head, *rows = csv.reader(io.StringIO(exported(world).decode("utf-8-sig")))
    said = {name: place for place, name in enumerate(head)}
    rows[0][said["共享条件"]] = "任何部门均可使用。"
    rows[0][said["责任处室和联系人"]] = "信息中心 0471-0000000"
    rows[1][said["提供时限"]] = "当日"
    rows[2][said["信息项"]] = "没有这一项"
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    found = sent(world, "清单.csv", text.getvalue().encode()).json()
    assert (found["rows"], found["same"], found["unknown"], found["absent"]) == (4, 1, [4], 1)
    first, second = found["differing"]
    assert first["row"] == 2 and second["row"] == 3
    assert [(each["field"], each["after"]) for each in first["change"]["fields"]] == [
        ("contact", "信息中心 0471-0000000"),
        ("condition", "任何部门均可使用。"),
    ]
    places = {each["field"]: each["href"] for each in (*first["places"], *second["places"])}
    assert places == {
        "contact": f"/departments/{EDUCATION}",
        "condition": f"/catalog/{world.resource_code}",
        "promise": "",
    }
    assert caller.get("/api/v1/lists/responsibility").json()["items"] == before
    assert len(caller.get("/api/v1/lists/versions").json()["items"]) == 1


def test_another_file_is_refused_with_the_field(world_at: At) -> None:
    world = world_at("published_resource")
    answer = sent(world, "学校.csv", "代码,名称\n1,一小\n".encode())
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/file"]


def test_what_is_shared_most_is_counted_by_month(world_at: At) -> None:
    world = world_at("finished_delivery")
    caller = client(world, "applicant")
    (line,) = caller.get("/api/v1/lists/frequent").json()["items"]
    counts = ("rank", "asked", "requests", "voices", "departments", "grants", "deliveries")
    assert {name: line[name] for name in counts} == {
        **dict.fromkeys(counts, 1),
        "voices": 0,
    }
    assert caller.get("/api/v1/lists/frequent?month=2026-01").json()["items"] == []
    assert caller.get("/api/v1/lists/frequent?month=2026-03").status_code == 422
    elsewhere = {"department": DEPARTMENTS["police"][1]} if "police" in DEPARTMENTS else {}
    if elsewhere:
        assert caller.get("/api/v1/lists/frequent", params=elsewhere).json()["items"] == []
    book = load_workbook(io.BytesIO(caller.get("/lists/frequent/export").content))
    assert [cell.value for cell in book.worksheets[1][2]][6:] == [1, 0, 1, 1, 1]
    assert "2026-02 高频共享数据清单" in shown(caller, "/lists/frequent")


def test_what_is_asked_for_most_comes_first_then_what_is_delivered(world_at: At) -> None:
    """By code alone they would stand the other way round."""
    world = world_at("finished_delivery")
    low = deeds.published(world, deeds.item("坐标"), title="学校位置", class_code="301001")
    high = deeds.published(world, deeds.item("人数"), title="学校人数")
    assert low < world.resource_code.replace("-", "/") < high
    for who, entry in (("applicant", high), ("stranger", high), ("applicant", low)):
        world.demand_no = demanding.file_it(world, who)
        demanding.assign_it(world)
        demanding.answer_it(world, kind="share", entry=entry)
    found = client(world, "applicant").get("/api/v1/lists/frequent").json()["items"]
    told = [(each["rank"], each["code"], each["asked"], each["deliveries"]) for each in found]
    delivered = world.resource_code.replace("-", "/")
    assert told == [(1, high, 2, 0), (2, delivered, 1, 1), (3, low, 1, 0)]
