"""Proposals of an entry, and binding what was chosen: over HTTP and with forms."""

from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.page_forms import PAGE, hidden, shown
from fixtures.registering import change_elsewhere, edit, entry, tags
from fixtures.worlds import World

from catalog.resources.schemas import ItemRead
from shuqiao.web.etags import etag

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("likely_elements")


def proposals(world: World) -> dict[str, Any]:
    path = f"/api/v1/resources/{world.resource_code}/binding-proposals"
    found: dict[str, Any] = client(world, "registrar").get(path).json()
    return found


def bind(world: World, *bindings: dict[str, Any], version: int = 0) -> Any:
    known = version or proposals(world)["version"]
    return client(world, "registrar").post(
        f"/api/v1/resources/{world.resource_code}/bindings",
        json={"bindings": list(bindings)},
        headers={**once(), "If-Match": etag(known)},
    )


def item(world: World, name: str) -> ItemRead:
    return next(each for each in entry(world).items if each.name == name)


def test_unbound_items_have_proposals_with_their_reasons(world: World) -> None:
    found = proposals(world)
    assert [each["name"] for each in found["items"]] == ["学校名称", "地址", "经度"]
    first = found["items"][0]["proposals"][0]
    assert (first["element"], first["is_likely"]) == ("DE-000002", True)
    assert first["evidence"][0]["words"] == "名称相同"
    assert len(found["items"][0]["proposals"]) <= 3
    assert (
        found["items"][2]["proposals"] == [] or not found["items"][2]["proposals"][0]["is_likely"]
    )


def test_a_bound_item_has_the_type_of_its_element_and_keeps_its_name(world: World) -> None:
    there = item(world, "经度")
    run_sql("DELETE FROM jobs.procrastinate_jobs")
    answer = bind(world, {"item": str(there.id), "element": "DE-000003"})
    assert answer.status_code == 201, answer.text
    asked = "DELETE FROM jobs.procrastinate_jobs WHERE task_name = :name"
    assert run_sql(asked, name="catalog.conformity.check_draft") == 1, "its data is held to it"
    now = item(world, "经度")
    assert (now.element, now.data_type) == ("DE-000003", "C") != (there.element, there.data_type)
    assert tags(world)[-1] == "catalog:resource:edited"
    assert "经度" not in [each["name"] for each in proposals(world)["items"]]


def test_the_name_is_taken_where_it_is_asked_for(world: World) -> None:
    there = item(world, "地址")
    told = {"item": str(there.id), "element": "DE-000003", "takes_name": True}
    assert bind(world, told).status_code == 201
    assert item(world, "学校地址").id == there.id


def test_a_name_that_another_item_bears_is_refused_and_nothing_is_bound(world: World) -> None:
    both = [
        {"item": str(item(world, "学校名称").id), "element": "DE-000002"},
        {"item": str(item(world, "地址").id), "element": "DE-000002", "takes_name": True},
    ]
    answer = bind(world, *both)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/bindings/1/takes_name"]
    assert item(world, "学校名称").element is None


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"element": "DE-999999"}, "#/bindings/0/element"),
        ({"item": "01890000-0000-7000-8000-000000000000"}, "#/bindings/0/item"),
    ],
)
def test_what_is_not_there_is_refused_by_name(
    world: World, said: dict[str, str], pointer: str
) -> None:
    told = {"item": str(item(world, "地址").id), "element": "DE-000002", **said}
    answer = bind(world, told)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_nothing_follows_an_element_that_ended(world: World) -> None:
    ended = "status = 'retired', ended_on = '2026-02-01', end_reason = '停用'"
    assert run_sql(f"UPDATE data_element SET {ended} WHERE identifier = 'DE-000003'") == 1
    answer = bind(world, {"item": str(item(world, "地址").id), "element": "DE-000003"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "#/bindings/0/element")


def test_an_item_is_named_once(world: World) -> None:
    there = str(item(world, "地址").id)
    answer = bind(world, *({"item": there, "element": each} for each in ("DE-000002", "DE-000003")))
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "#/bindings/1/item")


def test_an_entry_that_changed_meanwhile_is_not_bound(world: World) -> None:
    version = proposals(world)["version"]
    change_elsewhere(world, abstract="别的说明")
    told = {"item": str(item(world, "地址").id), "element": "DE-000003"}
    assert bind(world, told, version=version).status_code == 412


