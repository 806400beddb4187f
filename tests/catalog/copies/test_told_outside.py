"""While a published entry is being changed, every page tells outsiders what it told before."""

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from fixtures import callers
from fixtures.worlds import World
from fixtures.written import entry

#: A word that stands in nothing but the working copy.
STRANGE: Final = "斑马线护学岗"
OUTSIDE: Final = ("applicant", "consumer_head", "stranger", "data_admin")
#: What is another at each answer: keys of forms and the number of the request.
_BY_ITSELF: Final = re.compile(
    r'(?<=name="key" value=")[^"]*|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)


def pages(world: World) -> list[str]:
    code, resource = world.resource_code, world.resource_code.replace("-", "/")
    return [
        "/",
        "/catalog",
        f"/catalog?q={STRANGE}",
        "/catalog/export?format=csv",
        f"/catalog/{code}",
        f"/resources/{code}/edit/data",
        "/resources",
        "/reviews",
        f"/requests/new?resource={resource}",
        "/requests",
        f"/requests/{world.request_no}",
        f"/grants/{world.grant_no}",
        "/deliveries",
        f"/deliveries/{world.delivery_no}",
    ]


def told(world: World) -> dict[tuple[str, str], tuple[int, str]]:
    """What each outsider reads on each page."""
    answers = {}
    for who in OUTSIDE:
        client = callers.client(world, who)
        for path in pages(world):
            answer = client.get(path)
            answers[who, path] = (answer.status_code, _BY_ITSELF.sub("", answer.text))
    return answers


def step(world: World, who: str, method: str, path: str, body: Any = None) -> None:
    """A step on what is in work, as it is now."""
    client, address = callers.client(world, who), f"/api/v1/resources/{world.resource_code}"
    seen = client.get(f"{address}/working-copy")
    seen = seen if seen.status_code == 200 else client.get(address)
    headers = {"if-match": seen.headers["etag"], **(callers.once() if method == "POST" else {})}
    answer = client.request(method, address + path, headers=headers, json=body)
    assert answer.status_code in (200, 201), answer.text


@pytest.mark.slow
def test_no_page_tells_outsiders_of_a_change_on_its_way(
    world_at: Callable[[str], World], subtests: pytest.Subtests
) -> None:
    world = world_at("finished_delivery")
    before = told(world)
    assert before["applicant", "/deliveries"][0] == 200
    assert (
        before["applicant", f"/requests/new?resource={world.resource_code.replace('-', '/')}"][0]
        == 200
    )
    assert told(world) == before, "what is compared changes by itself"
    changed = entry(title=STRANGE, abstract=STRANGE)
    del changed["class_code"]
    returned = {"outcome": "returned", "remark": STRANGE}
    for state, *taken in (
        ("open", "registrar", "POST", "/working-copy"),
        ("edited", "registrar", "PUT", "", changed),
        ("in review", "registrar", "POST", "/submissions"),
        ("returned", "head", "POST", "/consents", returned),
    ):
        step(world, *taken)
        with subtests.test(state):
            now = told(world)
            assert [at for at, said in now.items() if said != before[at]] == []
            assert STRANGE not in "".join(now[at][1] for at in now if STRANGE not in at[1])
