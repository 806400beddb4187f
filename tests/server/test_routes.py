"""Access, derived from the examples of the routes: who may, who may not, who must not even know.

One test a route visits its world once. What must change nothing is tried first, each refusal as a
sub-test of its own; the right person's success is last.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import pytest
from fixtures import callers
from fixtures.routes import Call, calls, events_since, path_of, send, trail_length
from fixtures.worlds import World
from httpx2 import Response
from starlette.testclient import TestClient

from auth.identify import cookie_name
from auth.tokens import service as tokens
from auth.tokens.words import giving
from policies.actions import Action
from policies.rulebook import rulebook
from server.reference.facts import facts_of
from shuqiao.db import unit_of_work
from shuqiao.web.problem import MEDIA_TYPE

At = Callable[[str], World]
DECLARED = [call for call in calls() if call.example is not None]
#: Changes that are no business fact: their tables need no event, and say so.
UNRECORDED = {
    "POST /desk/messages/reads",
    "POST /api/v1/lists/{kind}/returned",
    "POST /lists/{kind}/returned",
    "POST /resources/{code}/edit/{section}/draft",
    "POST /resources/{code}/edit/{section}/discard",
    "POST /demands/new/draft",
    "POST /requests/new/draft",
    "POST /requests/{no}/edit/draft",
    "POST /requests/{no}/decision",
    "POST /grants/{no}/downloads",
}
#: The export answers with a file made in a transaction of its own;
#: asked twice, it is two exports and two events.
EXPORTS = {"POST /api/v1/audit-exports", "POST /trail/exports"}
#: Whoever is signed in may sign out; no rule is asked.
WITHOUT_A_RULE = {"DELETE /api/v1/sessions/current", "POST /sign-out"}
#: A number, code or id that nothing has.
NOTHING = {
    "no": "XX-2026-999999",
    "code": "307001-999999",
    "identifier": "DE-999999",
    "position": "999999",
    "ending": "csv",
    "number": "999999999",
    "year": "2099",
    "section": "basic",
    "event_id": "00000000-0000-7000-8000-000000000000",
    "account": "nobody.here",
    "session_id": "00000000-0000-7000-8000-000000000000",
    "token_id": "00000000-0000-7000-8000-000000000000",
    "attachment_id": "00000000-0000-7000-8000-000000000000",
    "duty_no": "DU-2026-999999",
    "suspicion": "00000000-0000-7000-8000-000000000000",
    "act_no": "RO-2026-999999",
    "kind": "nothing",
    "alias": "nothing-there",
    "schema_name": "public",
    "table_name": "nothing",
}

#: Another value for fields that take none but some.
_OTHERS: Final[Mapping[str, Any]] = {
    "answer": "partly",
    "departments": ["111500000099000483"],
    "department": "111500000099000483",
    "share_type": "unconditional",
}
#: Fields that take any text.
_TEXTS = (
    *("plea", "name", "title", "reason", "basis", "source", "text", "document_no", "document"),
    *("statement", "resource_code", "reasons"),
)


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


@dataclass(slots=True)
class Visit:
    """One route in one world."""

    call: Call
    world: World

    def played(self, account: str | None, **changes: Any) -> Response:
        with caller(self.world, account, self.call) as client:
            return send(client, self.call, self.world, **changes)

    @property
    def right_person(self) -> str | None:
        return self.call.known.who if self.is_guarded else None

    @property
    def is_guarded(self) -> bool:
        return self.call.known.visibility != "public"

    @property
    def is_page(self) -> bool:
        return self.call.face == "page"

    @property
    def nothing(self) -> str:
        """The route's address with a number, code or id that nothing has."""
        return self.call.path.format(**{name: NOTHING[name] for name in self.call.known.path})

    def tag(self, version: str) -> dict[str, str | None]:
        """A version as pages and programs send it."""
        return {"if-match": version if self.is_page else f'"v{version}"'}


Part = Callable[[Visit], None]
#: Name of the sub-test → whom it concerns, and what must change nothing.
REFUSALS: dict[str, tuple[Callable[[Visit], bool], Part]] = {}


def refusal(name: str, concerns: Callable[[Visit], bool]) -> Callable[[Part], Part]:
    def add(part: Part) -> Part:
        REFUSALS[name] = (concerns, part)
        return part

    return add


