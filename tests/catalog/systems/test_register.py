"""The register of systems: who writes it, what fits together, and the way of a system."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.exchanging import last_fact, trail
from fixtures.page_forms import shown
from fixtures.worlds import World

from catalog.systems.schemas import SystemCreate
from server.reference.samples import of_body

At = Callable[[str], World]


def body(**changed: Any) -> dict[str, Any]:
    return of_body(SystemCreate) | {"name": "校车监管平台"} | changed


def register(world: World, who: str = "registrar", **changed: Any) -> Any:
    sent = body(**changed)
    return client(world, who).post("/api/v1/systems", json=sent, headers=once())


def move(world: World, status: str, on: str, who: str = "registrar") -> Any:
    path = f"/api/v1/systems/{world.system_no}"
    caller = client(world, who)
    seen = {"if-match": client(world, "registrar").get(path).headers["etag"]}
    sent = {"status": status, "on": on}
    return caller.post(f"{path}/states", json=sent, headers={**once(), **seen})


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


def test_a_registered_system_says_all_that_was_said_of_it(world_at: At) -> None:
    world = world_at("organised")
    answer = register(world, duties=["DU-2026-000001", "DU-2026-000001"])
    assert answer.status_code == 201, answer.text
    read = client(world, "head").get(answer.headers["location"]).json()
    assert {name: read[name] for name in body() if name != "duties"} == body()
    assert [duty["duty_no"] for duty in read["duties"]] == ["DU-2026-000001"]
    assert (read["owner"], read["launched_on"]) == ("内蒙古自治区教育厅", "2024-09-01")
    assert trail(read["system_no"]) == ["system:registered"]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"protection": "none"}, ["#/filing_no"]),
        ({"contractor": ""}, ["#/contractor"]),
        ({"since": None}, ["#/since"]),
        ({"since": "2026-02-12"}, ["#/since"]),
        ({"status": "planned"}, ["#/since"]),
        ({"status": "stopped"}, ["#/status"]),
        ({"duties": ["DU-2026-000009"]}, ["#/duties/0"]),
    ],
)
def test_what_does_not_fit_is_named(
    world_at: At, changed: dict[str, Any], wrong: list[str]
) -> None:
    assert pointers(register(world_at("organised"), **changed)) == wrong


def test_a_department_has_one_system_of_a_name(world_at: At) -> None:
    world = world_at("organised")
    assert register(world).status_code == 201
    assert register(world).status_code == 409
    assert register(world, who="consumer_registrar").status_code == 201, "another department's"


def test_a_duty_of_another_department_is_none_of_this_one(world_at: At) -> None:
    answer = register(world_at("organised"), "consumer_registrar", duties=["DU-2026-000001"])
    assert pointers(answer) == ["#/duties/0"]


def test_a_system_goes_its_way_and_does_not_come_back(world_at: At) -> None:
    world = world_at("registered_system")
    assert move(world, "building", "2026-02-01").status_code == 409, "it runs already"
    assert pointers(move(world, "planned", "2026-02-01")) == ["#/status"]
    assert pointers(move(world, "stopping", "2024-08-31")) == ["#/on"]
    assert pointers(move(world, "stopping", "2026-02-12")) == ["#/on"]
    assert move(world, "stopping", "2026-02-01").json()["since"] == "2026-02-01"
    stopped = move(world, "stopped", "2026-02-10")
    assert (stopped.json()["status"], stopped.json()["version"]) == ("stopped", 3)
    assert move(world, "running", "2026-02-11").status_code == 409
    assert trail(world.system_no) == [
        *("system:registered", "system:stopping", "system:stopped"),
    ]


def test_others_learn_nothing_of_a_system(world_at: At) -> None:
    world = world_at("registered_system")
    for who, seen in (("registrar", 2), ("data_admin", 2), ("consumer_registrar", 0)):
        assert len(client(world, who).get("/api/v1/systems").json()["items"]) == seen, who
    for who, status in (("reviewer", 200), ("applicant", 404), ("consumer_registrar", 404)):
        assert client(world, who).get(f"/api/v1/systems/{world.system_no}").status_code == status


def test_what_is_described_anew_is_named_in_the_trail(world_at: At) -> None:
    world = world_at("registered_system")
    path = f"/api/v1/systems/{world.system_no}"
    caller = client(world, "registrar")
    said = {k: v for k, v in body().items() if k not in ("status", "since")}
    seen = {"if-match": caller.get(path).headers["etag"]}
    assert caller.put(path, json=said, headers=seen).status_code == 200
    assert caller.put(path, json=said, headers=seen).status_code == 412, "seen before the change"
    assert last_fact(world.system_no)["why"]["changed"] == ["name", "duties"]


def test_the_register_is_narrowed_and_says_so_in_the_address(world_at: At) -> None:
    world = world_at("registered_system")
    page = shown(client(world, "data_admin"), "/systems?q=学籍&status=running")
    assert world.system_no in page and "学生资助" not in page
    assert "没有这样的系统" in shown(client(world, "data_admin"), "/systems?q=学籍&status=planned")


def test_the_page_offers_only_what_can_be_done(world_at: At) -> None:
    world = world_at("registered_system")
    own = shown(client(world, "registrar"), f"/systems/{world.system_no}")
    assert 'value="stopping"' in own and 'value="building"' not in own
    assert "/states" not in shown(client(world, "head"), f"/systems/{world.system_no}")
