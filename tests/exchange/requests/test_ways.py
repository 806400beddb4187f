"""A request asks for a way of sharing that the resource offers."""

from collections.abc import Callable

from fixtures.callers import client, once
from fixtures.worlds import World
from fixtures.written import FIVE

At = Callable[[str], World]


def test_a_program_is_told_the_ways_too(world_at: At) -> None:
    world = world_at("published_resource")
    asked = {"resource_code": world.resource_code, "item_ids": list(map(str, world.item_ids))}
    answer = client(world, "applicant").post(
        "/api/v1/requests", json={**asked, **FIVE, "share_way": "service"}, headers=once()
    )
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "#/share_way")
    assert (error["code"], "批量交换" in error["fix"]) == ("way_not_offered", True)
