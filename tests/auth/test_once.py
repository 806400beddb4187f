"""The same key has one effect: replayed, refused with another body,
missing, and raced by real parallel requests.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from fixtures.worlds import World

from shuqiao.db import unit_of_work
from shuqiao.idempotency import claim, fingerprint
from tests.auth.conftest import Caller, form_token, scalar

At = Callable[[str], World]
PARALLEL = 8


@pytest.fixture
def world(committed_world: At) -> World:
    return committed_world("accounts")


def order(
    world: World,
    calling: Caller,
    key: str | None,
    name: str = "夜间取数",
    account: str = "applicant",
) -> Any:
    headers = form_token(world, account) | ({"idempotency-key": key} if key is not None else {})
    return calling(world, account).post("/api/v1/tokens", json={"name": name}, headers=headers)


def tokens_made() -> int:
    return int(scalar("SELECT count(*) FROM service_token"))


def test_the_same_request_again_changes_nothing_and_says_so(world: World, calling: Caller) -> None:
    first, again = order(world, calling, "key-0001"), order(world, calling, "key-0001")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert {**again.json(), "token": ""} == {**first.json(), "token": ""}
    assert first.json()["token"] and again.json()["token"] == "", "a secret is shown once"
    kept = "SELECT count(*) FROM idempotency_key WHERE body IS NOT NULL"
    assert scalar(kept) == 0, "nor kept in the bytes of the answer"
    assert tokens_made() == 1
    assert scalar("SELECT count(*) FROM audit_event WHERE action = 'auth:token:issued'") == 1


def test_another_body_under_the_same_key_is_422(world: World, calling: Caller) -> None:
    order(world, calling, "key-0001")
    other = order(world, calling, "key-0001", name="别的")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert tokens_made() == 1


@pytest.mark.parametrize("key", [None, "", "short", "x" * 256, "with blank", "tab\tin it here"])
def test_a_missing_or_malformed_key_is_400(world: World, calling: Caller, key: str | None) -> None:
    assert order(world, calling, key).status_code == 400
    assert tokens_made() == 0


def test_two_people_may_choose_the_same_key(world: World, calling: Caller) -> None:
    assert order(world, calling, "key-0001").status_code == 201
    assert order(world, calling, "key-0001", account="stranger").status_code == 201
    assert tokens_made() == 2


def test_a_refused_request_frees_its_key(world: World, calling: Caller) -> None:
    assert order(world, calling, "key-0001", name="").status_code == 422
    assert order(world, calling, "key-0001").status_code == 201


def test_parallel_requests_with_one_key_have_one_effect(world: World, calling: Caller) -> None:
    together = Barrier(PARALLEL)

    def race(_: int) -> Any:
        together.wait(timeout=20)
        return order(world, calling, "key-raced")

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(race, range(PARALLEL)))
    found = Counter(answer.status_code for answer in answers)
    assert set(found) <= {201, 409}
    assert found[201] >= 1
    fresh = [
        answer
        for answer in answers
        if answer.status_code == 201 and "idempotency-replayed" not in answer.headers
    ]
    assert len(fresh) == 1
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert tokens_made() == 1
    assert scalar("SELECT count(*) FROM audit_event WHERE action = 'auth:token:issued'") == 1


def test_while_the_first_runs_the_second_is_told_to_wait(world: World, calling: Caller) -> None:
    """The key is held by an open transaction for longer than a lock is waited for."""
    owner = str(world.subjects["applicant"].user_id)
    with unit_of_work() as session:
        claim(
            session,
            owner=owner,
            key="key-slow",
            print_=fingerprint("POST", "/api/v1/tokens", b"{}"),
        )
        answer = order(world, calling, "key-slow")
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_running")
        session.rollback()
    assert order(world, calling, "key-slow").status_code == 201
    assert tokens_made() == 1
