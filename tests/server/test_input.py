"""Bad input over HTTP: a 4xx problem that says where, never a 500, never an echo, never a half-made
record.

The rows are those of the corpus of hostile inputs; the parsers themselves are tested where they
live.
"""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from itertools import chain, product
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from fixtures import callers
from fixtures.routes import API, Call, a_third, calls, events, path_of, send, version_of
from fixtures.worlds import World
from httpx2 import Response
from starlette.testclient import TestClient

from shuqiao.web.problem import MEDIA_TYPE
from shuqiao.web.strict_route import StrictRoute

At = Callable[[str], World]
MARK = "ECHO-7f3a"
WITH_BODY = [
    call
    for call in calls()
    if call.face == "api"
    and call.example is not None
    and call.example.body is not None
    and not call.example.files
]
BODIES = pytest.mark.parametrize("call", a_third(WITH_BODY))
#: One route of each stage for the rows that every body goes through in the same way.
SAMPLE = pytest.mark.parametrize(
    "call",
    [
        call
        for call in WITH_BODY
        if call.path.endswith(("/elements", "/requests", "/decisions", "/tokens"))
    ],
    ids=str,
)


def refused(answer: Response, *statuses: int) -> Response:
    """The answer, checked to be a problem that keeps its mouth shut."""
    assert answer.status_code in statuses, answer.text[:500]
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert MARK not in answer.text
    assert "Traceback" not in answer.text
    assert len(answer.text) < 20_000
    return answer


def raw(world: World, call: Call, body: bytes, **headers: str) -> Response:
    """The example with other bytes as its body."""
    tag = {"if-match": f'"v{version_of(call, world)}"'} if call.known.if_match else {}
    sent = {**callers.once(), "content-type": "application/json", **tag, **headers}
    return callers.client(world, call.known.who).request(
        call.method, path_of(call, world), content=body, headers=sent
    )


def body_of(call: Call, world: World) -> dict[str, Any]:
    return deepcopy(dict(call.known.resolved(call.known.body, world)))


def text_field(call: Call) -> str:
    """The name of a field of the call's body that holds free text, by
    the document that describes the API.
    """
    schema = _document()["paths"][call.path][call.method.lower()]["requestBody"]["content"][
        "application/json"
    ]["schema"]
    fields = _document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]
    return next(
        (name for name in ("name", "title", "basis", "reason", "remark") if name in fields), ""
    )


@cache
def _document() -> dict[str, Any]:
    return callers.control_app().openapi()


@BODIES
def test_an_unknown_field_is_named(call: Call, world_at: At) -> None:
    world = world_at(call.known.world)
    before = len(events())
    answer = refused(
        send(
            callers.client(world, call.known.who),
            call,
            world,
            body={**body_of(call, world), "is_admin": MARK},
        ),
        422,
    )
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/is_admin"]
    assert all(error["detail"] and error["fix"] for error in answer.json()["errors"])
    assert len(events()) == before


@pytest.mark.parametrize("call", a_third(call for call in WITH_BODY if text_field(call)))
def test_a_text_with_characters_nobody_sees_is_refused(call: Call, world_at: At) -> None:
    """NUL, bidi override, zero-width, tag, escape, line separator."""
    world = world_at(call.known.world)
    name, before = text_field(call), len(events())
    for character in ("\x00", "\u202e", "\u200b", "\U000e0041", "\x1b", "\u2028"):
        body = {**body_of(call, world), name: f"{MARK}{character}说明"}
        answer = send(callers.client(world, call.known.who), call, world, body=body)
        assert f"#/{name}" in [error["pointer"] for error in refused(answer, 422).json()["errors"]]
    assert len(events()) == before


MALFORMED = {
    "a lone surrogate": (
        lambda body: json.dumps(body).replace('"', '"\\ud800', 3).encode(),
        (400, 422),
    ),
    "not a number": (lambda body: json.dumps({**body, "x": float("nan")}).encode(), (400,)),
    "infinity": (lambda body: json.dumps(body).encode()[:-1] + b', "x": 1e999}', (400,)),
    "5,000 digits": (
        lambda body: json.dumps(body).encode()[:-1] + b', "x": ' + b"9" * 5_000 + b"}",
        (400,),
    ),
    "nested 900 deep": (
        lambda body: json.dumps(body).encode()[:-1] + b', "x": ' + b"[" * 900 + b"]" * 900 + b"}",
        (400,),
    ),
    "nested 100,000 deep": (lambda _: b"[" * 100_000, (400,)),
    "a name twice": (lambda body: json.dumps(body).encode()[:-1] + b', "x": 1, "x": 2}', (400,)),
    "many members": (
        lambda _: b"{" + b",".join(b'"%d":1' % n for n in range(20_000)) + b"}",
        (413,),
    ),
    "2 MB": (lambda _: b'{"x": "' + b"y" * 2_000_000 + b'"}', (413,)),
    "GB18030": (
        lambda body: json.dumps({**body, "x": "中文说明"}, ensure_ascii=False).encode("gb18030"),
        (400,),
    ),
    "UTF-16": (lambda body: json.dumps(body).encode("utf-16"), (400, 415)),
    "a byte order mark": (lambda body: b"\xef\xbb\xbf" + json.dumps(body).encode(), (400,)),
    "nothing": (lambda _: b"", (400, 422)),
    "a list": (lambda _: b"[]", (422,)),
    "a text": (lambda _: f'"{MARK}"'.encode(), (422,)),
    "null": (lambda _: b"null", (422,)),
    "half": (lambda body: json.dumps(body).encode()[:-1], (400,)),
}


