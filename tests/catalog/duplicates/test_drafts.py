"""Proposals for the items of all drafts of a department, adopted in one go: row by row, or all that
are likely.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.page_forms import PAGE as ASKED
from fixtures.page_forms import hidden, shown
from fixtures.registering import entry, tags
from fixtures.worlds import World
from fixtures.written import entry as written

from catalog.duplicates.service import drafts
from catalog.resources import service as registering
from catalog.resources.schemas import ResourceCreate
from shuqiao.db import unit_of_work

At = Callable[[str], World]
PAGE = "/bindings"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("likely_elements")


def more(world: World, who: str, count: int, items: int = 1) -> list[str]:
    """Drafts as an import makes them, the first item called like an element; their codes."""
    rows = [{"name": "学校名称", "column_name": "xxmc", "data_type": "C"}]
    rows += [
        {"name": f"学校名称{place}", "column_name": f"xxmc{place}", "data_type": "C"}
        for place in range(1, items)
    ]
    with unit_of_work() as session:
        return [
            registering.register(
                session,
                world.subjects[who],
                ResourceCreate.model_validate(written(title=f"草稿{number}", items=rows)),
            ).code
            for number in range(count)
        ]


def send(world: World, form: dict[str, str]) -> Any:
    sent = client(world, "registrar")
    return sent.post(PAGE, data=form, headers=ASKED, follow_redirects=False)


def proposed(world: World) -> Any:
    return client(world, "registrar").get("/api/v1/binding-proposals").json()


def bind(world: World, *entries: dict[str, Any]) -> Any:
    sent = client(world, "registrar")
    return sent.post("/api/v1/bindings", json={"entries": list(entries)}, headers=once())


def chosen(draft: dict[str, Any], element: str = "DE-000002") -> dict[str, Any]:
    bindings = [{"item": draft["items"][0]["item"], "element": element}]
    return {**{key: draft[key] for key in ("resource_code", "version")}, "bindings": bindings}


def test_each_draft_of_the_department_is_there_and_nobody_elses(world: World) -> None:
    own = more(world, "registrar", 2)
    other = more(world, "consumer_registrar", 1)
    codes = [each["resource_code"] for each in proposed(world)["entries"]]
    assert codes == sorted([world.resource_code.replace("-", "/"), *own])
    assert not {*other} & {*codes}


def test_what_is_chosen_is_bound_with_an_event_each(world: World) -> None:
    own = more(world, "registrar", 2)
    wanted = [each for each in proposed(world)["entries"] if each["resource_code"] in own]
    answer = bind(world, *map(chosen, wanted))
    assert (answer.status_code, answer.json()["bound"]) == (201, 2), answer.text
    for code in own:
        world.resource_code = code.replace("/", "-")
        assert tags(world)[-1] == "catalog:resource:edited"
        assert entry(world).items[0].element == "DE-000002"


def test_all_or_none_and_the_refusal_names_the_entry(world: World) -> None:
    own = more(world, "registrar", 2)
    other = more(world, "consumer_registrar", 1)
    first, second = (e for e in proposed(world)["entries"] if e["resource_code"] in own)
    change_of = {**chosen(second), "version": second["version"] + 1}
    foreign = {**chosen(second), "resource_code": other[0]}
    for wrong, pointer in (
        (change_of, "#/entries/1/version"),
        (foreign, "#/entries/1/resource_code"),
        (chosen(first), "#/entries/1/resource_code"),
        (chosen(second, "DE-999999"), "#/entries/1/bindings/0/element"),
    ):
        answer = bind(world, chosen(first), wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    world.resource_code = own[0].replace("/", "-")
    assert entry(world).items[0].element is None


def test_a_page_offers_them_by_draft_and_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = more(world, "registrar", 3)
    monkeypatch.setattr("catalog.duplicates.views.drafts.AT_ONCE", 3)
    first = shown(client(world, "registrar"), PAGE)
    assert "逐项采用建议" in first and "4个草稿的全部4个很可能的" in first
    assert first.count("checked") < 4 and f"?after={own[0].replace('/', '-')}" in first
    following = shown(client(world, "registrar"), f"{PAGE}?after={own[0].replace('/', '-')}")
    assert "草稿2" in following and "草稿0" not in following
    value = next(part for part in first.split('"') if part.startswith(own[0].replace("/", "-")))
    sent = send(world, {**hidden(first, PAGE), "chosen": value})
    assert sent.headers["location"].endswith("?done=1")
    again = send(world, {**hidden(first, PAGE), "chosen": value})
    assert again.status_code in (303, 422)


def test_nothing_chosen_is_said(world: World) -> None:
    page = shown(client(world, "registrar"), PAGE)
    answer = send(world, hidden(page, PAGE))
    assert (answer.status_code, "至少" in answer.text) == (422, True)


def test_sixty_drafts_of_ten_items_take_seconds(world: World) -> None:
    codes = more(world, "registrar", 60, 10)
    run_sql("UPDATE data_element SET name = '学校名称' WHERE identifier = 'DE-000002'")
    begun = time.perf_counter()
    with unit_of_work() as session:
        bound = drafts.bind_likely(session, world.subjects["registrar"])
    taken = time.perf_counter() - begun
    assert {row.code for row, _count in bound} >= {*codes}
    assert sum(count for _row, count in bound) >= 60
    assert taken < 20, f"{taken:.1f} s"
