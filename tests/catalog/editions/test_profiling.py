"""A table that is read live is measured against the declared coverage by its own database."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fixtures import department_database
from fixtures.callers import client
from fixtures.department_database import DepartmentDatabase
from fixtures.exchanging import change_entry, trail
from fixtures.page_forms import shown
from fixtures.worlds import World

from catalog.editions import repository
from catalog.editions.tasks import profile
from shuqiao.db import reading
from shuqiao.jobs import list_jobs

At = Callable[[str], World]
COVERAGE = {"area": {"item": "学校代码", "codes": ["150200"]}, "subjects": "包头市中小学校"}
INSIDE = "INSERT INTO school (code, name) VALUES ('150203', '青山一小')"


@pytest.fixture
def database(cluster: Any) -> DepartmentDatabase:
    return department_database.of_cluster(cluster)


def edition_of(world: World) -> dict[str, Any]:
    path = f"/api/v1/resources/{world.resource_code}/editions/1"
    found: dict[str, Any] = client(world, "applicant").get(path).json()
    return found


def profiled(world: World) -> dict[str, Any]:
    with reading() as session:
        edition = repository.current(session, world.resource_id)
        assert edition is not None
        edition_id = str(edition.id)
    profile(edition_id)
    found: dict[str, Any] = edition_of(world)["profile"]
    return found


def test_rows_outside_are_counted_there_and_said_on_the_page(
    world_at: At, database: DepartmentDatabase
) -> None:
    world = world_at("live_grant")
    with reading() as session:
        waiting = [each.task for each in list_jobs(session, limit=50)]
    assert "catalog.editions.profile" in waiting, "ordered when it became the data"
    assert edition_of(world)["profile"] is None
    change_entry(world, coverage=COVERAGE)
    database.do(INSIDE)
    try:
        found = profiled(world)
    finally:
        database.do("DELETE FROM school WHERE code = '150203'")
    assert (found["rows"], found["outside"], found["is_capped"]) == (5, 4, False)
    assert found["findings"] == [{"part": "area", "outside": 4, "empty": 0}]
    assert profiled(world) == found, "measured once"
    code = world.resource_code.replace("-", "/")
    assert trail(code).count("edition:profiled") == 1
    page = shown(client(world, "applicant"), f"/catalog/{world.resource_code}")
    assert "5 行中有 4 行超出" in page
    assert "0101" not in json.dumps(found)


def test_a_database_that_is_away_is_said_too(world_at: At, database: DepartmentDatabase) -> None:
    world = world_at("live_grant")
    change_entry(world, coverage=COVERAGE)
    database.do("ALTER TABLE school RENAME TO moved")
    try:
        found = profiled(world)
    finally:
        database.do("ALTER TABLE moved RENAME TO school")
    assert (found["failed"], found["outside"]) == ("relation_missing", None)
    page = shown(client(world, "applicant"), f"/catalog/{world.resource_code}")
    assert "未能核对" in page


def test_what_declares_nothing_is_not_asked(world_at: At) -> None:
    assert profiled(world_at("live_grant")) is None
