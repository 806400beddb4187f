"""One connection to a control process: after any answer, the next request is answered too."""

import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest
from fixtures import callers
from fixtures.processes import eventually, free_ports, surroundings
from fixtures.streaming import wait_ready
from fixtures.warm_roles import WarmRole
from fixtures.world import Worlds
from fixtures.worlds import World

from auth.identify import cookie_name
from auth.sessions.service import sessions
from tests.server.process.test_bodies import BODIES, CUT, FORM, PARTS

pytestmark = pytest.mark.timeout(300)
NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(slots=True)
class Served:
    """A control process over a world that commits."""

    port: int
    world: World
    log_file: Path

    def logged(self) -> list[str]:
        """Events so far, as the log names them."""
        lines = self.log_file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["event"] for line in lines]

    @contextmanager
    def connected(self) -> Iterator["Kept"]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.connect()
        connection.auto_open = 0  # never a second one: a closed connection is an error
        try:
            yield Kept(connection)
        finally:
            connection.close()

    def credentials(self, account: str) -> dict[str, str]:
        cookie = self.world.cookies[account]
        return {"cookie": f"{cookie_name()}={cookie}", "x-csrf-token": sessions.csrf_token(cookie)}


@dataclass(slots=True)
class Kept:
    """One connection, opened once."""

    connection: http.client.HTTPConnection

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = NONE
    ) -> int:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status

    def is_alive(self) -> bool:
        """Asked after a moment, in which the other side could have closed."""
        time.sleep(0.05)
        return self.ask("GET", "/healthz") == 200


@pytest.fixture(scope="module")
def control(
    worlds: Worlds, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    log_file = tmp_path_factory.mktemp("control") / "log"
    with worlds.cloned("draft_resource") as world:
        port = free_ports()[0]
        url = world.url.render_as_string(hide_password=False)
        environment = surroundings(home, SHUQIAO_DATABASE_URL=url, SHUQIAO_PORT=str(port))
        process = WarmRole("control", environment, stderr=log_file)
        try:
            wait_ready(f"http://127.0.0.1:{port}", seconds=120)
            yield Served(port, world, log_file)
        finally:
            process.terminate()
            process.wait(30)


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
        another = b'{"account": "registrar", "password": "x"}'  # those tries counted, too
        assert kept.ask("POST", "/api/v1/sessions", another, media) == 401


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
def test_a_body_that_nobody_reads_leaves_the_connection_usable(control: Served, media: str) -> None:
    """Longer than any buffer on the way; the answer is out before the body is in."""
    path = f"/api/v1/resources/{control.world.resource_code}/attachments"
    with control.connected() as kept:
        assert kept.ask("POST", path, b"x" * 900_000, {"content-type": media}) == 401
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
