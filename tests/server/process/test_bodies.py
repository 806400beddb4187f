"""Bodies of every kind at every address that takes one: read once or refused, never a fault."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest
from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from fixtures import callers
from fixtures.routes import Call, a_third, calls, events, path_of
from fixtures.worlds import World
from httpx2 import Response
from starlette.types import Message

from auth.identify import cookie_name
from auth.sessions.service import sessions
from shuqiao.web.bodies import takes_files
from shuqiao.web.forms import read_form

At = Callable[[str], World]
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
NAMED: Final = b'Content-Disposition: form-data; name="file"; filename="a.csv"'
PART: Final = b"--b0undary\r\n" + NAMED + b"\r\n\r\ncode,name\r\n1,2\r\n"
TOKEN: Final = b'--b0undary\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%s\r\n'
WHOLE: Final = PART + b"--b0undary--\r\n"
#: What is sent: content type (None: none is told) and bytes.
BODIES: Final[Mapping[str, tuple[str | None, bytes]]] = {
    "a form": (FORM, b"file=a&title=b"),
    "a form in capitals": (FORM.upper(), b"file=a&title=b"),
    "no content type": (None, b"file=a&title=b"),
    "json": ("application/json", b"{}"),
    "parts in capitals": (f"{PARTS.upper()}; boundary=b0undary", WHOLE),
    "parts without a boundary": (PARTS, WHOLE),
    "parts cut between two": (f"{PARTS}; boundary=b0undary", PART + b"--b0undary\r\n"),
    "parts cut in the middle of one": (f"{PARTS}; boundary=b0undary", PART),
    "parts without an end": (f"{PARTS}; boundary=b0undary", PART + b"--b0undary"),
    "nothing, said to be parts": (f"{PARTS}; boundary=b0undary", b""),
}
CUT: Final = frozenset(
    name for name in BODIES if name.startswith(("parts cut", "parts without", "nothing"))
)
TAKING: Final = [
    call for call in calls() if call.example and not call.is_safe and call.face != "data"
]
FILES: Final = [call for call in TAKING if takes_files(call.path)]
#: Those that want nothing beside the file.
FILES_ALONE: Final = [call for call in FILES if call.path.endswith("/attachments")]
FORMS: Final = [call for call in TAKING if call.face == "page" and call not in FILES]


def test_files_are_taken_where_the_edge_knows_of_it() -> None:
    assert [call.path for call in TAKING if call.known.files] == [call.path for call in FILES]
    assert FILES


@pytest.fixture
def play(world_at: At, committed_world: At) -> Callable[[Call], World]:
    """The world of a call; an export reads in a transaction of its own, beside the request."""

    def enter(call: Call) -> World:
        at = committed_world if call.path.endswith("exports") else world_at
        return at(call.known.world)

    return enter


def sent(world: World, call: Call, kind: str, *, is_told: bool = True, **headers: str) -> Response:
    """``is_told``: token and key stand in headers, as programs send them; else in the form."""
    media, body = BODIES[kind]
    told = {} if media is None else {"content-type": media}
    client = callers.client(world, call.known.who)  # raises what the application raises
    accept = "text/html" if call.face == "page" else "application/json"
    told |= {"accept": accept, **(callers.once() if is_told else {}), **headers}
    return client.request(call.method, path_of(call, world), content=body, headers=told)


def answers(world: World, call: Call) -> Iterator[tuple[str, Response]]:
    for kind in BODIES:
        yield kind, sent(world, call, kind)


def test_these_are_the_routes_that_take_files() -> None:
    assert sorted(map(str, FILES)) == [
        "POST /api/v1/calendars/{year}/files",
        "POST /api/v1/collection-checks/files",
        "POST /api/v1/domains/{identifier}/editions/files",
        "POST /api/v1/elements/files",
        "POST /api/v1/list-templates/{no}/files",
        "POST /api/v1/lists/{kind}/returned",
        "POST /api/v1/resources/{code}/attachments",
        "POST /calendars/files",
        "POST /collection-checks/files",
        "POST /domains/{identifier}/editions/files",
        "POST /elements/files",
        "POST /list-templates/{no}/files",
        "POST /lists/{kind}/returned",
        "POST /resources/{code}/attachments",
    ]


@pytest.mark.parametrize("call", FILES_ALONE, ids=str)
def test_a_route_of_files_takes_multipart_and_nothing_else(call: Call, world_at: At) -> None:
    world = world_at(call.known.world)
    before = len(events())
    for kind, answer in answers(world, call):
        if kind == "parts in capitals":
            assert answer.status_code == call.known.success, answer.text
            assert len(events()) == before + 1
            continue
        assert answer.status_code == (400 if kind in CUT else 415), (kind, answer.text)
    assert len(events()) == before + 1, "what was refused left nothing"
    refused = sent(world, call, "a form", accept="application/json").json()
    assert refused["code"] == "unsupported_media"
    assert "multipart/form-data" in refused["detail"]


@pytest.mark.parametrize("call", FILES, ids=str)
def test_nothing_is_read_of_a_file_nobody_may_send(call: Call, world_at: At) -> None:
    world = world_at(call.known.world)
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for _each in range(1_000):
            read += 1
            yield b"x" * 1_000

    headers = {"content-type": f"{PARTS}; boundary=b0undary"}
    visitor, path = callers.client(world, None), path_of(call, world)
    answer = visitor.post(path, content=pieces(), headers=headers)
    assert (answer.status_code, read) == (401, 0)
    visitor.cookies.set(cookie_name(), "a session that nobody has")
    answer = visitor.post(path, content=pieces(), headers=headers)
    assert (answer.status_code, read) == (401, 0)


@pytest.mark.parametrize(
    "call", [call for call in FILES if call.known.forbidden or call.known.stranger], ids=str
)
def test_of_a_file_nobody_asked_for_only_what_says_who_sends_it_is_read(
    call: Call, world_at: At
) -> None:
    """Signed in and without the right: up to the first file, and nothing is written."""
    world = world_at(call.known.world)
    without = call.known.forbidden or call.known.stranger
    assert without is not None
    cookie = world.cookies[without]
    token = TOKEN % sessions.csrf_token(cookie).encode()
    status, pieces = played(call, path_of(call, world), cookie, token + PART)
    assert (status in (403, 404), pieces) == (True, 1 if call.face == "page" else 0), status


def played(call: Call, path: str, cookie: str, first: bytes) -> tuple[int, int]:
    """The status, and how many pieces of an endless body were read; its first is ``first``."""
    statuses: list[int] = []
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {
            "type": "http.request",
            "body": first if read == 1 else b"x" * 999,
            "more_body": True,
        }

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    headers = {
        "host": "testserver",
        "content-type": f"{PARTS}; boundary=b0undary",
        "cookie": f"{cookie_name()}={cookie}",
        **callers.once(),
    }
    if call.face != "page":
        headers["x-csrf-token"] = sessions.csrf_token(cookie)
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": call.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
        "client": ("testclient", 1),
        "server": ("testserver", 80),
        "state": {},
    }
    callers.event_loop().call(callers.control_app(), scope, receive, send)
    return statuses[0], read


@pytest.mark.parametrize("call", a_third(FORMS))
def test_a_route_of_forms_takes_forms_and_nothing_else(
    call: Call, play: Callable[[Call], World]
) -> None:
    world = play(call)
    for kind, answer in answers(world, call):
        assert answer.status_code < 500, (kind, answer.text[:500])
        if kind in CUT and takes_fields(call):
            assert answer.status_code == 400, kind
    for kind in CUT if call.path != "/sign-out" else ():  # whose first answer ended the session
        assert sent(world, call, kind, is_told=False).status_code == 400, kind


def takes_fields(call: Call) -> bool:
    """Whether the route itself reads its form; of a form that is a button alone nothing is read
    when the headers say who sends it.
    """

    def reads(dependant: Dependant) -> bool:
        return any(each.call is read_form or reads(each) for each in dependant.dependencies)

    return any(
        reads(route.original_route.dependant)
        for route in iter_route_contexts(callers.control_app().routes)
        if isinstance(route.original_route, APIRoute)
        and route.path == call.path
        and call.method in (route.methods or ())
    )


@pytest.mark.parametrize("call", a_third(call for call in TAKING if call not in FILES + FORMS))
def test_a_route_of_json_refuses_forms(call: Call, play: Callable[[Call], World]) -> None:
    world = play(call)
    takes_json = call.known.body is not None
    for kind, answer in answers(world, call):
        assert answer.status_code < 500, (kind, answer.text[:500])
        if takes_json and kind not in ("json", "nothing, said to be parts"):
            assert answer.status_code == 415, (kind, answer.text)


def test_no_route_lets_the_framework_read_its_form() -> None:
    """It would read the body before who sends it is known, and a second time."""
    bodies: dict[str, Any] = {
        route.path: route.original_route.body_field
        for route in iter_route_contexts(callers.control_app().routes)
        if isinstance(route.original_route, APIRoute)
    }
    read = [
        path for path, body in bodies.items() if body and isinstance(body.field_info, params.Form)
    ]
    assert read == []
