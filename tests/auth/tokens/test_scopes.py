"""Scopes of service tokens: each does its actions and no other, while its owner has the role."""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import callers
from fixtures.worlds import World

from auth.errors import NotAllowed
from auth.guard import within_scopes
from auth.tokens import service
from auth.tokens.words import ACTIONS, Scope, giving
from policies.actions import Action
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Invalid
from shuqiao.subject import Subject
from tests.auth.conftest import change, events, scalar

At = Callable[[str], World]
#: Who is played for each scope.
OWNERS = {
    Scope.CATALOG_READ: "registrar",
    Scope.DATA_FETCH: "applicant",
    Scope.REQUESTS_WRITE: "applicant",
    Scope.CATALOG_WRITE: "registrar",
    Scope.CATALOG_REVIEW: "data_admin",
    Scope.DESK_READ: "data_admin",
}
#: What no token does: consent, release, replies and the end of a grant are decisions of people;
#: trail, accounts and jobs are those of administrators, who have no tokens.
LEFT_TO_PEOPLE = {
    Action.RESOURCE_CONSENT,
    Action.REQUEST_CONSENT,
    Action.REQUEST_PREPARE_REPLY,
    Action.REQUEST_RELEASE,
    Action.GRANT_REVOKE,
    Action.GRANT_PROVE,
    Action.CALENDAR_LOAD,
    Action.GRANT_SETTLE_ITEM,
    Action.GRANT_TERMINATE,
    Action.CONSULTATION_STATE,
    Action.CONSULTATION_CONCLUDE,
    Action.CONSULTATION_FILE,
    Action.UPDATE_EXTEND,
    Action.UPDATE_DISMISS,
    Action.PROPOSAL_ANSWER,
    Action.REPEAT_ANSWER,
    Action.SOURCE_COUNTERSIGN,
    Action.SOURCE_NAME,
    Action.SOURCE_EXCEPT,
    Action.SOURCE_END,
    Action.CONFLICT_STATE,
    Action.CONFLICT_WITHDRAW,
    Action.CONFLICT_DECIDE,
    Action.CONFLICT_REFER,
    Action.CONFLICT_ASK_REVIEW,
    Action.CONFLICT_REVIEW,
    Action.NEGATIVE_CONSENT,
    Action.NEGATIVE_REVIEW,
    Action.NEGATIVE_END,
    Action.NEGATIVE_CONTEST,
    Action.CONTEST_ANSWER,
    Action.CONTEST_DECIDE,
    Action.DEMAND_CLAIM,
    Action.DEMAND_ANSWER,
    Action.DEMAND_CONTEST,
    Action.DEMAND_SETTLE,
    Action.DEMAND_CLOSE,
    *(
        each
        for each in Action
        if each.startswith(("auth:", "audit:", "server:")) and not each.endswith(":browse")
    ),
}


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("accounts")


def token(world: World, account: str, *scopes: str) -> str:
    with unit_of_work() as session:
        issued = service.issue(
            session, world.subjects[account], name="程序", scopes=frozenset(scopes), days=7
        )
    return issued.secret


def acting(secret: str) -> Subject:
    with reading() as session:
        found = service.find(session, secret)
    assert found is not None
    return found.subject


def test_every_action_is_in_a_scope_or_left_to_people() -> None:
    assert set(ACTIONS) == set(Scope) == set(OWNERS)
    for action in Action:
        assert (action in LEFT_TO_PEOPLE) == (not giving(action)), action


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_does_its_actions_and_for_others_names_what_is_needed(
    world: World, scope: Scope
) -> None:
    subject = acting(token(world, OWNERS[scope], scope))
    assert subject.scopes == ACTIONS[scope]
    for action in Action:
        if action in ACTIONS[scope]:
            within_scopes(subject, action)
            continue
        with pytest.raises(NotAllowed) as refused:
            within_scopes(subject, action)
        said = refused.value.detail.render("en")  # type: ignore[union-attr]
        if not giving(action):
            assert "left to people" in said, action
        else:
            held = service.held_by(subject)
            assert any(str(each) in said for each in giving(action)), action
            assert ("New token" in said) == bool(held.intersection(giving(action))), action
        assert refused.value.decision.rules == ("ACC-SCO-1",)


def test_with_the_role_its_scope_ends_at_once_and_the_refusal_says_so(world: World) -> None:
    secret = token(world, "registrar", Scope.CATALOG_WRITE, Scope.DESK_READ)
    program = callers.client(world, None)
    program.headers.update(callers.bearer(secret))
    assert program.get("/api/v1/resources").status_code == 200
    change("UPDATE app_user SET roles = '{applicant}' WHERE account = 'registrar'")
    lost = program.get("/api/v1/connections")
    assert (lost.status_code, lost.json()["code"]) == (403, "not_allowed")
    assert "catalog:write" in lost.json()["detail"]
    assert "您现有的角色没有或者不再有" in lost.json()["detail"]
    assert lost.json()["who_can_help"] == ["编目员"]
    assert events("auth:registrar")[-1] == "auth:action:denied"
    # reading came with the scope too; the applicant they are now would need a token for that
    assert "catalog:read" in program.get("/api/v1/resources").json()["detail"]
    assert program.get("/api/v1/todos").status_code == 200
    change("UPDATE app_user SET roles = '{registrar}' WHERE account = 'registrar'")
    assert program.get("/api/v1/connections").status_code == 200


@pytest.mark.parametrize(
    ("account", "scope"),
    [
        ("applicant", "catalog:write"),
        ("registrar", "catalog:review"),
        ("registrar", "data:fetch"),
        ("registrar", "exchange:grant:fetch"),
        ("data_admin", "catalog:write"),
        ("head", "catalog:read"),
    ],
)
def test_a_scope_that_the_roles_do_not_give_is_never_issued(
    world: World, account: str, scope: str
) -> None:
    with pytest.raises(Invalid) as refused:
        token(world, account, scope)
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/scopes", "scope_not_given")


def test_a_registrar_chooses_scopes_and_the_trail_names_them(world: World) -> None:
    client = callers.client(world, "registrar")

    def issue(**body: Any) -> Any:
        sent = {"name": "登记程序", **body}
        return client.post("/api/v1/tokens", json=sent, headers=callers.once())

    usual = issue().json()
    assert usual["scopes"] == ["catalog:read", "desk:read"]
    chosen = issue(scopes=["catalog:write"]).json()
    assert chosen["scopes"] == ["catalog:write"]
    narrow = issue(scopes=["catalog:resource:submit"]).json()
    assert acting(narrow["token"]).scopes == {"catalog:resource:submit"}
    refused = issue(scopes=["catalog:review", "catalog:write"])
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["pointer"]) == (422, "#/scopes")
    assert "catalog:review" in error["detail"] and "catalog:write" in error["fix"]
    named = scalar(
        "SELECT convert_from(canon, 'UTF8')::jsonb -> 'why' ->> 'scopes' FROM audit_event "
        "WHERE action = 'auth:token:issued' ORDER BY id OFFSET 1 LIMIT 1"
    )
    assert named == '["catalog:write"]'
