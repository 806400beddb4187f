"""401, 403 and 404 told apart, and every refusal in the trail although
the request itself was rolled back.
"""

import json
from collections.abc import Callable

import pytest
from fixtures.callers import once
from fixtures.worlds import World
from sqlalchemy import text

from policies.rulebook import rulebook
from shuqiao.db import reading
from shuqiao.ids import uuid7
from tests.auth.conftest import Caller, events, form_token, scalar

At = Callable[[str], World]


@pytest.fixture
def world(committed_world: At) -> World:
    return committed_world("token")


def test_who_is_nobody_who_may_not_and_who_may_not_know(world: World, calling: Caller) -> None:
    path = f"/api/v1/tokens/{world.token_id}/revocations"

    def status(account: str | None, where: str) -> int:
        headers = (form_token(world, account) if account else {}) | once()
        found: int = (
            calling(world, account).post(where, json={"name": "x"}, headers=headers).status_code
        )
        return found

    assert status(None, path) == 401
    assert status("stranger", path) == 404
    assert status("approver", "/api/v1/tokens") == 403
    assert status("applicant", path) == 201


def test_hidden_and_absent_are_answered_alike(world: World, calling: Caller) -> None:
    client = calling(world, "stranger")
    headers = form_token(world, "stranger")
    hidden = client.post(f"/api/v1/tokens/{world.token_id}/revocations", headers=headers | once())
    absent = client.post(f"/api/v1/tokens/{uuid7()}/revocations", headers=headers | once())
    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json(), "request_id": ""} == {**absent.json(), "request_id": ""}


def test_a_refusal_is_in_the_trail_with_its_rules_and_the_change_is_not(
    world: World, calling: Caller
) -> None:
    before = scalar("SELECT count(*) FROM service_token")
    answer = calling(world, "approver").post(
        "/api/v1/tokens", json={"name": "x"}, headers=form_token(world, "approver") | once()
    )
    assert answer.status_code == 403
    assert scalar("SELECT count(*) FROM service_token") == before
    assert scalar("SELECT count(*) FROM idempotency_key") == 0
    assert events("auth:approver")[-1] == "auth:action:denied"
    with reading() as session:
        query = text(
            "SELECT id, encode(leaf_hash, 'hex'), result, convert_from(canon, 'UTF8') FROM "
            "audit_event"
            " WHERE stream = 'auth:approver' ORDER BY seq DESC LIMIT 1"
        )
        event_id, leaf, result, canon = session.connection().execute(query).one()
    assert result == "deny"
    assert (answer.headers["shuqiao-event-id"], answer.headers["shuqiao-leaf-hash"]) == (
        str(event_id),
        leaf,
    )
    why = json.loads(canon)["why"]
    assert (why["action"], why["policy"]) == ("auth:token:issue", rulebook().policy_hash)
    assert why["rules"] == ["DENY-DEFAULT"]


def test_an_allowed_act_is_in_the_trail_with_the_rules_that_allowed_it(
    world: World, calling: Caller
) -> None:
    calling(world, "applicant").post(
        "/api/v1/tokens", json={"name": "x"}, headers=form_token(world, "applicant") | once()
    )
    canon = scalar(
        "SELECT convert_from(canon, 'UTF8') FROM audit_event WHERE action = 'auth:token:issued'"
        " ORDER BY id DESC LIMIT 1"
    )
    policy = {"rules": ["AUT-TOK-1"], "hash": rulebook().policy_hash}
    assert json.loads(canon)["policy"] == policy


def test_what_is_not_there_is_written_as_what_is_hidden(world: World, calling: Caller) -> None:
    """One event each, in the stranger's own stream: else the time it takes would tell."""
    headers = form_token(world, "stranger")
    for token_id in (uuid7(), world.token_id):
        path = f"/api/v1/tokens/{token_id}/revocations"
        before = scalar("SELECT count(*) FROM audit_event")
        answer = calling(world, "stranger").post(path, headers=headers | once())
        assert answer.status_code == 404
        assert "shuqiao-event-id" not in answer.headers
        assert scalar("SELECT count(*) FROM audit_event") == before + 1
    assert events("denials:stranger") == ["auth:action:denied"] * 2


def test_the_reasons_come_in_the_readers_language(world: World, calling: Caller) -> None:
    def detail(language: str) -> str:
        headers = form_token(world, "approver") | once() | {"accept-language": language}
        answer = calling(world, "approver").post(
            "/api/v1/tokens", json={"name": "x"}, headers=headers
        )
        return str(answer.json()["detail"])

    assert detail("zh-CN") != detail("en")
    assert "token" in detail("en").lower()
