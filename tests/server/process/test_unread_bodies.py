"""Bodies before the running control process: read for whoever may send them, at a pace, or left."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from fixtures.database import Cluster
from fixtures.service import Service, running_service

from shuqiao.ids import uuid7

pytestmark = pytest.mark.timeout(300)

WHOLE = 286 * 1_048_576
PART = b'--b0undary\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
FILE = PART % (b"file", b'; filename="a.csv"')
#: A wait of half a second is borne, and 64 kB are a second.
PACE = {
    "SHUQIAO_BODY_GRACE_SECONDS": "1.0",
    "SHUQIAO_BODY_BYTES_PER_SECOND": "65536",
    "SHUQIAO_BODY_SECONDS": "4.0",
}
UPLOADS = 4
#: Every kind of address that takes a body.
WAYS = {
    "a file": ("/api/v1/resources/307001-000001/attachments", "multipart/form-data"),
    "a file of a page": ("/resources/307001-000001/attachments", "multipart/form-data"),
    "a list": ("/api/v1/elements/files", "multipart/form-data"),
    "a notice": ("/calendars/files", "multipart/form-data"),
    "a form": ("/requests/new", "application/x-www-form-urlencoded"),
    "json": ("/api/v1/requests", "application/json"),
}


@pytest.fixture(scope="module")
def service(cluster: Cluster) -> Iterator[Service]:
    with running_service(cluster, **PACE, SHUQIAO_UPLOADS_PER_PERSON=str(UPLOADS)) as running:
        running.people["registrar"].sign_in()
        running.people["data_admin"].sign_in()
        running.story.adopt_elements()
        running.story.register()
        yield running


@pytest.fixture
def uploads(service: Service) -> Callable[[], list[str]]:
    """What lies in the folder of uploads beside what lay there before."""

    def found() -> set[str]:
        folder = Path(service.environment["SHUQIAO_HOME"], "uploads")
        return {path.name for path in folder.iterdir()} if folder.exists() else set()

    before = found()
    return lambda: sorted(found() - before)


@contextmanager
def connection(service: Service, *, seconds: float = 20.0) -> Iterator[socket.socket]:
    address = urlsplit(service.origin)
    where = (str(address.hostname), int(address.port or 0))
    with socket.create_connection(where, timeout=seconds) as opened:
        yield opened


def head(path: str, kind: str, length: int | None, *more: str) -> bytes:
    length_told = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    media = f"{kind}; boundary=b0undary" if kind.startswith("multipart") else kind
    lines = (f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {media}", length_told)
    return "\r\n".join((*lines, f"Idempotency-Key: {uuid7().hex}", *more, "", "")).encode()


def answer(opened: socket.socket) -> tuple[int, bytes]:
    """Status and all that came until the other side hung up."""
    said = b""
    try:
        while part := opened.recv(65_536):
            said += part
    except ConnectionResetError:
        pass
    return (int(said.split(b" ", 2)[1]) if said else 0), said


def session_of(service: Service, part: str) -> tuple[str, str]:
    """Its cookie and form token as header lines."""
    with httpx2.Client(base_url=service.origin) as http:
        body = {"account": service.account(part), "password": service.password(part)}
        opened = http.post("/api/v1/sessions", json=body).raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        return f"Cookie: {cookie}", opened.json()["csrf_token"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "who", [(), ("Cookie: sq=nobody",), ("Authorization: Bearer sq_nobody",)], ids=len
)
def test_nobody_unknown_sends_more_than_64_kib(
    service: Service, uploads: Callable[[], list[str]], way: str, who: tuple[str, ...]
) -> None:
    """The head, then no more than 64 KiB are sent; the answer comes all the same, then the end."""
    path, kind = WAYS[way]
    length = WHOLE if kind.startswith("multipart") else 1_000_000
    with connection(service) as opened:
        opened.sendall(head(path, kind, length, *who))
        opened.sendall((FILE if length == WHOLE else b"a=") + b"x" * 65_536)
        status, said = answer(opened)
    assert status in (401, 303), said[:300]  # pages lead to the sign-in
    assert status == 401 or b"location: /sign-in" in said
    assert b"connection: close" in said
    assert uploads() == []


@pytest.mark.parametrize(
    ("part", "status"), [("applicant", 404), ("head", 403)], ids=["not to be known", "no right"]
)
@pytest.mark.parametrize("is_page", [False, True], ids=["program", "page"])
def test_who_has_no_right_is_told_before_the_file(
    service: Service,
    uploads: Callable[[], list[str]],
    part: str,
    status: int,
    is_page: bool,
) -> None:
    cookie, token = session_of(service, part)
    path = WAYS["a file of a page" if is_page else "a file"][0]
    first = PART % (b"csrf_token", b"") + token.encode() + b"\r\n" + FILE
    with connection(service) as opened:
        opened.sendall(head(path, "multipart/form-data", WHOLE, cookie))
        opened.sendall(first + b"x" * 65_536)
        found, said = answer(opened)
    assert (found, b"connection: close" in said) == (status, True), said[:500]
    assert uploads() == []


def test_the_form_token_stands_before_the_file(
    service: Service, uploads: Callable[[], list[str]]
) -> None:
    cookie, _token = session_of(service, "registrar")
    with connection(service) as opened:
        opened.sendall(head(WAYS["a file of a page"][0], "multipart/form-data", WHOLE, cookie))
        opened.sendall(FILE + b"x" * 65_536)
        status, said = answer(opened)
    assert status == 403, said[:500]
    assert uploads() == []


def test_more_than_allowed_is_refused_by_its_length(service: Service) -> None:
    cookie, token = session_of(service, "registrar")
    with connection(service) as opened:
        more = (cookie, f"X-CSRF-Token: {token}")
        opened.sendall(head(WAYS["a file"][0], "multipart/form-data", 1 << 30, *more))
        status, _said = answer(opened)
    assert status == 413


def test_who_goes_on_writing_still_reads_the_answer(service: Service) -> None:
    """A client that sends all before it reads, as most do."""

    def pieces() -> Iterator[bytes]:
        yield FILE
        for _each in range(286):
            yield b"x" * 1_048_576

    headers = {"content-type": "multipart/form-data; boundary=b0undary"}
    started = time.monotonic()
    said = httpx2.post(service.origin + WAYS["a file"][0], content=pieces(), headers=headers)
    assert said.status_code == 401
    assert time.monotonic() - started < 5


def test_whoever_may_sends_a_file_at_a_fair_pace(
    service: Service, uploads: Callable[[], list[str]]
) -> None:
    content = FILE + b"a,b\n" + b"1,2\n" * 40_000 + b"\r\n--b0undary--\r\n"
    cookie, token = session_of(service, "registrar")
    with connection(service) as opened:
        more = (cookie, f"X-CSRF-Token: {token}", "Connection: close")
        opened.sendall(head(WAYS["a file"][0], "multipart/form-data", len(content), *more))
        for at in range(0, len(content), 40_960):
            time.sleep(0.3)
            opened.sendall(content[at : at + 40_960])
        status, said = answer(opened)
    assert status == 201, said
    kept = json.loads(said.partition(b"\r\n\r\n")[2])["id"].replace("-", "")
    assert uploads() == [kept]


@pytest.mark.parametrize("burst", [0, 300_000], ids=["from the start", "after a fast beginning"])
@pytest.mark.parametrize("way", ["a file", "json"])
def test_a_body_that_drips_is_cut(
    service: Service, uploads: Callable[[], list[str]], way: str, burst: int
) -> None:
    path, kind = WAYS[way]
    cookie, token = session_of(service, "registrar")
    started = time.monotonic()
    with connection(service) as opened:
        more = (cookie, f"X-CSRF-Token: {token}")
        opened.sendall(head(path, kind, 900_000, *more))
        opened.sendall((FILE if way == "a file" else b"[") + b" " * burst)
        opened.settimeout(0.2)
        said = b""
        while not said and time.monotonic() - started < 15:
            try:
                said = opened.recv(65_536)
            except TimeoutError:
                opened.sendall(b"x")
    assert int(said.split(b" ", 2)[1]) == 408, said
    assert b"connection: close" in said
    assert time.monotonic() - started < 3.5
    assert uploads() == []


def test_all_of_a_body_has_its_time(service: Service, uploads: Callable[[], list[str]]) -> None:
    """Fast enough all the time, and never done."""
    cookie, token = session_of(service, "registrar")
    started = time.monotonic()
    with connection(service) as opened:
        more = (cookie, f"X-CSRF-Token: {token}")
        opened.sendall(head(WAYS["a file"][0], "multipart/form-data", 100_000_000, *more) + FILE)
        said = b""
        opened.settimeout(0.1)
        while not said and time.monotonic() - started < 15:
            try:
                said = opened.recv(65_536)
            except TimeoutError:
                opened.sendall(b"x" * 16_384)
    assert int(said.split(b" ", 2)[1]) == 408
    assert 3.5 < time.monotonic() - started < 7
    assert uploads() == []


def test_who_says_nothing_more_is_not_waited_for(service: Service) -> None:
    with connection(service) as opened:
        opened.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        started = time.monotonic()
        status, _said = answer(opened)
    assert (status, time.monotonic() - started < 8) == (200, True)


def test_one_account_sends_some_files_at_once(
    service: Service, uploads: Callable[[], list[str]]
) -> None:
    """One more is told to wait, before its file is read; nothing of any is left."""
    cookie, token = session_of(service, "registrar")
    head_of = head(
        WAYS["a file"][0], "multipart/form-data", 900_000, cookie, f"X-CSRF-Token: {token}"
    )

    def send(_number: int) -> int:
        with connection(service) as opened:
            opened.sendall(head_of.replace(b"Key: ", b"Key: %d" % _number) + FILE + b"x" * 600_000)
            return answer(opened)[0]

    with ThreadPoolExecutor(UPLOADS + 1) as pool:
        assert sorted(pool.map(send, range(UPLOADS + 1))) == [408] * UPLOADS + [429]
    assert uploads() == []
