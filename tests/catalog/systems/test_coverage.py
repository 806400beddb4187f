"""Entries name the system they come from; what is at work without a published entry is counted, and
the sheet says what there is.
"""

from collections.abc import Callable
from typing import Any

from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.page_forms import shown
from fixtures.sourcing import collect
from fixtures.worlds import World
from fixtures.written import entry

from catalog.systems.schemas import SystemCreate
from server.reference.samples import of_body

At = Callable[[str], World]


def register(world: World, who: str = "registrar", **changed: Any) -> str:
    body = of_body(SystemCreate) | changed
    answer = client(world, who).post("/api/v1/systems", json=body, headers=once())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["system_no"])


def edit(world: World, number: str | None) -> Any:
    caller, path = client(world, "registrar"), f"/api/v1/resources/{world.resource_code}"
    body: dict[str, Any] = {k: v for k, v in entry().items() if k != "class_code"}
    if number is not None:
        body["system"] = {"system_no": number}
    seen = {"if-match": caller.get(path).headers["etag"]}
    return caller.put(path, json=body, headers=seen)


def test_an_entry_names_a_system_of_its_department(world_at: At) -> None:
    world = world_at("draft_resource")
    own, other = register(world), register(world, "consumer_registrar")
    refused = edit(world, other)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["#/system/system_no"]
    read = edit(world, own).json()
    assert read["system"] == {"system_no": own, "name": "中小学学籍管理系统"}
    page = shown(client(world, "registrar"), f"/catalog/{world.resource_code}")
    assert "来源系统" in page and "中小学学籍管理系统" in page
    assert edit(world, None).json()["system"] is None


def test_the_form_offers_the_departments_systems(world_at: At) -> None:
    world = world_at("draft_resource")
    form = f"/resources/{world.resource_code}/edit/basic"
    assert "system.system_no" not in shown(client(world, "registrar"), form)
    own = register(world)
    assert f'<option value="{own}"' in shown(client(world, "registrar"), form)
    assert edit(world, own).status_code == 200
    assert f'<option value="{own}" selected>' in shown(client(world, "registrar"), form)


def test_coverage_counts_published_entries_of_systems_at_work(world_at: At) -> None:
    world = world_at("published_resource")
    own = register(world)
    register(world, name="校车平台")
    register(world, name="拟建系统", status="planned", since=None)
    register(world, "consumer_registrar")

    def counted(who: str) -> list[tuple[str, int, int]]:
        found = client(world, who).get("/api/v1/systems/coverage").json()
        return [(each["department"], each["covered"], each["at_work"]) for each in found["items"]]

    assert counted("registrar") == [("内蒙古自治区教育厅", 0, 2)]
    named = f"(SELECT id FROM information_system WHERE system_no = '{own}')"
    run_sql(f"UPDATE data_resource SET system_id = {named}")
    assert counted("data_admin") == [
        ("内蒙古自治区教育厅", 1, 2),
        ("内蒙古自治区公安厅", 0, 1),
    ]
    file = client(world, "data_admin").get("/systems/coverage/export").text
    assert "校车平台" in file and "合计,,1,3" in file
    page = shown(client(world, "data_admin"), "/systems/coverage")
    assert "校车平台" in page and "拟建系统" not in page


def test_the_sheet_says_what_is_there_and_what_is_to_be_shared(world_at: At) -> None:
    """The education department is the source of the element that the police collects."""
    world = world_at("named_source")
    code = collect(world, "consumer_registrar")
    own = register(world, "consumer_registrar")
    named = f"(SELECT id FROM information_system WHERE system_no = '{own}')"
    run_sql(f"UPDATE data_resource SET system_id = {named}")
    page = shown(client(world, "data_admin"), f"/systems/{own}/sheet")
    for words in ("中小学校名录", "不得重复采集", "内蒙古自治区教育厅"):
        assert words in page, words
    rows = client(world, "data_admin").get(f"/systems/{own}/sheet/export").text.splitlines()
    assert len(rows) == 2 and code in rows[1] and "教育厅" in rows[1]
    plan = register(world, name="拟建系统", status="planned", since=None)
    assert "没有目录注明该系统" in shown(client(world, "head"), f"/systems/{plan}/sheet")


def test_a_departments_sheet_has_the_entries_that_name_no_system(world_at: At) -> None:
    world = world_at("published_resource")
    register(world)
    code = "11150000009900021B"
    page = shown(client(world, "data_admin"), f"/departments/{code}/sheet")
    assert "未注明系统的目录" in page and "中小学校名录" in page
