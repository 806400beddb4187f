"""What other departments publish already, told to whoever registers and whoever reviews."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.page_forms import shown
from fixtures.worlds import World

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    """The schools are published by the education department, one item is suspected."""
    return world_at("suspected_duplicate")


def registered(world: World, *items: tuple[str, str | None]) -> str:
    """A draft of the police with these items and their elements; its code in addresses."""
    body = {
        "class_code": "308001",
        "title": "校园周边治安",
        "share_type": "conditional",
        "items": [
            {"name": name, "column_name": f"c{place}", "data_type": "C", "element": element}
            for place, (name, element) in enumerate(items)
        ],
    }
    answer = client(world, "consumer_registrar").post(
        "/api/v1/resources", json=body, headers=once()
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"]).replace("/", "-")


def similar(world: World, code: str) -> list[dict[str, Any]]:
    path = f"/api/v1/resources/{code}/similar-entries"
    found: list[dict[str, Any]] = client(world, "consumer_registrar").get(path).json()["items"]
    return found


def test_an_entry_that_holds_half_of_the_items_is_told(world: World) -> None:
    code = registered(world, ("学校代码", "DE-000001"), ("学校名称", None), ("发案数", None))
    (found,) = similar(world, code)
    assert found["resource_code"] == world.resource_code.replace("-", "/")
    assert (found["shared"], found["total"]) == (2, 3)
    assert found["element_names"] == ["学校代码", "学校名称"]
    html = shown(client(world, "consumer_registrar"), f"/resources/{code}/edit/check")
    assert "其他部门似已发布这些数据" in html and "中小学校名录" in html


def test_one_item_or_little_of_an_entry_is_no_duplicate(world: World) -> None:
    assert similar(world, registered(world, ("学校代码", "DE-000001"))) == []
    many = [(f"项{place}", None) for place in range(4)]
    code = registered(world, ("学校代码", "DE-000001"), ("学校名称", "DE-000002"), *many)
    assert similar(world, code) == []


def test_what_was_said_to_be_none_does_not_count(world: World) -> None:
    sent = {"reason": "是内部简称"}
    path = f"/api/v1/duplicates/{world.suspicion_id}/dismissals"
    client(world, "registrar").post(path, json=sent, headers=once())
    code = registered(world, ("学校代码", "DE-000001"), ("学校名称", "DE-000002"))
    assert similar(world, code) == []


def test_the_own_department_is_no_other(world: World) -> None:
    path = f"/api/v1/resources/{world.resource_code}/similar-entries"
    assert client(world, "registrar").get(path).json()["items"] == []
