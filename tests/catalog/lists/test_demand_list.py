"""The demand list: where demands stood on a day, for those who may know of them."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client
from fixtures.database import run_sql
from fixtures.page_forms import shown
from fixtures.worlds import World
from sqlmodel import select

from audit.append import append
from audit.events import Event
from catalog.demand.models import Demand
from catalog.demand.words import DemandStatus
from shuqiao.clock import now
from shuqiao.db import unit_of_work
from shuqiao.settings import settings

At = Callable[[str], World]
_DEMAND = """
INSERT INTO demand (id, demand_no, consumer_id, filer_id, title, need, basis_kind, basis_document,
    basis_article, duty_no, matter, scenario, scope, until, is_urgent, party_ids, voice_ids, status,
    end_note, delivery_no, filed_at, version)
SELECT gen_random_uuid(), 'DM-2026-000001', :department, :user, '学生学籍', '入学核验', 'law',
    '义务教育法', '第十二条', '', '入学登记', '核验', '本市', '2027-12-31', false,
    ARRAY[CAST(:department AS uuid)], ARRAY[CAST(:department AS uuid)], 'filed', '', '',
    CAST(:at AS timestamptz), 1
"""
_ITEM = """
INSERT INTO demand_item (demand_id, position, name, definition, why)
SELECT id, 1, '学籍号', '', '' FROM demand
"""


def lines(world: World, who: str = "applicant", **query: object) -> list[dict[str, Any]]:
    answer = client(world, who).get("/api/v1/lists/demand", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    assert answer.json()["total"] == len(found)
    return found


def file_one(world: World) -> None:
    who = world.subjects["applicant"]
    run_sql(_DEMAND, department=who.department_id, user=who.user_id, at=now())
    run_sql(_ITEM)


def test_a_demand_stands_in_the_list_with_all_that_is_said_of_it(committed_world: At) -> None:
    world = committed_world("published_resource")
    file_one(world)
    (line,) = lines(world)
    assert (line["code"], line["items"], line["state"]) == ("DM-2026-000001", ["学籍号"], "filed")
    assert line["basis"].endswith("义务教育法 第十二条") and line["matter"] == "入学登记 核验"
    caller = client(world, "applicant")
    page = shown(caller, "/lists/demand")
    assert "学生学籍" in page and "待分派" in page
    assert "DM-2026-000001" in caller.get("/lists/demand/export?format=csv").text
    (version,) = caller.get("/api/v1/lists/versions?kind=demand").json()["items"]
    assert (version["number"], version["reference"]) == (1, "DM-2026-000001")


def test_who_may_not_know_of_a_demand_finds_it_nowhere(committed_world: At) -> None:
    world = committed_world("published_resource")
    file_one(world)
    caller = client(world, "registrar")
    assert lines(world, "registrar") == []
    assert "DM-2026-000001" not in caller.get("/lists/demand/export?format=csv").text
    assert caller.get("/api/v1/lists/versions?kind=demand").json()["items"] == []
    assert "DM-2026-000001" not in shown(caller, "/lists/versions")


def test_the_list_of_a_day_says_where_a_demand_stood_then(
    committed_world: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committed_world("published_resource")
    file_one(world)
    monkeypatch.setenv("SHUQIAO_CLOCK", "2026-02-13T09:00:00+08:00")
    settings.cache_clear()
    with unit_of_work() as session:
        demand = session.exec(select(Demand)).one()
        demand.provider_id = world.subjects["registrar"].department_id
        demand.enter(DemandStatus.CLAIMED)
        who = world.subjects["data_admin"]
        told = {"stream": demand.demand_no, "obj": demand.audit_ref()}
        append(session, who, Event.DEMAND_CLAIMED, **told)
    assert [line["state"] for line in lines(world)] == ["claimed"]
    assert [(line["state"], line["provider"]) for line in lines(world, on="2026-02-12")] == [
        ("filed", "")
    ]
    assert lines(world, on="2026-02-10") == []
    found = client(world, "applicant").get("/api/v1/lists/demand/comparison?since=2026-02-12")
    (change,) = found.json()["changes"]
    assert {each["field"] for each in change["fields"]} == {"provider", "state_label"}
    versions = client(world, "applicant").get("/api/v1/lists/versions?kind=demand").json()
    assert [each["event_id"] is None for each in versions["items"]] == [False, True]
