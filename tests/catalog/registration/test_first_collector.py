"""Rule 21 before anybody is named: of two departments that register an element as their own
collection, the first that hands it in is its source as a matter of course (当然数源).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from fixtures import sourcing
from fixtures.callers import client, once
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World

from catalog.resources import repository, service
from shuqiao.db import unit_of_work

At = Callable[[str], World]
SIDES = {"registrar": "education", "consumer_registrar": "police"}


def registered(world: World, who: str, **origin: Any) -> str:
    """A draft with one item that follows the element, ready to be handed in; its code."""
    code = sourcing.collect(world, who, format="service", title=f"名录{who}")
    item = {
        "name": "代码",
        "column_name": "code",
        "data_type": "C",
        "element": world.element_identifier,
        "origin": origin or {"kind": "collected"},
    }
    with unit_of_work() as session:
        found = repository.by_code(session, code, lock=True)
        assert found is not None
        body = service.as_written(service.read(session, found), {"items": [item]})
        service.edit(session, world.subjects[who], found, body, version=found.version)
    return code


def submit(world: World, who: str, code: str) -> Any:
    sent, path = client(world, who), f"/api/v1/resources/{code.replace('/', '-')}"
    seen = sent.get(path).headers["etag"]
    return sent.post(f"{path}/submissions", headers={**once(), "if-match": seen})


def refusals(answer: Any) -> list[tuple[str, str]]:
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


@pytest.mark.parametrize("turn", range(3))
def test_rule_21_of_two_at_the_same_moment_exactly_one_collects(
    committed_world: At, turn: int
) -> None:
    world = committed_world("adopted_element")
    codes = {who: registered(world, who) for who in SIDES}
    assert all(client(world, who).get("/api/v1/elements").is_success for who in SIDES)  # warm
    order, gate = sorted(SIDES, reverse=bool(turn % 2)), Barrier(2)

    def hand_in(who: str) -> Any:
        gate.wait(10)
        answer = submit(world, who, codes[who])
        while answer.status_code == 503:  # it waited for the other longer than the settings allow
            answer = submit(world, who, codes[who])
        return answer

    with ThreadPoolExecutor(2) as both:
        answers = dict(zip(order, both.map(hand_in, order), strict=True))
    (winner,) = (who for who, answer in answers.items() if answer.is_success)
    (loser,) = set(SIDES) - {winner}
    assert refusals(answers[loser]) == [("#/items/0/origin/kind", "collected_already")]
    detail = answers[loser].json()["errors"][0]["detail"]
    assert DEPARTMENTS[SIDES[winner]][0] in detail and codes[winner] in detail


def test_the_second_may_refer_to_it_or_say_why(world_at: At) -> None:
    world = world_at("adopted_element")
    assert submit(world, "registrar", registered(world, "registrar")).is_success
    copied = {
        "kind": "copied",
        "department": DEPARTMENTS["education"][1],
        "cycle": "yearly",
        "way": "batch",
    }
    assert submit(world, "consumer_registrar", registered(world, "consumer_registrar", **copied))
    again = registered(world, "consumer_registrar")
    assert refusals(submit(world, "consumer_registrar", again))[0][1] == "collected_already"
    said = registered(world, "consumer_registrar", kind="collected", reason="对象范围不同")
    assert submit(world, "consumer_registrar", said).is_success


def test_a_draft_of_another_department_stands_in_nobodys_way(world_at: At) -> None:
    world = world_at("adopted_element")
    registered(world, "registrar")
    assert submit(world, "consumer_registrar", registered(world, "consumer_registrar")).is_success