def test_every_route_declares_an_example() -> None:
    assert [str(call) for call in calls() if call.example is None] == []


def test_a_call_that_changes_something_names_its_event() -> None:
    changing = [call for call in calls() if not call.is_safe]
    assert len(changing) > 50
    unnamed = {str(call) for call in changing if not call.known.event}
    assert unnamed == UNRECORDED


@pytest.mark.parametrize("call", DECLARED, ids=str)
def test_a_route(call: Call, play: Callable[[Call], World], subtests: pytest.Subtests) -> None:
    visit = Visit(call, play(call))
    length = trail_length()
    for name, (concerns, part) in REFUSALS.items():
        if concerns(visit):
            with subtests.test(name):
                part(visit)
                before, length = length, trail_length()
                if name not in DENIALS:
                    assert length == before, "a refusal by form leaves no event"
    with subtests.test("the right person succeeds, and the event is in the trail"):
        succeeds(visit)


@refusal("401: nobody signed in is sent away", lambda visit: visit.is_guarded)
def _nobody(visit: Visit) -> None:
    answer = visit.played(None, headers=visit.tag("1"))
    if visit.is_page:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    else:
        assert answer.status_code == 401
        assert answer.headers["content-type"] == MEDIA_TYPE


@refusal(
    "401: nobody signed in cannot tell what exists",
    lambda visit: visit.is_guarded and not visit.is_page and "{" in visit.call.path,
)
def _nobody_cannot_tell(visit: Visit) -> None:
    there = visit.played(None, headers=visit.tag("1"))
    not_there = visit.played(None, path=visit.nothing, headers=visit.tag("1"))
    assert not_there.status_code == 401
    assert same(not_there, there)


@refusal("404: a stranger is told nothing", lambda visit: visit.call.known.stranger is not None)
def _stranger(visit: Visit) -> None:
    before = trail_length()
    answer = visit.played(visit.call.known.stranger)
    assert answer.status_code == 404
    assert denied(before, visit.call.known.stranger)["rules"]
    (denial,) = events_since(before)
    assert denial.stream == f"denials:{visit.call.known.stranger}", "a stranger's is no case's"
    before = trail_length()
    nothing = visit.played(visit.call.known.stranger, path=visit.nothing)
    assert alike((answer, path_of(visit.call, visit.world)), (nothing, visit.nothing))
    assert [event.stream for event in events_since(before)] == [denial.stream]


#: Of every kind somebody to whom this or that may not be known.
OTHERS: Final = ("stranger", "approver", "consumer_registrar", "reviewer", "system_admin")


@refusal(
    "404: whoever may not know what an address names is told what nothing tells",
    lambda visit: visit.is_guarded and "{" in visit.call.path,
)
def _hidden_is_nothing(visit: Visit) -> None:
    """Derived from the routes: who may not know is asked for, not declared."""
    own = path_of(visit.call, visit.world)
    for account in OTHERS if visit.call.is_safe else OTHERS[:1]:
        if account == visit.call.known.who:
            continue
        answer = visit.played(account, headers=visit.tag("1"))
        if answer.status_code == 404:
            nothing = visit.played(account, path=visit.nothing, headers=visit.tag("1"))
            assert alike((answer, own), (nothing, visit.nothing)), account


@refusal("403: who may not is told why", lambda visit: visit.call.known.forbidden is not None)
def _forbidden(visit: Visit) -> None:
    before = trail_length()
    answer = visit.played(visit.call.known.forbidden)
    assert answer.status_code == 403
    why = denied(before, visit.call.known.forbidden)
    assert why["rules"]
    assert why["policy"]
    (denial,) = events_since(before)
    assert answer.headers["shuqiao-event-id"] == str(denial.id)
    if not visit.is_page:
        assert answer.json()["code"] == "not_allowed"
        assert answer.json()["detail"]


@cache
def _actions() -> dict[tuple[str, str], Action | None]:
    """Method and address of a route of the API → the action it asks for."""
    known = facts_of(callers.control_app()).values()
    return {(each.method, each.path): each.action for each in known}


def _asked(call: Call) -> Action | None:
    return _actions().get((call.method, call.path))


