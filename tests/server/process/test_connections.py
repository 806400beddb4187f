"""One connection to a control process: after any answer, the next request is answered too."""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures import callers
from fixtures.control_process import Served, served
from fixtures.processes import eventually
from fixtures.world import Worlds

from tests.server.process.test_bodies import BODIES, CUT, FORM, PARTS

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def control(
    worlds: Worlds, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    log_file = tmp_path_factory.mktemp("control") / "log"
    with served(worlds, home, "draft_resource", log_file) as running:
        yield running


def test_a_fault_of_ours_costs_the_caller_one_request_and_no_more(
    control: Served, worlds: Worlds
) -> None:
    media = {"content-type": "application/json"}
    body = b'{"account": "applicant", "password": "x"}'
    with control.connected() as kept:
        assert kept.ask("POST", "/api/v1/sessions", body, media) == 401
        with worlds.as_superuser(control.world) as superuser:
            superuser.execute("ALTER TABLE app_user RENAME TO elsewhere")
        try:
            for _each in range(3):
                assert kept.ask("POST", "/api/v1/sessions", body, media) == 500
                assert kept.is_alive()
        finally:
            with worlds.as_superuser(control.world) as superuser:
                superuser.execute("ALTER TABLE elsewhere RENAME TO app_user")
        assert kept.ask("POST", "/api/v1/sessions", body, media) == 401


@pytest.mark.parametrize("face", ["/api/v1", ""], ids=["api", "page"])
def test_a_body_of_any_kind_leaves_the_connection_usable(control: Served, face: str) -> None:
    path = f"{face}/resources/{control.world.resource_code}/attachments"
    success = 201 if face else 303
    with control.connected() as kept:
        for kind, (media, body) in BODIES.items():
            told = {} if media is None else {"content-type": media}
            headers = control.credentials("registrar") | callers.once() | told
            status = kept.ask("POST", path, body, headers)
            expected = 400 if kind in CUT else success if kind == "parts in capitals" else 415
            assert (kind, status) == (kind, expected)
            assert kept.is_alive(), kind


@pytest.mark.parametrize("media", [FORM, f"{PARTS}; boundary=b0undary", "application/json"])
def test_a_body_that_nobody_reads_ends_the_connection_behind_its_answer(
    control: Served, media: str
) -> None:
    """Longer than any buffer on the way; the answer is out before the body is in, and says so."""
    path = f"/api/v1/resources/{control.world.resource_code}/attachments"
    with control.connected() as kept:
        kept.connection.request("POST", path, b"x" * 200_000, {"content-type": media})
        answer = kept.connection.getresponse()
        assert (answer.status, answer.headers["connection"]) == (401, "close")
        assert json.loads(answer.read())["code"] == "not_signed_in"
        with pytest.raises(http.client.NotConnected):
            kept.is_alive()
    with control.connected() as another:
        assert another.is_alive()


def test_a_body_that_came_with_its_head_leaves_the_connection_usable(control: Served) -> None:
    """Nobody reads it either, and nothing of it is left on the way."""
    path = f"/api/v1/resources/{control.world.resource_code}/attachments"
    with control.connected() as kept:
        for media in (FORM, f"{PARTS}; boundary=b0undary", "application/json"):
            lines = (
                f"POST {path} HTTP/1.1",
                "host: 127.0.0.1",
                f"content-type: {media}",
                "content-length: 900",
            )
            kept.connection.sock.sendall("\r\n".join((*lines, "", "x" * 900)).encode())
            with http.client.HTTPResponse(kept.connection.sock, method="POST") as answer:
                answer.begin()
                assert (answer.status, bool(answer.read())) == (401, True)
            assert kept.is_alive()


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/sign-in", FORM),
        ("/sign-in", f"{PARTS}; boundary=b0undary"),
        ("/api/v1/sessions", "application/json"),
    ],
)
def test_who_leaves_in_the_middle_of_a_body_is_no_fault_of_ours(
    control: Served, path: str, media: str
) -> None:
    before = control.logged()
    with socket.create_connection(("127.0.0.1", control.port)) as connection:
        lines = (
            f"POST {path} HTTP/1.1",
            "host: 127.0.0.1",
            f"content-type: {media}",
            "content-length: 99",
        )
        connection.sendall("\r\n".join((*lines, "", "--b0undary")).encode())
    assert eventually(lambda: "caller_left" in control.logged()[len(before) :], seconds=20)
    assert "unexpected" not in control.logged()[len(before) :]
