"""All of a request that is not its body is bounded, in the running processes of both HTTP roles."""

import asyncio
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import repeat
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn
from fixtures.service import Service
from starlette.types import Receive, Scope, Send

from server.process import bounded_http
from server.process.bounded_http import HEAD_SECONDS, LIMIT, MOST_HEADERS, BoundedHttp, PacedHttp

pytestmark = pytest.mark.timeout(300)

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
#: What comes first, and what then comes on and on.
ENDLESS = {
    "header value": (GET + b"A: ", b"a"),
    "headers": (GET, b"Name: %s\r\n" % (b"v" * 1_000)),
    "url": (b"GET /", b"u"),
    "header name": (GET, b"n"),
    "trailers": (POST + b"0\r\n", b"T: %s\r\n" % (b"v" * 1_000)),
    "chunk extension": (POST + b"1;", b"e"),
    "empty lines": (b"", b"\r\n"),
    "method": (b"", b"M"),
}


class Connection:
    """A connection of our own to ``origin``, to say anything on."""

    def __init__(self, origin: str, *, seconds: float = 10.0) -> None:
        address = urlsplit(origin)
        self.socket = socket.create_connection(
            (str(address.hostname), int(address.port or 0)), timeout=seconds
        )

    def said(self, *parts: bytes) -> bytes:
        """What came back until the other side hung up; TimeoutError if it does not."""
        with suppress(ConnectionError):
            for part in parts:
                self.socket.sendall(part)
        answer = b""
        with suppress(ConnectionError):
            while part := self.socket.recv(65_536):
                answer += part
        self.socket.close()
        return answer


def origins(service: Service) -> dict[str, str]:
    ports = {"control": "SHUQIAO_PORT", "data": "SHUQIAO_DATA_PORT"}
    return {role: f"http://127.0.0.1:{service.environment[port]}" for role, port in ports.items()}


@pytest.fixture(params=["control", "data"])
def origin(request: pytest.FixtureRequest, service: Service) -> str:
    return origins(service)[request.param]


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


@contextmanager
def watched(origin: str) -> Iterator[Callable[[], float]]:
    """Asks for ``/healthz`` all the time on its own connection; gives the longest wait."""
    waits, begun, done = [0.0], threading.Event(), threading.Event()

    def ask() -> None:
        with httpx2.Client(base_url=origin, timeout=60.0) as client:
            while not done.is_set():
                started = time.perf_counter()
                assert client.get("/healthz").status_code == 200
                waits.append(time.perf_counter() - started)
                begun.set()

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        assert begun.wait(10)
        yield lambda: max(waits)
        done.set()
        asking.result()


