"""Values for the examples of the document: the routes' own examples,
played on a world that never was.

Examples are declared on the routes (``@example``); where they ask their world for a number or an
id, they get the ones from here. So the document shows what the tests send.
"""

from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from server.reference.facts import RouteFacts


def _sample(number: int) -> UUID:
    return UUID(f"019a9e5c-0000-7000-8000-{number:012d}")


@dataclass(frozen=True, slots=True)
class SampleWorld:
    """The names that examples may ask a world for, with plausible values."""

    resource_code: str = "307001-000001"
    resource_id: UUID = field(default_factory=lambda: _sample(1))
    item_ids: tuple[UUID, ...] = field(default_factory=lambda: (_sample(11), _sample(12)))
    attachment_id: UUID = field(default_factory=lambda: _sample(21))
    token_id: UUID = field(default_factory=lambda: _sample(31))
    event_id: UUID = field(default_factory=lambda: _sample(41))
    element_identifier: str = "DE-000001"
    request_no: str = "REQ-2026-000001"
    grant_no: str = "GR-2026-000001"
    delivery_no: str = "DL-2026-000001"
    job_number: int = 1

    def account(self, key: str) -> str:
        return f"gongan.{key}"

    def password(self, key: str) -> str:
        return "……"


WORLD: Final = SampleWorld()
#: Examples of parameters that no route's example sends.
PARAMETERS: Final[dict[str, Any]] = {
    "limit": 50,
    "cursor": None,
    "status": None,
    "q": "学校",
    "if-none-match": '"v1"',
    "version": 1,
    "idempotency-key": "20261122-0001",
    "if-match": '"v1"',
    "grant_no": WORLD.grant_no,
    "from": "2026-02-01",
    "to": "2026-02-28",
    "action": "exchange:request:approved",
    "actor": "gongan.shenqing",
    "result": "allow",
    "stream": WORLD.request_no,
    "object": WORLD.grant_no,
    "provider": ["11150000009900021B"],
    "share_type": ["conditional"],
    "state": None,
    "unread": True,
    "column": ["学校名称"],
}


def path_value(facts: RouteFacts, name: str) -> Any:
    """The example's value of a path parameter."""
    return facts.example.resolved(facts.example.path, WORLD).get(name)


def body_of(facts: RouteFacts) -> Any:
    """The example's body; None when there is none."""
    return facts.example.resolved(facts.example.body, WORLD)


def parameter(facts: RouteFacts, name: str, where: str) -> Any:
    """An example for a parameter; None when none would help."""
    if where == "path":
        return path_value(facts, name)
    sent = facts.example.resolved(facts.example.query, WORLD)
    return sent.get(name, PARAMETERS.get(name))
