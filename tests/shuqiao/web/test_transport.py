"""What a fault does to the connection it happened on, before a real server."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from fixtures.browser import served
from starlette.types import Message, Receive, Scope, Send

from shuqiao.web.transport import KeptConnection


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers five bytes of nine, all of them at once or in two parts, and fails behind them."""
    if scope["type"] != "http":
        return
    length = (b"content-length", b"9")
    start: Message = {"type": "http.response.start", "status": 200, "headers": [length]}
    if scope["path"] == "/before":
        raise RuntimeError("before anything")
    await send(start)
    await send({"type": "http.response.body", "body": b"01234", "more_body": True})
    if scope["path"] == "/within":
        raise RuntimeError("in the middle")
    await send({"type": "http.response.body", "body": b"5678"})
    if scope["path"] == "/after":
        raise RuntimeError("after the answer")


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    with served(KeptConnection(broken)) as origin:
        address = urlsplit(origin)
        opened = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
        opened.connect()
        opened.auto_open = 0
        yield opened
        opened.close()


def asked(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    return connection.getresponse().read()


def test_a_fault_after_the_answer_keeps_the_connection(
    connection: http.client.HTTPConnection,
) -> None:
    for path in ("/after", "/after", "/well"):
        assert asked(connection, path) == b"012345678"


def test_an_answer_broken_off_half_way_is_seen_as_such(
    connection: http.client.HTTPConnection,
) -> None:
    with pytest.raises(http.client.IncompleteRead):
        asked(connection, "/within")


def test_a_fault_before_the_answer_is_the_server_s_to_answer(
    connection: http.client.HTTPConnection,
) -> None:
    connection.request("GET", "/before")
    assert connection.getresponse().status == 500