def _carrying(visit: Visit, action: Action) -> frozenset[str]:
    """All scopes of the right person but those for ``action``."""
    who = visit.right_person
    held = tokens.held_by(visit.world.subjects[who]) if who else frozenset()
    return frozenset(held) - frozenset(giving(action))


@refusal(
    "403: a token is told which scope it needs, and not what exists",
    lambda visit: (
        visit.call.face == "api"
        and (action := _asked(visit.call)) is not None
        and bool(_carrying(visit, action))
    ),
)
def _without_scope(visit: Visit) -> None:
    action, who = _asked(visit.call), visit.right_person
    assert action is not None and who is not None
    with unit_of_work() as session:
        scopes = _carrying(visit, action)
        issued = tokens.issue(
            session, visit.world.subjects[who], name="程序", scopes=scopes, days=1
        )
    tag, program = visit.tag("1"), callers.client(visit.world, None)
    program.headers.update(callers.bearer(issued.secret))
    before = trail_length()
    answer = send(program, visit.call, visit.world, headers=tag)
    assert answer.status_code == 403, answer.text
    assert denied(before, who)["rules"] == ["ACC-SCO-1"]
    needed = giving(action)
    detail = answer.json()["detail"]
    assert any(scope in detail for scope in needed) if needed else "登录页面" in detail
    assert same(answer, send(program, visit.call, visit.world, path=visit.nothing, headers=tag))


#: These are tries of somebody known, and stand in the trail.
DENIALS = {
    "404: a stranger is told nothing",
    "404: whoever may not know what an address names is told what nothing tells",
    "403: who may not is told why",
    "403: a token is told which scope it needs, and not what exists",
}


@refusal(
    "400: a POST without a key, or with one too long",
    lambda visit: is_once(visit),
)
def _without_key(visit: Visit) -> None:
    for key in (None, "k" * 10_000):
        answer = visit.played(visit.call.known.who, headers={"idempotency-key": key})
        assert answer.status_code == 400


@refusal(
    "428, 412, 400: a change names the version it was made from",
    lambda visit: visit.call.known.if_match,
)
def _version(visit: Visit) -> None:
    malformed = {"if-match": "x" if visit.is_page else '"3"'}
    for headers, status in (({"if-match": None}, 428), (visit.tag("999"), 412), (malformed, 400)):
        assert visit.played(visit.call.known.who, headers=headers).status_code == status, headers


@refusal(
    "403: a browser without its form token",
    lambda visit: visit.is_guarded and not visit.call.is_safe,
)
def _without_form_token(visit: Visit) -> None:
    with caller(visit.world, visit.call.known.who, visit.call) as client:
        client.headers.pop("x-csrf-token")
        assert send(client, visit.call, visit.world, headers=visit.tag("1")).status_code == 403
        client.headers["x-csrf-token"] = "0" * 64
        assert send(client, visit.call, visit.world, headers=visit.tag("1")).status_code == 403


@refusal(
    "401: an ended session",
    lambda visit: visit.is_guarded and visit.call.face == "api" and visit.call.is_safe,
)
def _ended_session(visit: Visit) -> None:
    client = callers.client(visit.world, visit.call.known.who)
    client.cookies.set(cookie_name(), visit.world.cookies[visit.call.known.who][::-1])
    assert send(client, visit.call, visit.world).status_code == 401


def succeeds(visit: Visit) -> None:
    call, before = visit.call, trail_length()
    headers: dict[str, str | None] = {}
    if is_once(visit):
        headers |= callers.once()
        if call.known.if_match:
            headers["if-match"] = first_tag(visit)
    answer = visit.played(visit.right_person, headers=headers)
    assert answer.status_code == call.known.success, answer.text
    new = events_since(before)
    if call.known.event is None:
        assert call.is_safe or str(call) in UNRECORDED
        assert [event.action for event in new if not event.action.startswith("audit:trail:")] == []
        return
    assert call.known.event in [event.action for event in new], [event.action for event in new]
    if call.known.visibility != "public" and str(call) not in WITHOUT_A_RULE:
        by = [json.loads(event.canon) for event in new if event.actor == call.known.who]
        assert [record["policy"]["hash"] for record in by] == [rulebook().policy_hash] * len(by)
        assert by and all(record["policy"]["rules"] for record in by)
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
    if is_once(visit):
        has_one_effect(visit, headers, answer)


