"""Renewal on schedule: a table of the department's database is copied anew when it is due."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import callers, department_database
from fixtures.department_database import SCHOOLS, DepartmentDatabase
from fixtures.exchanging import change_entry, task_kinds, trail
from fixtures.worlds import World

from catalog.attachments.tasks import make_snapshot
from catalog.editions import repository
from catalog.editions.tasks import arrive, refresh
from shuqiao.db import reading
from shuqiao.settings import settings

At = Callable[[str], World]


@pytest.fixture
def database(cluster: Any) -> DepartmentDatabase:
    return department_database.of_cluster(cluster)


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("copied_table")


def on_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
    settings.cache_clear()


def switched(world: World, *, is_on: bool, version: int) -> Any:
    path = f"/api/v1/resources/{world.resource_code}/refresh"
    headers = {"if-match": f'"v{version}"'}
    return callers.client(world, "registrar").put(path, json={"is_on": is_on}, headers=headers)


def copied(world: World) -> None:
    """What the worker does of the copy that was ordered last."""
    with reading() as session:
        row = repository.refresh_of(session, world.resource_id)
        assert row is not None
        ordered = str(row.attachment_id)
    make_snapshot(ordered)
    arrive(ordered)


def numbers(world: World) -> list[tuple[int, str, int | None]]:
    path = f"/api/v1/resources/{world.resource_code}/editions"
    items = callers.client(world, "registrar").get(path).json()["items"]
    return [(each["number"], each["status"], each["rows"]) for each in items]


def test_a_daily_table_is_copied_when_due_and_a_failure_keeps_the_old_edition(
    world: World, database: DepartmentDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_day(monkeypatch, "2026-02-11")
    change_entry(world, update_cycle="daily")
    answer = switched(world, is_on=True, version=0)
    assert answer.status_code == 200, answer.text
    assert answer.json()["due_at"].startswith("2026-02-12")
    assert refresh() == 0
    on_day(monkeypatch, "2026-02-12")
    database.do("INSERT INTO school (code, name) VALUES ('0199', '新校')")
    try:
        assert (refresh(), refresh()) == (1, 0)
        copied(world)
        rows = len(SCHOOLS)
        assert numbers(world) == [(2, "current", rows + 1), (1, "kept", rows)]
        # its columns are others now: nothing of it is taken, the registrar is asked to mend it
        on_day(monkeypatch, "2026-02-13")
        database.do("ALTER TABLE school RENAME COLUMN name TO called")
        try:
            assert refresh() == 1
            copied(world)
            copied(world)
        finally:
            database.do("ALTER TABLE school RENAME COLUMN called TO name")
        assert [each[:2] for each in numbers(world)] == [(2, "current"), (1, "kept")]
        assert "mend_refresh" in task_kinds(world, "registrar")
        on_day(monkeypatch, "2026-02-14")
        assert refresh() == 1
        copied(world)
    finally:
        database.do("DELETE FROM school WHERE code = '0199'")
    assert [each[:2] for each in numbers(world)] == [(3, "current"), (2, "kept"), (1, "kept")]
    assert "mend_refresh" not in task_kinds(world, "registrar")
    told = [
        tag for tag in trail(world.resource_code.replace("-", "/")) if tag.startswith("refresh:")
    ]
    assert [tag.rpartition(":")[2] for tag in told] == [
        "set",
        "ordered",
        "ordered",
        "failed",
        "ordered",
        "mended",
    ]


def test_only_a_copy_with_a_cycle_of_days_is_renewed(world: World, world_at: At) -> None:
    assert switched(world, is_on=True, version=3).status_code == 412
    change_entry(world, update_cycle="irregular")
    answer = switched(world, is_on=True, version=0)
    assert (answer.status_code, answer.json()["code"]) == (409, "refresh_not_possible")
    file = world_at("published_resource")
    assert switched(file, is_on=True, version=0).status_code == 409
