"""A real HTTP server over real sockets that answers as a test says: the
service when it misbehaves or breaks off.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs

import uvicorn

STREAM = "application/vnd.apache.arrow.stream"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back.

    ``pieces``: one body chunk each. ``is_cut``: the connection dies after the last one.
    """

    status: int = 200
    pieces: Sequence[bytes] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False


Handler = Callable[[Seen], Answer]


class Cut(Exception):
    """Makes uvicorn drop the connection in the middle of a body."""


def answer(document: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer."""
    named = {
        "content-type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Answer(status, [json.dumps(document, ensure_ascii=False).encode()], named)


def problem(status: int, code: str, **members: Any) -> Answer:
    """A problem as the service words it."""
    body = {
        "type": f"/problems/{code}",
        "title": code,
        "status": status,
        "code": code,
        "request_id": "r-1",
        **members,
    }
    headers = {
        "content-type": "application/problem+json",
        **({"retry-after": "1"} if status == 503 else {}),
    }
    return Answer(status, [json.dumps(body, ensure_ascii=False).encode()], headers)


class StandIn:
    """Answers by method and path: one answer for ever, or several in turn, the last one staying."""

    def __init__(self) -> None:
        self.origin = ""
        self.seen: list[Seen] = []
        self._answers: dict[tuple[str, str], list[Answer | Handler]] = {}

    def forget(self) -> None:
        """Back to the beginning, for the next test."""
        self.seen.clear()
        self._answers.clear()

    def on(self, method: str, path: str, *answers: Answer | Handler) -> None:
        self._answers[method, "/api/v1" + path] = list(answers)

    def requests(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == "/api/v1" + path]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        body, message = b"", await receive()
        while True:
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
            message = await receive()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        seen = Seen(
            scope["method"], scope["path"], parse_qs(scope["query_string"].decode()), headers, body
        )
        self.seen.append(seen)
        await self._send(self._next(seen), send)

    def _next(self, seen: Seen) -> Answer:
        waiting = self._answers.get((seen.method, seen.path))
        if not waiting:
            return problem(404, "not_found")
        found = waiting[0] if len(waiting) == 1 else waiting.pop(0)
        return found if isinstance(found, Answer) else found(seen)

    async def _send(self, found: Answer, send: Any) -> None:
        headers = [(name.encode(), value.encode()) for name, value in found.headers.items()]
        await send({"type": "http.response.start", "status": found.status, "headers": headers})
        for piece in found.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if found.is_cut:
            raise Cut
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@contextmanager
def running() -> Iterator[StandIn]:
    """A stand-in on a port of its own."""
    app = StandIn()
    with serving(app) as app.origin:
        yield app


@contextmanager
def serving(app: Any, *, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """An application on a port of its own, in a thread; gives its
    origin and drains it at the end.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, lifespan=lifespan, log_level="critical", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline and thread.is_alive(), "the server does not start"
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()
