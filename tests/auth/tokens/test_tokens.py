"""Service tokens: shown once, kept as a hash, limited to actions, ended by time or their owner."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import bearer, once
from fixtures.worlds import World

from auth.tokens import service
from auth.tokens.words import USUAL, actions_of
from policies.actions import Action
from shuqiao.db import reading, unit_of_work
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from tests.auth.conftest import Caller, change, events, form_token, scalar

At = Callable[[str], World]


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("token")


def acting_for(presented: str) -> Subject | None:
    with reading() as session:
        found = service.find(session, presented)
    return found.subject if found is not None else None


def issue(
    world: World, calling: Caller, account: str = "applicant", key: str | None = None, **body: Any
) -> Any:
    headers = form_token(world, account) | ({"idempotency-key": key} if key else once())
    sent = {"name": "夜间取数", "days": 30, **body}
    return calling(world, account).post("/api/v1/tokens", json=sent, headers=headers)


def test_a_token_acts_for_its_owner_within_its_scopes(world: World) -> None:
    found = acting_for(world.token)
    assert found is not None
    assert (found.account, found.auth, found.credential_id) == (
        "applicant",
        "token",
        world.token_id,
    )
    assert found.scopes == actions_of(USUAL)
    assert found.roles == {"applicant"}


def test_the_secret_is_nowhere_in_the_database(world: World) -> None:
    secret = world.token.split("_", 2)[2]  # the secret itself may have the sign in it
    dumped = scalar("SELECT string_agg(t::text, ' ') FROM service_token t")
    trail = scalar("SELECT string_agg(convert_from(canon, 'UTF8'), ' ') FROM audit_event")
    assert secret not in dumped
    assert secret not in trail
    assert events("auth:applicant")[-1] == "auth:token:issued"


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.replace("sq_", "sq-", 1),
        lambda token: token[:3] + ("0" if token[3] != "0" else "1") + token[4:],
        lambda token: token + "x",
        lambda token: token.upper(),
        lambda token: token.rsplit("_", 1)[1],
        lambda token: "",
        lambda token: "sq_" + "0" * 12 + "_" + "é" * 43,
    ],
)
def test_a_damaged_token_is_nobodys(world: World, damage: Callable[[str], str]) -> None:
    assert acting_for(damage(world.token)) is None


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE service_token SET expires_at = now()",
        "UPDATE service_token SET revoked_at = now()",
        "UPDATE app_user SET is_active = false WHERE account = 'applicant'",
    ],
)
def test_a_token_ends_by_the_databases_clock_by_revocation_and_with_its_owner(
    world: World, calling: Caller, ended: str
) -> None:
    assert acting_for(world.token) is not None
    change(ended)
    assert acting_for(world.token) is None
    assert calling(world, None).get("/api/v1/me", headers=bearer(world.token)).status_code == 401


def test_what_the_scopes_leave_out_is_refused_with_the_rule_that_says_so(
    world: World, calling: Caller
) -> None:
    only = issue(world, calling, scopes=[Action.RESOURCE_READ.value]).json()["token"]
    refused = calling(world, None).get("/api/v1/todos", headers=bearer(only))
    allowed = calling(world, None).get("/api/v1/todos", headers=bearer(world.token))
    assert (refused.status_code, allowed.status_code) == (403, 200)
    assert refused.json()["code"] == "not_allowed"
    assert "服务令牌" in refused.json()["detail"]


def test_a_token_makes_no_further_token_and_revokes_none(world: World, calling: Caller) -> None:
    headers = bearer(world.token) | once()
    client = calling(world, None)
    made = client.post("/api/v1/tokens", json={"name": "再来一个"}, headers=headers)
    revoked = client.post(f"/api/v1/tokens/{world.token_id}/revocations", headers=headers | once())
    absent = client.post(f"/api/v1/tokens/{uuid7()}/revocations", headers=headers | once())
    assert (made.status_code, revoked.status_code, absent.status_code) == (403, 403, 403)
    assert "登录页面" in made.json()["detail"]
    assert scalar("SELECT count(*) FROM service_token") == 1
    assert acting_for(world.token) is not None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"days": 91}, "#/days"),
        ({"days": 0}, "#/days"),
        ({"name": ""}, "#/name"),
        ({"scopes": ["exchange:request:release"]}, "#/scopes/0"),
        ({"scopes": ["catalog:write"]}, "#/scopes"),
        ({"scopes": []}, "#/scopes"),
        ({"scopes": ["no:such:action"]}, "#/scopes/0"),
        ({"owner": "registrar"}, "#/owner"),
    ],
)
def test_a_bad_wish_names_its_field(
    world: World, calling: Caller, body: dict[str, Any], pointer: str
) -> None:
    answer = issue(world, calling, **body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert scalar("SELECT count(*) FROM service_token") == 1


def test_who_holds_no_scope_gets_no_token(world: World, calling: Caller) -> None:
    assert issue(world, calling, "approver").status_code == 403
    assert issue(world, calling, "applicant").status_code == 201


def test_a_repeated_order_makes_one_token_and_shows_the_secret_once(
    world: World, calling: Caller
) -> None:
    first = issue(world, calling, key="one-and-the-same")
    again = issue(world, calling, key="one-and-the-same")
    assert acting_for(first.json()["token"]) is not None
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["token"] == ""
    assert again.headers["idempotency-replayed"] == "true"
    assert scalar("SELECT count(*) FROM service_token") == 2


def test_the_list_holds_ones_own_tokens_without_secrets(world: World, calling: Caller) -> None:
    issue(world, calling)
    listed = calling(world, "applicant").get("/api/v1/tokens").json()["items"]
    assert [item["id"] for item in listed][-1] == str(world.token_id)
    assert len(listed) == 2
    assert all(
        set(item) == {"id", "name", "scopes", "created_at", "expires_at", "revoked_at"}
        for item in listed
    )
    assert calling(world, "stranger").get("/api/v1/tokens").json()["items"] == []


def test_the_owner_revokes_once_and_others_do_not_know_of_it(world: World, calling: Caller) -> None:
    path = f"/api/v1/tokens/{world.token_id}/revocations"

    def revoke(account: str) -> int:
        status: int = (
            calling(world, account)
            .post(path, headers=form_token(world, account) | once())
            .status_code
        )
        return status

    assert revoke("stranger") == 404
    assert acting_for(world.token) is not None
    assert revoke("applicant") == 201
    assert acting_for(world.token) is None
    assert revoke("applicant") == 409


def test_issued_tokens_live_as_long_as_asked(world: World) -> None:
    with unit_of_work() as session:
        issued = service.issue(
            session, world.subjects["applicant"], name="x", scopes=frozenset({"desk:read"}), days=7
        )
    life = issued.token.expires_at - issued.token.created_at
    assert life.days == 7