@SAMPLE
def test_a_body_that_is_no_proper_json_is_refused(call: Call, world_at: At) -> None:
    world = world_at(call.known.world)
    before = len(events())
    for row, (damage, statuses) in MALFORMED.items():
        answer = raw(world, call, damage(body_of(call, world)))
        assert answer.status_code in statuses, (row, answer.text[:300])
        refused(answer, *statuses)
    assert len(events()) == before


@SAMPLE
def test_another_kind_of_body_is_refused(call: Call, world_at: At) -> None:
    world = world_at(call.known.world)
    body = json.dumps(body_of(call, world)).encode()
    for media in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/json; charset=gbk",
    ):
        refused(raw(world, call, body, **{"content-type": media}), 415)


def test_numbers_are_numbers_within_their_bounds(world_at: At) -> None:
    world = world_at("accounts")
    client = callers.client(world, "applicant")
    for days in (True, 1.0, "30", 0, -1, 91, 2**31, 2**63, 10**30, None, [30]):
        answer = client.post(
            "/api/v1/tokens", json={"name": "令牌", "days": days}, headers=callers.once()
        )
        assert [error["pointer"] for error in refused(answer, 422).json()["errors"]] == [
            "#/days"
        ], days


STRICT = [
    call
    for call in calls()
    if call.path.startswith(API) or call.path.endswith(("/export", "items.{ending}"))
]


@pytest.mark.parametrize("call", a_third(STRICT))
def test_a_parameter_nobody_declared_is_refused_before_anything_else(call: Call) -> None:
    """Nobody is signed in, nothing is there, no body is sent: the slip
    is told first, whoever makes it.
    """
    app = callers.data_app() if call.face == "data" else callers.control_app()
    path = "".join(
        "x" if part.startswith("{") else part for part in re.split(r"(\{\w+\})", call.path)
    )
    answer = refused(TestClient(app).request(call.method, path, params={"is_admin": MARK}), 400)
    (error,) = answer.json()["errors"]
    assert (answer.json()["code"], error["pointer"], error["code"]) == (
        "parameters_refused",
        "#/is_admin",
        "unknown_parameter",
    )


def test_every_route_for_programs_is_strict() -> None:
    """What hands over files for people is too; pages are not: addresses
    of links carry what others append to them.
    """
    apps = callers.control_app(), callers.data_app()
    lenient = {
        context.path
        for context in chain.from_iterable(iter_route_contexts(app.routes) for app in apps)
        if isinstance(context.original_route, APIRoute)
        and not isinstance(context.original_route, StrictRoute)
    }
    assert {call.path for call in STRICT}.isdisjoint(lenient)
    assert len(STRICT) > 50


@pytest.mark.parametrize("name", ["columns", "limit", "filter", "Column"])
def test_a_slip_in_the_data_address_hands_nothing_over(name: str, committed_world: At) -> None:
    world = committed_world("active_grant")
    before = len(events())
    with callers.data_client(world, "applicant") as client:
        answer = refused(
            client.get(f"{API}/grants/{world.grant_no}/data", params={name: "学校名称"}), 400
        )
    (error,) = answer.json()["errors"]
    assert (error["pointer"], "column" in error["fix"]) == (f"#/{name}", True)
    assert len(events()) == before


#: What could be taken for a number, code or id, and is none.
HOSTILE = [
    "%00",
    "REQ-2026-000001%00",
    "%20",
    "'%3B--",
    "..%2F..%2Fetc%2Fpasswd",
    "%25",
    "_",
    "%E2%80%AE",
    "%F0%9F%92%A9",
    "A" * 4_000,
    "%0d%0aset-cookie:x",
    "99999999999999999999999",
    "-1",
    "%ff%fe",
]