@pytest.mark.parametrize("kind", ENDLESS)
def test_what_has_no_end_is_refused_after_64_to_128_kib(origin: str, kind: str) -> None:
    first, further = ENDLESS[kind]
    seconds = []
    for _try in range(3):
        connection = Connection(origin)
        attack = first + further * (2 * LIMIT // len(further) + 1)
        started = time.perf_counter()
        answer = connection.said(attack)
        seconds.append(time.perf_counter() - started)
        assert status_of(answer) != 200
    assert min(seconds) < 0.1, seconds


def test_the_refusal_says_what_is_allowed(origin: str) -> None:
    answer = Connection(origin).said(GET + b"A: " + b"a" * LIMIT)
    assert status_of(answer) == 431
    assert str(LIMIT).encode() in answer
    assert b"aaa" not in answer


def test_a_header_of_100_mb_stops_nobody(origin: str) -> None:
    with watched(origin) as longest_wait:
        started = time.perf_counter()
        said = [
            Connection(origin).said(GET + b"A: ", *repeat(b"a" * 1_000_000, 100))
            for _try in range(10)
        ]
        seconds = time.perf_counter() - started
    assert {status_of(answer) for answer in said} <= {431, 0}  # 0: the reset overtook the answer
    assert seconds < 3.0
    assert longest_wait() < 0.5


def test_a_head_just_below_the_limit_is_answered(origin: str) -> None:
    fill = LIMIT - len(GET) - len(b"A: \r\nConnection: close\r\n\r\n")
    assert (
        status_of(
            Connection(origin).said(GET, b"A: " + b"a" * fill, b"\r\nConnection: close\r\n\r\n")
        )
        == 200
    )


def test_headers_are_counted(origin: str) -> None:
    end = b"Connection: close\r\n\r\n"
    assert status_of(Connection(origin).said(GET + b"a:\r\n" * (MOST_HEADERS - 2) + end)) == 200
    assert status_of(Connection(origin).said(GET + b"a:\r\n" * (MOST_HEADERS - 1) + end)) == 431


@pytest.mark.parametrize(
    "more",
    [
        b"Host: 127.0.0.1\r\n",
        b"Content-Length: 1\r\nContent-Length: 2\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        b"No colon\r\n",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(origin: str, more: bytes) -> None:
    assert status_of(Connection(origin).said(GET + more + b"\r\n")) == 400


def test_many_requests_on_one_connection_are_one_after_the_other(origin: str) -> None:
    fill = b"A: " + b"a" * 1_000 + b"\r\n"
    last = GET + b"Connection: close\r\n\r\n"
    answer = Connection(origin).said((GET + fill + b"\r\n") * 300 + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 301


def test_who_drips_a_head_is_not_waited_for(service: Service) -> None:
    def drip(origin: str, first: bytes) -> tuple[int, float]:
        connection, started = Connection(origin, seconds=HEAD_SECONDS + 10), time.monotonic()

        def slowly() -> Iterator[bytes]:
            yield first
            while first and time.monotonic() < started + HEAD_SECONDS - 1:
                time.sleep(1)
                yield b"a"

        return status_of(connection.said(*slowly())), time.monotonic() - started

    with ThreadPoolExecutor(4) as pool:
        ways = [
            (origin, first) for origin in origins(service).values() for first in (GET + b"A: ", b"")
        ]
        ended = list(pool.map(lambda way: drip(*way), ways))
    assert [status for status, _seconds in ended] == [408, 0] * 2
    assert all(HEAD_SECONDS - 0.5 < seconds < HEAD_SECONDS + 3 for _status, seconds in ended)


def test_a_stray_line_end_does_not_cut_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old clients send one behind a form. This answer takes longer than a head may, here 0.2 s."""
    monkeypatch.setattr(bounded_http, "HEAD_SECONDS", 0.2)

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.6)
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
        )
        await send({"type": "http.response.body"})

    server = uvicorn.Server(
        uvicorn.Config(slow, http=BoundedHttp, ws="none", lifespan="off", log_config=None)
    )
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        running = pool.submit(server.run, [listening])
        connection = Connection(f"http://127.0.0.1:{listening.getsockname()[1]}")
        connection.socket.sendall(GET + b"Connection: close\r\n\r\n")
        time.sleep(0.1)
        answer = connection.said(b"\r\n")
        server.should_exit = True
        running.result()
    assert status_of(answer) == 200


@pytest.mark.parametrize("takes", [0, 500_000], ids=["nothing", "enough"])
def test_who_takes_no_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, takes: int) -> None:
    """The answer is larger than all buffers; it is taken not at all, or piece by piece for longer
    than a single wait may be.
    """
    monkeypatch.setattr(bounded_http, "ANSWER_SECONDS", 2.0 if takes else 0.5)
    whole = 40_000_000

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        length = (b"content-length", str(whole).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        for _each in range(40):
            await send({"type": "http.response.body", "body": b"x" * 1_000_000, "more_body": True})
        await send({"type": "http.response.body"})

    server = uvicorn.Server(
        uvicorn.Config(large, http=PacedHttp, ws="none", lifespan="off", log_config=None)
    )
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        running = pool.submit(server.run, [listening])
        connection = Connection(f"http://127.0.0.1:{listening.getsockname()[1]}")
        connection.socket.sendall(GET + b"Connection: close\r\n\r\n")
        begun, said = time.monotonic(), 0
        while takes and time.monotonic() < begun + 2.5:
            said += len(connection.socket.recv(takes))
            time.sleep(0.1)
        time.sleep(0 if takes else 1.2)
        said += len(connection.said())
        server.should_exit = True
        running.result()
    assert (said > whole) == bool(takes), said


def test_trailers_are_not_taken_for_headers(service: Service) -> None:
    """A trailer comes behind what a proxy has checked: as a header it would be believed."""
    registrar = service.people["registrar"]
    registrar.sign_in()
    cookie = "; ".join(f"{name}={value}" for name, value in registrar.http.cookies.items())
    ask = "GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    ask += "Connection: close\r\n"
    name = f"Cookie: {cookie}\r\n"
    said = [
        Connection(service.origin).said(whole.encode())
        for whole in (f"{ask}{name}\r\n0\r\n\r\n", f"{ask}\r\n0\r\n{name}\r\n")
    ]
    assert [status_of(answer) for answer in said] == [200, 401]


def test_a_body_of_20_mb_arrives_whole(service: Service) -> None:
    service.people["registrar"].sign_in()
    service.people["data_admin"].sign_in()
    service.story.adopt_elements()
    service.story.register()
    line = "0123456789,内蒙古自治区,呼和浩特市,第一中学\n".encode()
    content = "代码,省,市,名称\n".encode() + line * (20_000_000 // len(line))
    path = f"/api/v1/resources/{service.story.facts.resource_code}/attachments"
    made = service.people["registrar"].post(path, files={"file": ("大.csv", content, "text/csv")})
    kept = service.story.workplace / "uploads" / made["id"].replace("-", "")
    assert hashlib.sha256(kept.read_bytes()).digest() == hashlib.sha256(content).digest()
