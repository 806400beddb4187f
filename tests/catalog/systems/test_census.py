"""The yearly census: everybody is asked, what is confirmed counts, who is missing is named, and the
result stays.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import clock_of, task_kinds, trail
from fixtures.page_forms import shown
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError, ProgrammingError

from catalog.systems import repository
from catalog.systems.schemas import SystemCreate
from catalog.systems.service import census
from server.reference.samples import of_body
from shuqiao.db import unit_of_work
from shuqiao.limits import Basis
from shuqiao.settings import settings

At = Callable[[str], World]
PLAN = "IS-2026-000002"


def post(world: World, who: str, path: str, body: dict[str, Any] | None = None) -> Any:
    options: dict[str, Any] = {} if body is None else {"json": body}
    return client(world, who).post(f"/api/v1/systems{path}", headers=once(), **options)


def confirm(world: World, number: str = PLAN, who: str = "registrar") -> Any:
    caller, path = client(world, who), f"/api/v1/systems/{number}"
    seen = {"if-match": client(world, "registrar").get(path).headers["etag"]}
    return caller.post(f"{path}/confirmations", headers={**once(), **seen})


def test_every_department_is_asked_once_a_year(world_at: At) -> None:
    world = world_at("registered_system")
    assert post(world, "data_admin", "/census", {"year": 2027}).status_code == 422
    opened = post(world, "data_admin", "/census", {"year": 2026}).json()
    assert (opened["owed"], opened["reported"], len(opened["missing"])) == (4, 0, 4)
    assert post(world, "data_admin", "/census", {"year": 2026}).status_code == 409
    assert task_kinds(world, "registrar") == task_kinds(world, "consumer_registrar")
    assert task_kinds(world, "registrar") == ["census_return"]
    assert task_kinds(world, "data_admin") == ["close_census"]
    clock = clock_of("SR-2026-000001")
    assert (clock.limit_days, clock.basis, clock.article) == (20, Basis.POLICY, "")


def test_a_department_reports_when_every_system_is_confirmed(world_at: At) -> None:
    world = world_at("open_census")
    early = post(world, "registrar", "/census/2026/reports")
    assert (early.status_code, early.json()["code"]) == (409, "systems_unconfirmed")
    assert "学生资助管理系统" in early.json()["detail"]
    assert confirm(world, who="head").status_code == 403
    assert confirm(world).json()["outcome"] == "confirmed"
    report = post(world, "registrar", "/census/2026/reports")
    assert report.status_code == 201, report.text
    (own,) = [each for each in report.json()["returns"] if each["status"] == "reported"]
    assert (own["system_count"], own["corrected_count"]) == (2, 0)
    assert task_kinds(world, "registrar") == []
    assert post(world, "registrar", "/census/2026/reports").status_code == 409


def test_what_is_described_anew_counts_as_corrected(
    world_at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_at("open_census")
    monkeypatch.setenv("SHUQIAO_CLOCK", "2026-02-12T09:00:00+08:00")
    settings.cache_clear()
    caller, path = client(world, "registrar"), f"/api/v1/systems/{PLAN}"
    said = {"name": "资助系统", "build": "vertical", "network": "internal", "protection": "none"}
    caller.put(path, json=said, headers={"if-match": caller.get(path).headers["etag"]})
    assert confirm(world).json()["outcome"] == "corrected"
    assert trail(PLAN) == ["system:registered", "system:edited", "system:confirmed"]


def test_a_department_without_systems_reports_that(world_at: At) -> None:
    world = world_at("open_census")
    report = post(world, "consumer_registrar", "/census/2026/reports")
    (own,) = [each for each in report.json()["returns"] if each["status"] == "reported"]
    assert (own["department"], own["system_count"]) == ("内蒙古自治区公安厅", 0)


def test_a_new_system_is_to_be_confirmed_as_well(world_at: At) -> None:
    world = world_at("open_census")
    new = of_body(SystemCreate) | {"name": "校车平台"}
    assert post(world, "registrar", "", new).status_code == 201
    confirm(world)
    assert "校车平台" in post(world, "registrar", "/census/2026/reports").json()["detail"]


def test_closed_the_census_names_who_is_missing_and_stays(world_at: At) -> None:
    """Departments to which the Regulations apply by reference are not named (Art. 43)."""
    world = world_at("open_census")
    post(world, "consumer_registrar", "/census/2026/reports")
    run_sql("UPDATE department SET regime = 'by_reference' WHERE name LIKE '%民政厅'")
    closed = post(world, "data_admin", "/census/2026/closings")
    assert closed.status_code == 201, closed.text
    assert closed.json()["missing"] == ["内蒙古自治区数据局", "内蒙古自治区教育厅"]
    states = sorted(each["status"] for each in closed.json()["returns"])
    assert states == ["missed", "missed", "missed", "reported"]
    assert task_kinds(world, "registrar") == task_kinds(world, "data_admin") == []
    assert post(world, "registrar", "/census/2026/reports").status_code == 409
    assert confirm(world).status_code == 409
    assert post(world, "data_admin", "/census/2026/closings").status_code == 409
    assert trail("PC-2026-000001") == ["census:opened", "census:closed"]
    page = shown(client(world, "head"), "/systems/census/2026")
    assert "未填报：2" in page


def test_a_system_is_confirmed_once_in_a_census(world_at: At) -> None:
    world = world_at("open_census")
    again = confirm(world, world.system_no)
    assert (again.status_code, again.json()["code"]) == (409, "confirmed_already")
    assert trail(world.system_no).count("system:confirmed") == 1


def test_a_closing_waits_for_who_is_reporting(committed_world: At) -> None:
    world = committed_world("open_census")
    who = world.subjects["consumer_registrar"]
    assert who.department_id is not None
    with ThreadPoolExecutor(1) as beside, unit_of_work() as session:
        owed = repository.return_of(session, 2026, who.department_id, lock=True)
        assert owed is not None
        census.report(session, who, owed)
        closing = beside.submit(post, world, "data_admin", "/census/2026/closings")
        with pytest.raises(TimeoutError):
            closing.result(0.3)
        session.commit()
        closed = closing.result()
    assert (closed.status_code, closed.json()["reported"]) == (201, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE census_return SET status = 'missed' WHERE status = 'reported'",
        "UPDATE system_confirmation SET outcome = 'corrected'",
    ],
)
def test_the_database_keeps_what_was_said(world_at: At, statement: str) -> None:
    world = world_at("open_census")
    post(world, "consumer_registrar", "/census/2026/reports")
    with pytest.raises((IntegrityError, ProgrammingError)):
        run_sql(statement)


def test_the_page_asks_the_department_for_what_is_open(world_at: At) -> None:
    world = world_at("open_census")
    page = shown(client(world, "registrar"), "/systems/census/2026")
    assert f"/systems/{PLAN}/confirmations" in page
    assert f"/systems/{world.system_no}/confirmations" not in page, "confirmed already"
    assert "/census/2026/reports" not in page
    assert "/census/2026/reports" in shown(
        client(world, "consumer_registrar"), "/systems/census/2026"
    )