@pytest.mark.parametrize(
    "call",
    a_third(call for call in calls() if call.face == "api" and call.is_safe and "{" in call.path),
)
def test_a_hostile_address_finds_nothing(call: Call, world_at: At) -> None:
    world = world_at(call.known.world)
    values = {**call.known.resolved(call.known.path, world)}
    last = call.path[call.path.rindex("{") + 1 : call.path.rindex("}")]
    client = callers.client(world, call.known.who)
    for text in HOSTILE:
        refused(client.get(call.path.format(**{**values, last: text})), 400, 404, 422)


#: List → filters a caller may write anything into.
FILTERS = {
    "/catalog": ("q", "provider"),
    "/deliveries": ("grant_no",),
    "/audit-events": ("stream", "actor", "object", "action"),
    "/requests": ("cursor",),
    "/grants": ("cursor",),
    "/resources": ("cursor",),
    "/elements": ("cursor",),
}
META = [
    "'; DROP TABLE audit_event;--",
    "%",
    "_",
    "\\",
    "a & b | !c:*",
    "<->",
    "\x00",
    "\u202e",
    "(",
    '"',
    "𝒳" * 50,
    "%_%",
]


@pytest.mark.parametrize("path", FILTERS)
def test_signs_of_a_query_language_are_only_signs(path: str, world_at: At) -> None:
    world = world_at("finished_delivery")
    client = callers.client(world, "reviewer" if path == "/audit-events" else "applicant")
    for name, text in product(FILTERS[path], META):
        answer = client.get(API + path, params={name: text})
        assert answer.status_code in (200, 400, 422), (name, answer.text[:300])
        if answer.status_code == 200:
            assert answer.json()["items"] == [], (name, text)
        else:
            refused(answer, 400, 422)


@pytest.mark.parametrize(
    "path",
    ["/elements", "/resources", "/catalog", "/requests", "/grants", "/deliveries", "/audit-events"],
)
def test_a_page_has_bounds_and_its_cursor_a_seal(path: str, world_at: At) -> None:
    world = world_at("finished_delivery")
    client = callers.client(world, "reviewer" if path == "/audit-events" else "applicant")
    for limit in ("0", "-1", "201", "1e3", "99999999999999999999", "x", ""):
        refused(client.get(API + path, params={"limit": limit}), 422)
    for cursor in ("x", "AAAA" * 30, "Z" * 1_001, "=", "é"):
        answer = refused(client.get(API + path, params={"cursor": cursor}), 422)
        assert answer.json()["errors"][0]["pointer"] == "#/cursor"


def test_a_cursor_leads_on_through_its_own_list_only(world_at: At) -> None:
    client = callers.client(world_at("accounts"), "reviewer")
    first = client.get(f"{API}/audit-events", params={"limit": 2, "actor": "system:cli"}).json()
    assert first["next"]
    second = client.get(
        f"{API}/audit-events", params={"limit": 2, "actor": "system:cli", "cursor": first["next"]}
    ).json()
    assert not {item["event_id"] for item in first["items"]} & {
        item["event_id"] for item in second["items"]
    }
    refused(client.get(f"{API}/audit-events", params={"limit": 2, "cursor": first["next"]}), 422)
    edited = first["next"][:-4] + ("AAAA" if first["next"][-4:] != "AAAA" else "BBBB")
    refused(
        client.get(f"{API}/audit-events", params={"actor": "system:cli", "cursor": edited}), 422
    )


def test_markup_is_kept_as_text(world_at: At) -> None:
    world = world_at("accounts")
    name = "<script>alert(1)</script>"
    body = {"name": name, "definition": 'javascript:alert("x")', "data_type": "C"}
    made = callers.client(world, "data_admin").post(
        "/api/v1/elements", json=body, headers=callers.once()
    )
    assert made.status_code == 201
    assert made.json()["name"] == name
    assert made.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/requests/new", "/sign-in"])
def test_a_form_with_characters_that_are_no_text_is_refused(path: str, world_at: At) -> None:
    world = world_at("published_resource")
    client = callers.client(world, None if path == "/sign-in" else "applicant")
    fields = {
        "csrf_token": client.headers.get("x-csrf-token", ""),
        "once_key": "0123456789",
        "account": "applicant\x00",
        "password": "x\x00",
        "resource_code": f"{world.resource_code}\x00",
        "basis": "依据\x00",
    }
    answer = client.post(path, data=fields, headers={"accept": "text/html"})
    assert 400 <= answer.status_code < 500, answer.text[:300]


def test_a_host_nobody_serves_is_refused(world_at: At) -> None:
    client = callers.client(world_at("accounts"), None, host="evil.example")
    assert client.get("/healthz").status_code == 400
