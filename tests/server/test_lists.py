"""The list shows exactly what the single check allows: for everybody, and for a token too."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import callers, people
from fixtures.worlds import World
from starlette.testclient import TestClient

At = Callable[[str], World]
#: List → the field of an item that its own address is made from.
LISTS = {
    "/elements": "identifier",
    "/resources": "code",
    "/catalog": "code",
    "/requests": "request_no",
    "/grants": "grant_no",
    "/deliveries": "delivery_no",
}


def shown(client: TestClient, path: str) -> list[str]:
    """Names of everything in the list, page by page."""
    found: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        answer = client.get(f"/api/v1{path}", params=query)
        assert answer.status_code == 200, answer.text
        found += [str(item[LISTS[path]]).replace("/", "-") for item in answer.json()["items"]]
        if answer.json()["next"] is None:
            return found
        query["cursor"] = answer.json()["next"]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_what_the_single_check_allows(path: str, world_at: At) -> None:
    world = world_at("crowded")
    everything = sorted(
        {name for account in people.PEOPLE for name in shown(callers.client(world, account), path)}
    )
    assert len(everything) >= {"/requests": 5, "/resources": 4}.get(path, 1)
    seen = []
    for account in people.PEOPLE:
        client = callers.client(world, account)
        listed = shown(client, path)
        single = [
            name for name in everything if client.get(f"/api/v1{path}/{name}").status_code == 200
        ]
        assert sorted(listed) == single, account
        assert len(listed) == len(set(listed))
        seen.append(frozenset(listed))
    if path not in ("/elements", "/catalog"):
        assert len(set(seen)) > (1 if path in ("/grants", "/deliveries") else 2), (
            "the world is too plain: everybody sees the same"
        )


def test_what_nobody_may_list_is_still_there(world_at: At) -> None:
    """The comparison above starts from what lists show; this counts that they show all there is."""
    world = world_at("crowded")
    requests = {
        name
        for who in ("data_admin", "applicant", "stranger")
        for name in shown(callers.client(world, who), "/requests")
    }
    assert requests == {f"REQ-2026-{number:06d}" for number in range(1, len(world.request_nos) + 1)}


@pytest.mark.parametrize("path", LISTS)
def test_a_token_lists_what_it_may_read(path: str, world_at: At) -> None:
    world = world_at("crowded")
    program = callers.client(world, None)
    program.headers.update(callers.bearer(world.token))
    person = shown(callers.client(world, "applicant"), path)
    assert shown(program, path) == person
    for name in person:
        assert program.get(f"/api/v1{path}/{name}").status_code == 200


def test_a_search_counts_what_it_shows(world_at: At) -> None:
    world = world_at("crowded")
    for account in people.PEOPLE:
        answer = callers.client(world, account).get("/api/v1/catalog", params={"q": "学校"}).json()
        assert (answer["total"], answer["exact"]) == (len(answer["items"]), True), account
        for values in answer["facets"].values():
            assert sum(facet["count"] for facet in values) == answer["total"]


@pytest.mark.parametrize("path", ["/todos", "/messages"])
def test_nobody_reads_what_is_on_another_desk(path: str, world_at: At) -> None:
    world = world_at("crowded")
    desks = {
        account: {
            item["id"]
            for item in callers.client(world, account).get(f"/api/v1{path}").json()["items"]
        }
        for account in people.PEOPLE
        if callers.client(world, account).get(f"/api/v1{path}").status_code == 200
    }
    assert any(desks.values())
    if path == "/messages":
        assert sum(map(len, desks.values())) == len(set().union(*desks.values()))
    else:
        assert not desks["applicant"] & desks["approver"]
        assert not desks["consumer_head"] & desks["provider_head"]


def test_only_the_owner_sees_a_token(world_at: At) -> None:
    world = world_at("crowded")
    listed = {
        account: [
            item["id"]
            for item in callers.client(world, account).get("/api/v1/tokens").json()["items"]
        ]
        for account in people.PEOPLE
    }
    assert listed.pop("applicant") == [str(world.token_id)]
    assert not any(listed.values())
