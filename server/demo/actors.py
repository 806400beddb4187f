"""The people of the story as HTTP clients. Every answer's event receipts go into one ledger."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from shuqiao.ids import uuid7


class StoryFailed(Exception):
    """A step of the story did not end as it must."""


@dataclass(slots=True)
class Ledger:
    """What the story was told over HTTP: the receipts of events, and at
    the end how many events each stream has.
    """

    events: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, answer: httpx2.Response) -> str:
        """Keep the receipts of one answer (body or headers); gives the
        id of the step's own event, or "".
        """
        headers, body = answer.headers, self._body(answer)
        if "shuqiao-event-id" in headers:
            self.events[headers["shuqiao-event-id"]] = headers["shuqiao-leaf-hash"]
        for event in body.get("events", []):
            self.events[event["event_id"]] = event["leaf_hash"]
        return str(body.get("event_id") or headers.get("shuqiao-event-id", ""))

    def write(self, file: Path) -> None:
        """The expectation for ``shuqiao audit verify --expect``."""
        events = [
            {"event_id": identity, "leaf_hash": leaf} for identity, leaf in self.events.items()
        ]
        file.write_text(json.dumps({"events": events, "counts": self.counts}), encoding="utf-8")

    @staticmethod
    def _body(answer: httpx2.Response) -> dict[str, Any]:
        is_json = (
            answer.headers.get("content-type", "").partition(";")[0].endswith(("/json", "+json"))
        )
        body = answer.json() if is_json else {}
        return body if isinstance(body, dict) else {}


@dataclass(slots=True)
class Actor:
    """One signed-in person.

    Requests are tried again with the same key when the service is away for a moment.
    """

    account: str
    password: str
    name: str
    origin: str
    ledger: Ledger
    http: httpx2.Client = field(init=False)
    patience_seconds: float = 20.0
    csrf_token: str = ""
    last_event: str = ""

    def __post_init__(self) -> None:
        self.http = httpx2.Client(
            base_url=self.origin, timeout=15.0, headers={"accept-language": "zh-CN"}
        )

    def sign_in(self) -> None:
        answer = self._send(
            "POST", "/api/v1/sessions", json={"account": self.account, "password": self.password}
        )
        self.csrf_token = self._wanted(answer, 201)["csrf_token"]

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self._wanted(self._send("GET", path, params=query), 200)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        success: int = 201,
        files: Any = None,
    ) -> dict[str, Any]:
        """A step: its own Idempotency-Key, ``If-Match`` for ``version``; raises ``StoryFailed``
        unless ``success``.
        """
        return self._wanted(self.send(path, body, version=version, files=files), success)

    def put(self, path: str, body: Mapping[str, Any], *, version: int) -> dict[str, Any]:
        """Replace what ``path`` says; raises ``StoryFailed`` unless it is taken."""
        headers = {"if-match": f'"v{version}"'}
        return self._wanted(self._send("PUT", path, headers=headers, json=body), 200)

    def send(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        files: Any = None,
    ) -> httpx2.Response:
        headers = {"idempotency-key": uuid7().hex}
        if version is not None:
            headers["if-match"] = f'"v{version}"'
        payload: dict[str, Any] = (
            {"files": files} if files else {"json": body} if body is not None else {}
        )
        return self._send("POST", path, headers=headers, **payload)

    def wait(
        self, path: str, wanted: str | int, member: str = "status", *, seconds: float = 60.0
    ) -> dict[str, Any]:
        """Poll until ``member`` is ``wanted``."""
        deadline = time.monotonic() + seconds
        while (found := self.get(path))[member] != wanted:
            if time.monotonic() > deadline:
                raise StoryFailed(f"{path}: {member} is {found[member]}, not {wanted}")
            time.sleep(0.1)
        return found

    def _send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {**options.pop("headers", {}), "x-csrf-token": self.csrf_token}
        deadline = time.monotonic() + self.patience_seconds
        while True:
            try:
                answer = self.http.request(method, path, headers=headers, **options)
            except httpx2.TransportError as error:
                if time.monotonic() > deadline:
                    raise StoryFailed(f"{method} {path}: {error}") from error
            else:
                if not _is_away(answer) or time.monotonic() > deadline:
                    self.last_event = self.ledger.note(answer)
                    return answer
            time.sleep(0.2)

    def _wanted(self, answer: httpx2.Response, status: int) -> dict[str, Any]:
        if answer.status_code != status:
            asked = f"{answer.request.method} {answer.request.url.path}"
            raise StoryFailed(f"{self.name}: {asked}: {answer.status_code} {answer.text}")
        return dict(answer.json())


def _is_away(answer: httpx2.Response) -> bool:
    """Whether to try again: the service is away, or still busy with the same request of a
    connection that broke.
    """
    if answer.status_code == 409:
        return "idempotency_key_running" in answer.text
    return answer.status_code in (502, 503)
