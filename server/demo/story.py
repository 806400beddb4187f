"""The story, step by step, over HTTP: standard → resource → request →
reply → data → new data and a changed entry → revocation → look back.
"""

import time
from collections.abc import Callable

from server.demo.actors import Actor, StoryFailed
from server.demo.life_act import LifeAct
from server.demo.plot import Facts

_TRIES_SECONDS = 0.1


class Story(LifeAct):
    """All acts, and the reviewer who looks back at them."""

    def play(
        self,
        *,
        around: Callable[[], None] = lambda: None,
        before_asking: Callable[[], None] = lambda: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Facts:
        """Every step in order; ``around`` is what other departments have entered before,
        ``before_asking`` is played once the entry is published, and ``meanwhile`` before the
        reviewer looks back at all of it.
        """
        for actor in self.people.values():
            actor.sign_in()
        for step in (
            self.adopt_elements,
            self.name_source,
            around,
            self.register,
            self.attach,
            self.submit,
            self.consent_to_entry,
            self.publish,
            self.search,
            before_asking,
            self.apply,
            self.consent_to_request,
            self.reply,
            self.release,
            self.fetch,
            self.ask_too_much,
            self.renew,
            self.follow,
            self.change,
            self.submit_change,
            self.publish_change,
            self.revoke,
            self.fetch_again,
            meanwhile,
            self.look_back,
        ):
            step()
        return self.facts

    # 9. look back ---------------------------------------------------------------------------------

    def look_back(self) -> None:
        reviewer, path = self.people["reviewer"], "/api/v1/audit-events"
        denied = reviewer.get(path, result="deny")
        self.tell(
            f"筛选被拒绝的操作，共 {len(denied['items'])} 条", reviewer, "/trail?q=result:deny"
        )
        if len(denied["items"]) < 2:
            raise StoryFailed("the refusals are not in the trail")
        self._settle(reviewer)
        answer = reviewer.send("/api/v1/audit-exports", {})
        if answer.status_code not in (200, 201):
            raise StoryFailed(f"the export was answered {answer.status_code}")
        self.facts.export = self.workplace / "trail.jsonl"
        self.facts.export.write_bytes(answer.content)
        self.tell("导出审计轨迹", reviewer, "/trail", note=str(self.facts.export))

    def _settle(self, reviewer: Actor) -> None:
        """List the whole trail until two readings differ by the
        readings' own events only; then count.
        """
        deadline, before = time.monotonic() + 30, -1
        while True:
            counts, own = self._list_all(reviewer)
            others = sum(counts.values()) - counts.get(own, 0)
            if others == before or time.monotonic() > deadline:
                break
            before = others
            time.sleep(_TRIES_SECONDS)
        self.ledger.counts = counts
        self.facts.audit_events = sum(counts.values())

    def _list_all(self, reviewer: Actor) -> tuple[dict[str, int], str]:
        """Counts by stream as the reviewer sees them over HTTP, and the reviewer's own stream."""
        counts: dict[str, int] = {}
        cursor: str | None = None
        own = f"trail:{reviewer.account}"
        reads = 0
        while True:
            query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
            page = reviewer.get("/api/v1/audit-events", **query)
            reads += 1
            for row in page["items"]:
                counts[row["stream"]] = counts.get(row["stream"], 0) + 1
                self.ledger.events[row["event_id"]] = row["leaf_hash"]
            cursor = page["next"]
            if cursor is None:
                break
        # every page read was itself recorded after it was counted, the
        # first one before the rows were read
        counts[own] = max(counts.get(own, 0), self._own_events(reviewer, own))
        return counts, own

    def _own_events(self, reviewer: Actor, own: str) -> int:
        """Highest number of the reviewer's own stream after this very reading."""
        page = reviewer.get("/api/v1/audit-events", stream=own, limit=1)
        return int(page["items"][0]["seq"]) if page["items"] else 0
