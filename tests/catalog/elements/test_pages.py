"""Data elements on their pages: found, read, and who follows them."""

import re
from collections.abc import Callable

from fixtures import callers
from fixtures.exchanging import change_items
from fixtures.worlds import World

At = Callable[[str], World]


def test_an_element_is_found_read_and_leads_to_those_who_follow_it(world_at: At) -> None:
    world = world_at("published_resource")
    applicant = callers.client(world, "applicant")
    element = f"/elements/{world.element_identifier}"

    def found(words: str) -> list[str]:
        page = applicant.get("/elements", params={"q": words})
        assert page.status_code == 200
        return re.findall(r'href="(/elements/[A-Z][^"]+)"', page.text)

    assert found("") == found("学校") == found(" 标识代码 ") == [element]
    assert found(world.element_identifier.lower()) == [element]
    assert found("校_代") == found("%") == []
    assert "没有含“校_代”的数据元" in applicant.get("/elements?q=校_代").text

    page = applicant.get(element).text
    assert "学校的唯一标识代码" in page
    assert "1 个已发布信息项遵循该数据元" in page
    assert f'href="/catalog/{world.resource_code}?tab=items"' in page
    items = applicant.get(f"/catalog/{world.resource_code}?tab=items").text
    assert f'href="{element}"' in items
    assert "全部数据元" in applicant.get("/catalog").text


def test_followers_are_what_the_reader_may_see(world_at: At) -> None:
    """What is published is read, not what a draft names; whoever reads no catalogue is refused."""
    world = world_at("draft_resource")
    element = f"/elements/{world.element_identifier}"
    assert "尚无已发布的信息项遵循该数据元" in callers.client(world, "registrar").get(element).text
    assert callers.client(world, "system_admin").get(element).status_code == 404
    assert (
        world.element_identifier not in callers.client(world, "system_admin").get("/elements").text
    )


def test_an_item_that_no_longer_follows_is_not_listed(world_at: At) -> None:
    world = world_at("published_resource")
    released = "UPDATE resource_item SET element_id = NULL WHERE id = :id"
    change_items(world, released, id=world.item_ids[0])
    page = callers.client(world, "applicant").get(f"/elements/{world.element_identifier}").text
    assert "尚无已发布的信息项遵循该数据元" in page