def has_one_effect(visit: Visit, headers: dict[str, str | None], first: Response) -> None:
    """The same key again: the same answer; with another body a refusal. Neither does anything."""
    count = trail_length()
    again = visit.played(visit.right_person, headers=headers)
    assert again.status_code == visit.call.known.success, again.text
    assert again.headers["idempotency-replayed"] == "true"
    assert without_secret(again) == without_secret(first)
    if without_secret(first) == first.json():  # a secret is not kept, nor the bytes around it
        assert again.content == first.content
        for name in ("content-type", "etag", "location"):
            assert again.headers.get(name) == first.headers.get(name), name
    if isinstance(visit.call.known.body, dict) and visit.call.known.body:
        body = dict(visit.call.known.resolved(visit.call.known.body, visit.world))
        other = visit.played(visit.right_person, headers=headers, body=changed(body))
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert trail_length() == count


def is_once(visit: Visit) -> bool:
    """Must this call carry an idempotency key?"""
    call = visit.call
    return (
        visit.is_guarded
        and call.face == "api"
        and call.method == "POST"
        and str(call) not in EXPORTS
    )


def changed(body: dict[str, Any]) -> dict[str, Any]:
    """The body with one word of it changed."""
    if "outcome" in body or "remark" in body:
        return {**body, "remark": "另一说明"}
    if "valid_until" in body:
        return {**body, "valid_until": "2026-02-09"}
    if set(body) == {"year"}:
        return {"year": body["year"] + 1}
    if "on" in body and not any(name in body for name in _TEXTS):
        return {**body, "on": "2026-02-09"}
    for name, other in _OTHERS.items():
        if name in body and not any(text in body for text in _TEXTS):
            return {**body, name: other}
    return {**body, next(name for name in _TEXTS if name in body): "另一名称"}


def denied(before: int, account: str | None) -> dict[str, Any]:
    """Why the one event since ``before`` is a refusal to ``account``."""
    (denial,) = events_since(before)
    assert (denial.action, denial.result, denial.actor) == ("auth:action:denied", "deny", account)
    return dict(json.loads(denial.canon)["why"])


def test_an_unknown_address_and_a_wrong_method_are_problems(world_at: At) -> None:
    world = world_at("accounts")
    client = callers.client(world, "applicant")
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("PATCH", "/api/v1/me", 405)):
        answer = client.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


def first_tag(visit: Visit) -> str:
    """The version before the first try; a repeat sends the same bytes."""
    call, own = visit.call, path_of(visit.call, visit.world)
    parent = (
        own[: len(own) - len(call.path) + call.path.rindex("}") + 1]
        if call.path.endswith("}")
        else own.rsplit("/", 1)[0]
    )
    return callers.client(visit.world, call.known.who).get(parent).headers["etag"]


def same(one: Response, other: Response) -> bool:
    """Answers that tell the same: only the ids of the two requests differ."""
    left, right = ({**answer.json(), "request_id": ""} for answer in (one, other))
    return (one.status_code, left) == (other.status_code, right)


#: What differs between any two answers: when, which request it was, and how many are left.
_OWN_HEADERS: Final = {"date", "x-request-id", "content-length", "ratelimit"}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?")


def alike(one: tuple[Response, str], other: tuple[Response, str]) -> bool:
    """Two answers, each with the address that was asked for, tell the same: status, every header,
    the whole text, but for the moment, the id of the request and the address itself.
    """
    told = []
    for answer, path in (one, other):
        headers = {k: v for k, v in answer.headers.multi_items() if k not in _OWN_HEADERS}
        text = answer.text.replace(answer.headers["x-request-id"], "ID")
        for spelling in (path, quote(path), quote(path, safe="")):
            text = text.replace(spelling, "ADDRESS")
        told.append((answer.status_code, headers, _MOMENT.sub("MOMENT", text)))
    assert told[0] == told[1]
    return True


def without_secret(answer: Response) -> dict[str, Any]:
    """The answer without the secret of a token or a one-time password,
    which is shown once and never kept.
    """
    return {
        name: "" if name in ("token", "password", "password_half") else value
        for name, value in answer.json().items()
    }