def test_what_was_submitted_is_not_bound(world_at: At) -> None:
    world = world_at("submitted_resource")
    there = item(world, "地址")
    answer = bind(world, {"item": str(there.id), "element": world.element_identifier})
    assert answer.status_code == 409


def test_the_page_of_what_is_published_leads_to_where_it_is_changed(world_at: At) -> None:
    world = world_at("published_resource")
    page = f"/resources/{world.resource_code}/bindings"
    answer = client(world, "registrar").get(page, headers=PAGE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, edit(world))


class TestPages:
    def sent(self, world: World, page: str, **chosen: Any) -> Any:
        registrar = client(world, "registrar")
        action = f"/resources/{world.resource_code}/bindings"
        fields = hidden(shown(registrar, page), action)
        return registrar.post(action, data={**fields, **chosen}, headers=PAGE)

    def test_beside_the_items_stands_the_way_to_the_proposals(self, world: World) -> None:
        html = shown(client(world, "registrar"), f"{edit(world)}/items")
        assert f'href="/resources/{world.resource_code}/bindings"' in html
        assert "查看为 1 个信息项建议的数据元" in html

    def test_one_click_before_submission_binds_and_goes_back(self, world: World) -> None:
        page = f"{edit(world)}/check"
        html = shown(client(world, "registrar"), page)
        assert "名称相同" in html and "DE-000002" in html
        chosen = f"{item(world, '学校名称').id}/DE-000002"
        answer = self.sent(world, page, bind=chosen)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(page)
        assert item(world, "学校名称").element == "DE-000002"

    def test_all_that_are_chosen_are_bound_at_once(self, world: World) -> None:
        page = f"/resources/{world.resource_code}/bindings"
        html = shown(client(world, "registrar"), page)
        assert html.count(" checked") == 1, "what is likely is chosen already"
        chosen = [
            f"{item(world, '学校名称').id}/DE-000002",
            f"{item(world, '地址').id}/DE-000003",
        ]
        assert self.sent(world, page, chosen=chosen).status_code == 303
        assert [each.element for each in entry(world).items[1:3]] == ["DE-000002", "DE-000003"]
        assert "没有建议" in shown(client(world, "registrar"), f"{page}?done=bound")

    def test_what_no_element_is_like_can_be_proposed_from_here(self, world: World) -> None:
        page = f"/resources/{world.resource_code}/bindings"
        html = unescape(shown(client(world, "registrar"), page))
        asked = {"name": "经度", "data_type": "B", "definition": "", "next": page}
        assert f'href="/elements/new?{urlencode(asked)}"' in html

    def test_nothing_chosen_is_told(self, world: World) -> None:
        answer = self.sent(world, f"/resources/{world.resource_code}/bindings")
        assert answer.status_code == 422 and "至少选择一条建议" in answer.text

    def test_what_is_no_proposal_is_told_without_being_repeated(self, world: World) -> None:
        page = f"/resources/{world.resource_code}/bindings"
        answer = self.sent(world, page, bind="<b>x</b>")
        assert answer.status_code == 422 and "<b>x" not in answer.text


def test_what_an_item_has_from_its_element_is_shown_with_the_version(world: World) -> None:
    there = item(world, "经度")
    run_sql("UPDATE data_element SET max_length = 30 WHERE identifier = 'DE-000003'")
    (filled,) = bind(world, {"item": str(there.id), "element": "DE-000003"}).json()["filled"]
    assert (filled["name"], filled["element_version"], filled["element_type"]) == ("经度", 1, "C")
    assert (filled["max_length"], filled["domain"], filled["is_drifted"]) == (30, None, False)
    assert filled in proposals(world)["following"]
    page = shown(client(world, "registrar"), f"/resources/{world.resource_code}/bindings")
    assert "已关联数据元的信息项及其带入的内容" in page


def test_a_type_that_drifted_from_the_element_is_told(world: World) -> None:
    there = item(world, "经度")
    assert bind(world, {"item": str(there.id), "element": "DE-000003"}).status_code == 201
    run_sql("UPDATE data_element SET data_type = 'D' WHERE identifier = 'DE-000003'")
    (drifted,) = (each for each in proposals(world)["following"] if each["is_drifted"])
    assert (drifted["name"], drifted["data_type"]) == ("经度", "C")
    page = shown(client(world, "registrar"), f"/resources/{world.resource_code}/bindings")
    assert "信息项为" in page
