"""An entry that its own head has not let out is shown to nobody outside
its department, the data administration too.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from fixtures import callers
from fixtures.page_forms import PAGE
from fixtures.worlds import World

from catalog.publication import service as publication
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.registration import service
from catalog.resources import repository
from catalog.resources.models import DataResource
from shuqiao.db import unit_of_work
from shuqiao.ids import uuid7

At = Callable[[str], World]
OUTSIDERS: Final = ("data_admin", "applicant", "consumer_registrar")
RETURNED: Final[Mapping[str, Any]] = {"outcome": "returned", "remark": "请补充摘要"}


def returned_by_the_head(world: World) -> None:
    with unit_of_work() as session:
        publication.consent(
            session, world.subjects["head"], locked(session, world), ConsentCreate(**RETURNED)
        )


def submitted_again(world: World) -> None:
    returned_by_the_head(world)
    with unit_of_work() as session:
        service.submit(session, world.subjects["registrar"], locked(session, world))


def returned_by_the_administration(world: World) -> None:
    with unit_of_work() as session:
        publication.review(
            session, world.subjects["data_admin"], locked(session, world), ReviewCreate(**RETURNED)
        )


def locked(session: Any, world: World) -> DataResource:
    found = repository.by_code(session, world.resource_code, lock=True)
    assert found is not None
    return found


#: How an entry can be inside: the state of the story, and what is then done.
INSIDE: Final[Mapping[str, tuple[str, Callable[[World], None]]]] = {
    "drafted": ("stored_resource", lambda _world: None),
    "with the head": ("submitted_resource", lambda _world: None),
    "returned by the head": ("submitted_resource", returned_by_the_head),
    "with the head again": ("submitted_resource", submitted_again),
}


@pytest.mark.parametrize("way", INSIDE)
def test_what_never_left_is_found_by_nobody_outside(way: str, world_at: At) -> None:
    state, then = INSIDE[way]
    world = world_at(state)
    then(world)
    code, no = world.resource_code, world.resource_code.replace("-", "/")
    for account in OUTSIDERS:
        client = callers.client(world, account)
        for path in (
            f"/api/v1/resources/{code}",
            f"/catalog/{code}",
            f"/catalog/{code}/items.csv",
            f"/resources/{code}/review",
            f"/resources/{code}/edit",
        ):
            assert client.get(path, headers=PAGE).status_code == 404, (account, path)
        headers = {"idempotency-key": uuid7().hex, "if-match": '"v1"'}
        for part in ("reviews", "consents"):
            sent = client.post(
                f"/api/v1/resources/{code}/{part}", json={"outcome": "returned"}, headers=headers
            )
            assert sent.status_code == 404, (account, part)
            fields = {
                "csrf_token": client.headers["x-csrf-token"],
                "once_key": uuid7().hex,
                "version": "1",
            }
            assert (
                client.post(f"/catalog/{code}/{part}", data=fields, headers=PAGE).status_code == 404
            ), (account, part)
        for path in (
            "/api/v1/resources",
            "/api/v1/catalog",
            "/api/v1/todos",
            "/api/v1/messages",
            "/catalog",
            "/resources",
            "/reviews",
            "/desk",
            "/",
            "/catalog/export?format=csv",
        ):
            answer = client.get(path, headers={} if path.startswith("/api") else PAGE)
            assert answer.status_code == 200, (account, path)
            assert no not in answer.text, (account, path)
            assert code not in answer.text, (account, path)
    assert callers.client(world, "registrar").get(f"/api/v1/resources/{code}").status_code == 200


def test_what_the_administration_returned_it_may_still_read(world_at: At) -> None:
    world = world_at("consented_resource")
    client = callers.client(world, "data_admin")
    assert client.get(f"/api/v1/resources/{world.resource_code}").status_code == 200
    returned_by_the_administration(world)
    assert client.get(f"/api/v1/resources/{world.resource_code}").json()["status"] == "returned"
    assert (
        callers.client(world, "applicant")
        .get(f"/api/v1/resources/{world.resource_code}")
        .status_code
        == 404
    )
