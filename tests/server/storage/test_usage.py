"""What departments keep, as the page, the API, the command and the page of a department show it."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World

from catalog.attachments.service import rooms
from server.backups.service import looking
from shuqiao.home import folder
from tests.server.conftest import Visiting

At = Callable[[str], World]


def api(world: World, who: str, path: str) -> Any:
    return client(world, who).get(f"/api/v1{path}")


def test_programs_read_what_each_department_keeps(world_at: At) -> None:
    world = world_at("active_grant")
    told = api(world, "system_admin", "/storage").json()
    first = told["items"][0]
    assert first["used_bytes"] > 0
    assert first["used_bytes"] == (
        first["snapshot_bytes"] + first["upload_bytes"] + first["arriving_bytes"]
    )
    assert told["used_bytes"] == sum(each["used_bytes"] for each in told["items"])
    assert told["disk_bytes"] > told["free_bytes"] > 0
    assert told["department_count"] == len(told["items"])
    assert api(world, "system_admin", "/storage?limit=1").json()["items"] == [first]


def bound(world: World, code: str, mb: int) -> Any:
    shown = api(world, "system_admin", f"/departments/{code}")
    answer = client(world, "system_admin").put(
        f"/api/v1/departments/{code}/quota",
        json={"quota_mb": mb},
        headers={"if-match": shown.headers["etag"]},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_file_beyond_the_quota_is_refused_on_the_page_with_the_numbers_and_the_fix(
    world_at: At, visiting: Visiting
) -> None:
    world = world_at("draft_resource")
    bound(world, DEPARTMENTS["education"][1], 1)
    answer = visiting(world, "registrar").post(
        f"/resources/{world.resource_code}/attachments",
        data={"once_key": "a-key-of-its-own"},
        files={"file": ("a.csv", b"a,b\n" + b"1,2\n" * 300_000)},
    )
    assert answer.status_code == 507
    assert "的存储配额为 1.0 MB，已占用 0 B" in answer.text
    assert "请删除不再需要的草稿和文件，或者联系系统管理员增加配额" in answer.text


def test_a_quota_of_its_own_shows_with_its_event(world_at: At, visiting: Visiting) -> None:
    world = world_at("active_grant")
    before = api(world, "system_admin", "/storage").json()["items"][0]
    code = before["department"]
    made = bound(world, code, 1)
    assert made["quota_mb"] == 1
    assert made["event_id"]
    after = api(world, "system_admin", "/storage").json()["items"][0]
    assert (after["quota_bytes"], after["has_own_quota"]) == (1_048_576, True)
    assert after["quota_share"] > before["quota_share"]
    page = visiting(world, "system_admin").get(f"/departments/{code}").text
    assert "存储用量" in page and "1.0 MB" in page
    assert "存储用量" not in visiting(world, "applicant").get(f"/departments/{code}").text
    listed = visiting(world, "system_admin").get("/storage").text
    assert "1.0 MB" in listed and before["department_name"] in listed


def test_a_registrar_is_told_when_little_is_left(
    world_at: At, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_at("attached_resource")
    path = f"/resources/{world.resource_code}/edit/data"
    reader = visiting(world, "registrar")
    assert "剩余" not in reader.get(path).text
    monkeypatch.setattr(rooms, "MATTERS", 0.0)
    assert "的存储配额为 100.0 GB，剩余 100.0 GB" in reader.get(path).text


def test_strays_are_told_apart(world_at: At) -> None:
    world_at("active_grant")
    before = looking.strays()
    stray = folder("uploads") / ("ab" * 16)
    stray.write_bytes(b"12345")
    os.utime(stray, (1_700_000_000, 1_700_000_000))
    try:
        after = looking.strays()
    finally:
        stray.unlink()
    assert (after.files - before.files, after.bytes - before.bytes) == (1, 5)
