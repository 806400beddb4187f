"""Real workers: one with another key works on nothing and says so; when the one that leads is
killed, the other goes on; two that start at once are not in each other's way.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fixtures.database import clock_was_read, run_sql
from fixtures.keyed import Installed
from fixtures.processes import eventually, free_ports, surroundings
from fixtures.warm_roles import WarmRole
from sqlalchemy import text

from exchange.deliveries.service.recording import MEET
from shuqiao import db, keys
from shuqiao.jobs import enqueue

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
#: Which of the two workers leads the sweeps: the number of its process is in its log.
LEADS = "leads_sweeps"


@dataclass(slots=True)
class Working:
    """A worker with its port and its log."""

    process: WarmRole
    origin: str
    log: Path

    def told(self) -> tuple[int, dict[str, Any]]:
        try:
            answer = httpx2.get(f"{self.origin}/readyz", timeout=10)
        except httpx2.TransportError:
            return 0, {}
        return answer.status_code, answer.json()

    def lines(self) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        said = self.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in said if line.startswith("{") and line.endswith("}")]

    def has_said(self, event: str) -> bool:
        return any(line["event"] == event for line in self.lines())


@contextmanager
def working(installed: Installed, home: Path, name: str, **changed: str) -> Iterator[Working]:
    port, log = free_ports()[0], installed.folder / f"{name}.log"
    environment = surroundings(
        home,
        SHUQIAO_DATABASE_URL=installed.url,
        SHUQIAO_WORKER_PORT=str(port),
        SHUQIAO_CLOCK_CHECK_SECONDS="0.2",
        SHUQIAO_SWEEP_SECONDS="0.5",
        **changed,
    )
    process = WarmRole("worker", environment, stderr=log)
    try:
        yield Working(process, f"http://127.0.0.1:{port}", log)
    finally:
        process.kill()
        process.wait()


def scalar(statement: str) -> int:
    with db.reading() as session:
        return int(session.connection().execute(text(statement)).scalar_one() or 0)


def has_worked() -> bool:
    return scalar("SELECT count(*) FROM sweep WHERE ended_at IS NOT NULL") > 0 or done() > 0


def done() -> int:
    return scalar("SELECT count(*) FROM jobs.procrastinate_jobs WHERE status <> 'todo'")


@pytest.mark.parametrize("wrong", ["missing", "another"])
def test_one_without_the_registered_key_works_on_nothing_and_says_so(
    installed: Installed, wrong: str
) -> None:
    with installed.machine():
        right = keys.key("csrf")
    home = installed.folder / "one"
    file = home / "keys" / "csrf"
    file.unlink()
    if wrong == "another":
        file.write_bytes(b"x" * 32)
    with db.unit_of_work() as session:
        enqueue(session, MEET, delivery_no="DL-2026-999999")
    with working(installed, home, "worker") as worker:
        assert eventually(lambda: worker.told()[0] == 503)
        assert eventually(lambda: "csrf" in worker.told()[1]["causes"].get("keys", ""))
        assert eventually(lambda: worker.has_said("installation_unfit"))
        (said, *_) = [each for each in worker.lines() if each["event"] == "installation_unfit"]
        assert said["keys"] == {"csrf": "missing" if wrong == "missing" else "other"}
        assert not eventually(has_worked, seconds=5)

        file.write_bytes(right)

        assert eventually(lambda: worker.told()[0] == 200), worker.told()
        assert eventually(lambda: done() == 1)
        assert eventually(has_worked)


def test_when_the_one_that_leads_is_killed_the_other_runs_what_is_due(
    installed: Installed,
) -> None:
    clock_was_read("7 hours")
    home = installed.folder / "one"
    with working(installed, home, "a") as first, working(installed, home, "b") as second:
        both = (first, second)
        assert eventually(lambda: all(each.told()[0] == 200 for each in both))
        assert eventually(lambda: any(each.has_said(LEADS) for each in both))
        leading, other = both if first.has_said(LEADS) else both[::-1]
        assert not other.has_said(LEADS)
        ended = "SELECT count(*) FROM sweep WHERE task = 'server.process.upkeep' AND ended_at > {}"
        assert eventually(lambda: scalar(ended.format("'2000-01-01'")) == 1)

        os.kill(leading.process.pid, signal.SIGKILL)
        killed = time.monotonic()
        leading.process.wait(30)
        run_sql(
            "UPDATE sweep SET ended_at = '2020-01-01', next_at = now()"
            " WHERE task = 'server.process.upkeep'"
        )

        assert eventually(lambda: other.has_said(LEADS), seconds=20)
        print(f"leads {time.monotonic() - killed:.1f} s after the kill")
        assert eventually(lambda: scalar(ended.format("'2020-01-02'")) == 1, seconds=20)
        print(f"has run what was due {time.monotonic() - killed:.1f} s after the kill")


def test_two_that_start_at_once_are_not_in_each_others_way(installed: Installed) -> None:
    """On a database that no worker has seen: keys, home, sweeps and queue are all new."""
    home = installed.folder / "one"
    with working(installed, home, "a") as first, working(installed, home, "b") as second:
        both = (first, second)
        assert eventually(lambda: all(each.told()[0] == 200 for each in both))
        assert eventually(lambda: any(each.has_said(LEADS) for each in both))
        assert eventually(
            lambda: scalar("SELECT count(*) FROM sweep WHERE ended_at IS NULL") == 0
        ), [each.lines()[-5:] for each in both]
        bad = [
            line
            for each in both
            for line in each.lines()
            if line.get("level") not in ("info", None)
        ]
        assert bad == []
