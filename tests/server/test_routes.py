"""Access, derived from the examples the routes declare: who may, who
may not, who must not even know.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fixtures import callers
from fixtures.routes import Call, calls, events, path_of, send
from fixtures.worlds import World
from httpx2 import Response
from starlette.testclient import TestClient

from auth.identify import cookie_name
from shuqiao.web.problem import MEDIA_TYPE

At = Callable[[str], World]
DECLARED = [call for call in calls() if call.example is not None]
#: Changes that are no business fact: their tables need no event, and say so.
UNRECORDED = {
    "POST /desk/messages/reads",
    "POST /resources/{code}/edit/{section}/draft",
    "POST /resources/{code}/edit/{section}/discard",
    "POST /requests/new/draft",
    "POST /requests/{no}/edit/draft",
    "POST /requests/{no}/decision",
}
#: The export answers with a file made in a transaction of its own;
#: asked twice, it is two exports and two events.
EXPORTS = {"POST /api/v1/audit-exports", "POST /trail/exports"}
#: A number, code or id that nothing has.
NOTHING = {
    "no": "XX-2026-999999",
    "code": "307001-999999",
    "identifier": "DE-999999",
    "number": "999999999",
    "section": "basic",
    "event_id": "00000000-0000-7000-8000-000000000000",
    "account": "nobody.here",
    "session_id": "00000000-0000-7000-8000-000000000000",
    "token_id": "00000000-0000-7000-8000-000000000000",
    "attachment_id": "00000000-0000-7000-8000-000000000000",
    "alias": "nothing-there",
    "schema_name": "public",
    "table_name": "nothing",
}


def where(wanted: Callable[[Call], bool]) -> Any:
    chosen = [call for call in DECLARED if wanted(call)]
    return pytest.mark.parametrize("call", chosen, ids=str)


@pytest.fixture
def play(world_at: At, committed_world: At) -> Callable[[Call], World]:
    """The world of a call; what reads in transactions of its own beside
    the request gets one that commits.
    """
    return lambda call: (
        committed_world if call.face == "data" or str(call) in EXPORTS else world_at
    )(call.known.world)


@contextmanager
def caller(world: World, account: str | None, call: Call) -> Iterator[TestClient]:
    if call.face == "data":
        with callers.data_client(world, account) as client:
            yield client
    else:
        yield callers.client(world, account)


def played(call: Call, world: World, account: str | None, **changes: Any) -> Response:
    with caller(world, account, call) as client:
        return send(client, call, world, **changes)


@pytest.mark.parametrize("call", calls(), ids=str)
def test_every_route_declares_an_example(call: Call) -> None:
    assert call.example is not None
    if not call.is_safe:
        assert bool(call.example.event) != (str(call) in UNRECORDED), (
            "a call that changes something names its event"
        )


@where(lambda call: call.known.visibility != "public")
def test_nobody_signed_in_is_sent_away(call: Call, play: Callable[[Call], World]) -> None:
    world = play(call)
    before = len(events())
    answer = played(call, world, None, headers={"if-match": "1" if call.face == "page" else '"v1"'})
    if call.face == "page":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    else:
        assert answer.status_code == 401
        assert answer.headers["content-type"] == MEDIA_TYPE
    assert len(events()) == before


@where(lambda call: call.face != "page" and call.known.visibility != "public" and "{" in call.path)
def test_nobody_signed_in_cannot_tell_what_exists(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    nothing = call.path.format(**{name: NOTHING[name] for name in call.known.path})
    tag = {"if-match": '"v1"'}
    assert played(call, world, None, path=nothing, headers=tag).status_code == 401
    assert same(
        played(call, world, None, path=nothing, headers=tag), played(call, world, None, headers=tag)
    )


@where(lambda call: call.known.stranger is not None)
def test_a_stranger_is_told_nothing_and_the_attempt_is_in_the_trail(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    before = len(events())
    answer = played(call, world, call.known.stranger)
    assert answer.status_code == 404
    (denial,) = events()[before:]
    assert (denial.action, denial.result, denial.actor) == (
        "auth:action:denied",
        "deny",
        call.known.stranger,
    )
    assert json.loads(denial.canon)["why"]["rules"]
    nothing = call.path.format(**{name: NOTHING[name] for name in call.known.path})
    if call.face != "page":
        assert same(answer, played(call, world, call.known.stranger, path=nothing))


@where(lambda call: call.known.forbidden is not None)
def test_who_sees_but_may_not_is_told_why_and_the_attempt_is_in_the_trail(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    before = len(events())
    answer = played(call, world, call.known.forbidden)
    assert answer.status_code == 403
    (denial,) = events()[before:]
    assert (denial.action, denial.result, denial.actor) == (
        "auth:action:denied",
        "deny",
        call.known.forbidden,
    )
    why = json.loads(denial.canon)["why"]
    assert why["rules"]
    assert why["policy"]
    assert answer.headers["shuqiao-event-id"] == str(denial.id)
    if call.face != "page":
        assert answer.json()["code"] == "not_allowed"
        assert answer.json()["detail"]


@where(lambda call: True)
def test_the_right_person_succeeds_and_the_event_is_in_the_trail(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    known = {event.id for event in events()}
    answer = played(call, world, None if call.known.visibility == "public" else call.known.who)
    assert answer.status_code == call.known.success, answer.text
    new = [event for event in events() if event.id not in known]
    if call.known.event is None:
        assert call.is_safe or str(call) in UNRECORDED
        assert [event.action for event in new if not event.action.startswith("audit:trail:")] == []
        return
    assert call.known.event in [event.action for event in new], [event.action for event in new]
    if str(call) in EXPORTS:
        assert answer.headers["shuqiao-event-id"] in [str(event.id) for event in new]
    elif call.face == "api" and not call.is_safe:
        stored = {str(event.id): event for event in new}
        receipt = answer.json()
        assert stored[receipt["event_id"]].action == call.known.event
        assert {each["event_id"]: each["leaf_hash"] for each in receipt["events"]} == {
            number: event.leaf_hash.hex() for number, event in stored.items()
        }
        assert receipt["leaf_hash"] == stored[receipt["event_id"]].leaf_hash.hex()


ONCE = where(
    lambda call: (
        call.face == "api"
        and call.method == "POST"
        and call.known.visibility != "public"
        and str(call) not in EXPORTS
    )
)


@ONCE
def test_a_post_without_a_key_changes_nothing(call: Call, play: Callable[[Call], World]) -> None:
    world = play(call)
    before = len(events())
    answer = played(call, world, call.known.who, headers={"idempotency-key": None})
    assert answer.status_code == 400
    assert len(events()) == before
    assert (
        played(call, world, call.known.who, headers={"idempotency-key": "k" * 10_000}).status_code
        == 400
    )


@ONCE
def test_the_same_key_has_one_effect(call: Call, play: Callable[[Call], World]) -> None:
    world = play(call)
    headers = callers.once() | ({"if-match": first_tag(call, world)} if call.known.if_match else {})
    first = played(call, world, call.known.who, headers=headers)
    assert first.status_code == call.known.success, first.text
    count = len(events())
    again = played(call, world, call.known.who, headers=headers)
    assert again.status_code == call.known.success, again.text
    assert again.headers["idempotency-replayed"] == "true"
    assert without_secret(again) == without_secret(first)
    assert len(events()) == count


@where(
    lambda call: (
        call.face == "api"
        and call.method == "POST"
        and isinstance(call.known.body, dict)
        and call.known.visibility != "public"
        and call.known.body
    )
)
def test_the_same_key_with_another_body_is_refused(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    headers = callers.once() | ({"if-match": first_tag(call, world)} if call.known.if_match else {})
    assert played(call, world, call.known.who, headers=headers).status_code == call.known.success
    count = len(events())
    body = dict(call.known.resolved(call.known.body, world))
    other = {**body, "remark": "另一说明"} if "outcome" in body or "remark" in body else None
    if other is None:
        name = next(name for name in ("name", "title", "reason") if name in body)
        other = {**body, name: "另一名称"}
    again = played(call, world, call.known.who, headers=headers, body=other)
    assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")
    assert len(events()) == count


@where(lambda call: call.known.if_match)
def test_a_change_names_the_version_it_was_made_from(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    before = len(events())
    missing = played(call, world, call.known.who, headers={"if-match": None})
    assert missing.status_code == 428
    stale = played(
        call,
        world,
        call.known.who,
        headers={"if-match": "999" if call.face == "page" else '"v999"'},
    )
    assert stale.status_code == 412
    malformed = played(
        call, world, call.known.who, headers={"if-match": "x" if call.face == "page" else '"3"'}
    )
    assert malformed.status_code == 400
    assert len(events()) == before


@where(lambda call: not call.is_safe and call.known.visibility != "public")
def test_a_browser_without_its_form_token_changes_nothing(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    tag = "1" if call.face == "page" else '"v1"'
    before = len(events())
    with caller(world, call.known.who, call) as client:
        client.headers.pop("x-csrf-token")
        assert send(client, call, world, headers={"if-match": tag}).status_code == 403
        client.headers["x-csrf-token"] = "0" * 64
        assert send(client, call, world, headers={"if-match": tag}).status_code == 403
    assert len(events()) == before


@where(lambda call: call.face == "api" and call.known.visibility != "public" and call.is_safe)
def test_an_ended_session_opens_nothing(call: Call, play: Callable[[Call], World]) -> None:
    world = play(call)
    client = callers.client(world, call.known.who)
    client.cookies.set(cookie_name(), world.cookies[call.known.who][::-1])
    assert send(client, call, world).status_code == 401


def test_an_unknown_address_and_a_wrong_method_are_problems(world_at: At) -> None:
    world = world_at("accounts")
    client = callers.client(world, "applicant")
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("PATCH", "/api/v1/me", 405)):
        answer = client.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


def first_tag(call: Call, world: World) -> str:
    """The version before the first try; a repeat sends the same bytes."""
    own = path_of(call, world)
    parent = (
        own[: len(own) - len(call.path) + call.path.rindex("}") + 1]
        if call.path.endswith("}")
        else own.rsplit("/", 1)[0]
    )
    return callers.client(world, call.known.who).get(parent).headers["etag"]


def same(one: Response, other: Response) -> bool:
    """Answers that tell the same: only the ids of the two requests differ."""
    left, right = ({**answer.json(), "request_id": ""} for answer in (one, other))
    return (one.status_code, left) == (other.status_code, right)


def without_secret(answer: Response) -> dict[str, Any]:
    """The answer without the secret of a token or a one-time password,
    which is shown once and never kept.
    """
    return {
        name: "" if name in ("token", "password") else value
        for name, value in answer.json().items()
    }
