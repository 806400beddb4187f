"""Bad neighbours all at once, as a process of its own: ``python -m bench.crowd`` with a JSON object
on standard input (:class:`Aim`), until standard input ends. Prints what each kind was answered.
"""

import asyncio
import json
import secrets
import socket
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlsplit

READER_BYTES_PER_SECOND: Final = 500
_JSON: Final = "Content-Type: application/json\r\n"


@dataclass(frozen=True, slots=True)
class Aim:
    """Where they go, as whom, and how many of each kind."""

    control: str
    data: str
    cookie: str
    csrf_token: str
    token: str
    grant_no: str
    heads: int = 200
    readers: int = 200
    uploads: int = 20
    upload_bytes: int = 8 * 1_048_576
    fetches: int = 40
    passwords: int = 5

    def to_json(self) -> str:
        return json.dumps(asdict(self))


class Crowd:
    """All of them. ``answers``: kind → status (0: cut without one; 599: a 503 or 507 that does not
    say when to come again) → how often.
    """

    def __init__(self, aim: Aim) -> None:
        self.aim = aim
        self.answers: dict[str, Counter[int]] = {}

    async def run(self) -> None:
        aim = self.aim
        ways: list[tuple[str, int, Callable[[int], Awaitable[bytes]]]] = [
            ("dripping heads", aim.heads, self._drip_a_head),
            ("slow readers", aim.readers, self._read_slowly),
            ("uploads", aim.uploads, self._upload),
            ("fetches", aim.fetches, self._fetch),
            ("wrong passwords", aim.passwords, self._guess),
        ]
        tasks = [
            asyncio.create_task(self._again(kind, way, number))
            for kind, count, way in ways
            for number in range(count)
        ]
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(self, kind: str, way: Callable[[int], Awaitable[bytes]], number: int) -> None:
        found = self.answers.setdefault(kind, Counter())
        await asyncio.sleep(number * 0.01)
        while True:
            answer = b""
            with suppress(OSError, EOFError):
                answer = await way(number)
            status = int(answer[9:12]) if answer[:5] == b"HTTP/" else 0
            if status in (503, 507) and b"\nretry-after:" not in answer.lower():
                status = 599
            found[status] += 1
            await asyncio.sleep(0.05 if status < 400 and status else 0.5)

    async def _drip_a_head(self, number: int) -> bytes:
        reader, writer = await _opened(self.aim.control if number % 2 else self.aim.data)
        try:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: ")
            for _each in range(60):
                with suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        return await reader.read(4_096)
                writer.write(b"a")
            return b""
        finally:
            writer.transport.abort()

    async def _read_slowly(self, number: int) -> bytes:
        if number % 2:
            where, what = self.aim.control, _ask("GET", "/api/v1/openapi.json")
        else:
            where, what = self.aim.data, self._asked_for_data()
        reader, writer = await _opened(where, receives=4_096)
        try:
            writer.write(what)
            part = first = await reader.read(READER_BYTES_PER_SECOND)
            while part:
                await asyncio.sleep(1.0)
                part = await reader.read(READER_BYTES_PER_SECOND)
            return first
        finally:
            writer.transport.abort()

    async def _upload(self, _number: int) -> bytes:
        size = self.aim.upload_bytes
        head = b"--b0undary\r\nContent-Disposition: form-data; "
        head += b'name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
        end = b"\r\n--b0undary--\r\n"
        more = (
            f"Cookie: {self.aim.cookie}\r\nX-CSRF-Token: {self.aim.csrf_token}\r\n"
            "Content-Type: multipart/form-data; boundary=b0undary\r\n"
            f"Idempotency-Key: {secrets.token_hex(8)}\r\n"
            f"Content-Length: {len(head) + size + len(end)}\r\n"
        )
        path = "/api/v1/collection-checks/files?title=a&kind=form"
        reader, writer = await _opened(self.aim.control)
        try:
            writer.write(_ask("POST", path, more) + head)
            answer = asyncio.create_task(reader.read())
            with suppress(OSError):  # cut: the answer has come before
                for _each in range(0, size, 65_536):
                    if answer.done():
                        break
                    writer.write(b"x" * 65_536)
                    await writer.drain()
                    await asyncio.sleep(0.03)
                writer.write(end)
            return await answer
        finally:
            writer.transport.abort()

    async def _fetch(self, _number: int) -> bytes:
        return await _whole(self.aim.data, self._asked_for_data())

    async def _guess(self, number: int) -> bytes:
        body = json.dumps({"account": f"nobody.{number}", "password": "wrong-horse-7"}).encode()
        more = f"{_JSON}Content-Length: {len(body)}\r\n"
        return await _whole(self.aim.control, _ask("POST", "/api/v1/sessions", more) + body)

    def _asked_for_data(self) -> bytes:
        path = f"/api/v1/grants/{self.aim.grant_no}/data"
        return _ask("GET", path, f"Authorization: Bearer {self.aim.token}\r\n")


def _ask(method: str, path: str, more: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n"
    return head.encode()


async def _whole(origin: str, request: bytes) -> bytes:
    """The beginning of an answer that is read to its end."""
    reader, writer = await _opened(origin)
    try:
        writer.write(request)
        first = await reader.read(4_096)
        while await reader.read(262_144):
            pass
        return first
    finally:
        writer.transport.abort()


async def _opened(
    origin: str, *, receives: int = 0
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(origin)
    opened = socket.socket()
    opened.setblocking(False)
    if receives:  # before the connection: its window is told at the beginning
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(opened, (str(address.hostname), int(address.port or 0)))
    return await asyncio.open_connection(sock=opened, limit=max(2 * receives, 8_192))


async def main() -> None:
    crowd = Crowd(Aim(**json.loads(sys.stdin.readline())))
    await crowd.run()
    print(json.dumps({kind: dict(found) for kind, found in crowd.answers.items()}))


if __name__ == "__main__":
    asyncio.run(main())
