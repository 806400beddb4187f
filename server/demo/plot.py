"""What every act of the story has: people, samples, the facts so far, and somebody who listens."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.demo.actors import Actor, Ledger

Say = Callable[[str, str, str, str], None]


@dataclass(slots=True)
class Facts:
    """What the story came to know; numbers for the closing line, addresses for a reader."""

    #: Name of a value domain → its identifier.
    domains: dict[str, str] = field(default_factory=dict)
    resource_code: str = ""
    attachment_id: str = ""
    item_ids: dict[str, str] = field(default_factory=dict)
    #: The demand that the story's request is made for.
    demand_no: str = ""
    request_no: str = ""
    grant_no: str = ""
    token: str = ""
    due_on: str = ""
    steps: int = 0
    rows: int = 0
    bytes: int = 0
    export: Path | None = None
    audit_events: int = 0


class Plot:
    """Plays with eight people. ``say(step, who, page, note)`` tells a reader what happened."""

    def __init__(
        self, people: Mapping[str, Actor], samples: Path, workplace: Path, ledger: Ledger, say: Say
    ) -> None:
        self.people, self.samples, self.workplace, self.ledger = people, samples, workplace, ledger
        self._say, self.facts = say, Facts()
        self.script = tomllib.loads((samples / "story.toml").read_text(encoding="utf-8"))
        departments = tomllib.loads((samples / "departments.toml").read_text(encoding="utf-8"))
        self.departments = {entry["key"]: entry for entry in departments["department"]}
        self.codes = {key: entry["code"] for key, entry in self.departments.items()}

    def tell(
        self,
        what: str,
        actor: Actor,
        page: str,
        *,
        note: str = "",
        event: str | None = None,
        who: str = "",
    ) -> None:
        self.facts.steps += 1
        shown = actor.last_event if event is None else event
        self._say(
            f"{self.facts.steps:>2}. {what}" + (f"（{note}）" if note else ""),
            who or actor.name,
            page,
            shown,
        )

    def request_for(self, code: str, names: Sequence[str]) -> dict[str, Any]:
        """What the script says of a request, for these items of an entry."""
        said = json.loads(json.dumps(self.script["request"], default=str))
        entry = self.people["applicant"].get(f"/api/v1/catalog/{code.replace('/', '-')}")
        ids = {item["name"]: item["id"] for item in entry["items"]}
        del said["items"]
        said["share_way"] = entry["share_way"] or said["share_way"]
        return {**said, "resource_code": code, "item_ids": [ids[name] for name in names]}

    def request_page(self) -> str:
        return f"/requests/{self.facts.request_no}"
