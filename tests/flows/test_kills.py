"""Random SIGKILLs of control, data, worker, decoders and PostgreSQL while people work, one of them
uploads, and a reader fetches without pause.

The people repeat a request with the same Idempotency-Key when the service is away. In the end
nothing that was acknowledged is lost, nothing is doubled, nothing is stuck, and every fetch was
whole or visibly cut. With ``SHUQIAO_KILL_SEED`` the same kills come in the same order again (what
they hit depends on the machine); ``SHUQIAO_KILLS`` changes their number: so many of each process.
"""

import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pytest
from fixtures.counts import tries
from fixtures.killing import KILLS, TARGETS, Killer
from fixtures.processes import (
    PROGRAM,
    Tree,
    eventually,
    processes_of,
    public_home,
    serving,
    surroundings,
)

from exchange.requests.lifecycle import LIFECYCLE
from server.demo.actors import Actor, Ledger
from server.demo.fetching import Fetched
from server.demo.plot import Facts
from server.demo.running import CAST
from server.demo.story import Story
from shuqiao.embedded import EmbeddedPostgres
from shuqiao_client import Client, Profile, ShuqiaoError
from shuqiao_client.errors import ReceiptDiffers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(tries(1_200, long=5_400))]
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
#: The reader's table is so many times the sample, so that kills strike
#: in the middle of its streams.
COPIES = 400
SETTLED_SECONDS = 60.0
_CUT = (ShuqiaoError, pa.ArrowException, duckdb.Error, OSError)


class Patient(Actor):
    """A person who waits as long as it takes."""

    def wait(
        self, path: str, wanted: str | int, member: str = "status", *, seconds: float = 240.0
    ) -> dict[str, Any]:
        return super().wait(path, wanted, member, seconds=seconds)


class Stubborn(Story):
    """The story, whose fetches are begun again when they are cut or
    refused because the service is away.
    """

    def _fetch(self, columns: list[str] | None = None) -> Fetched:
        deadline = time.monotonic() + 240
        while True:
            try:
                found = super()._fetch(columns)
            except ReceiptDiffers:
                raise
            except _CUT as cut:
                found = Fetched(status=0, detail=str(cut))
            if found.status not in (0, 502, 503) or time.monotonic() > deadline:
                return found
            time.sleep(0.3)


@dataclass(slots=True)
class Reader:
    """Fetches one grant again and again; notes how every fetch ended."""

    origin: str
    token: str
    grant_no: str
    rows: int
    ledger: Ledger
    whole: list[str] = field(default_factory=list)
    cut: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def run(self, done: threading.Event) -> None:
        while not done.wait(0.2):
            try:
                self._fetch()
            except ReceiptDiffers as error:
                self.wrong.append(str(error))
            except _CUT as error:
                self.cut[getattr(error, "code", type(error).__name__)] += 1

    def _fetch(self) -> None:
        with (
            Client(Profile(self.origin, self.token)) as client,
            client.grant(self.grant_no).fetch() as stream,
        ):
            table = stream.read_all()
        receipt = stream.receipt
        if receipt is None or table.num_rows != self.rows or receipt.rows != self.rows:
            self.wrong.append(f"{stream.delivery_no}: {table.num_rows} rows without an error")
            return
        self.ledger.events[receipt.event_id] = receipt.leaf_hash
        self.whole.append(stream.delivery_no)


@dataclass(slots=True)
class Town:
    """The running service, its people, and a superuser's view of its database."""

    tree: Tree
    people: dict[str, Actor]
    ledger: Ledger
    folder: Path
    scratch: Path
    rounds: int = 0

    def story(self, samples: Path = SAMPLES) -> Stubborn:
        return Stubborn(self.people, samples, self.folder, self.ledger, lambda *_told: None)

    def play_round(self) -> Stubborn:
        """A resource from registration to revocation, everything but
        the standard and the looking back.
        """
        story = self.story()
        story.facts = Facts()
        self.rounds += 1
        for step in (
            story.register,
            story.attach,
            story.submit,
            story.consent_to_entry,
            story.publish,
            story.apply,
            story.consent_to_request,
            story.reply,
            story.release,
            story.fetch,
            story.ask_too_much,
            story.revoke,
            story.fetch_again,
        ):
            step()
        return story

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with EmbeddedPostgres(self.tree.home) as server:
            url = server.superuser_url.set(drivername="postgresql").render_as_string(
                hide_password=False
            )
            with psycopg.connect(url, autocommit=True) as connection:
                return connection.execute(query.encode()).fetchall()

    def shuqiao(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [*PROGRAM, "server.cli", *words]
        return subprocess.run(
            command, env=surroundings(self.tree.home), stdout=subprocess.PIPE, text=True
        )


@pytest.fixture(scope="module")
def town(migrated_home: Path) -> Iterator[Town]:
    with public_home(migrated_home) as home, tempfile.TemporaryDirectory() as scratch:
        yield from _inhabited(home, Path(scratch))


def _inhabited(home: Path, scratch: Path) -> Iterator[Town]:
    with serving(home, SHUQIAO_LOG_LEVEL="warning", TMPDIR=str(scratch)) as tree:
        town = Town(tree, {}, Ledger(), home.parent, scratch)
        departments = str(SAMPLES / "departments.toml")
        assert town.shuqiao("department", "add", "--from", departments).returncode == 0
        words = (
            "user",
            "add",
            "--from",
            str(SAMPLES / "accounts.toml"),
            "--departments",
            departments,
            "--json",
        )
        accounts = {entry["account"]: entry for entry in json.loads(town.shuqiao(*words).stdout)}
        tree.wait_ready("control", "data")
        for part, account in CAST.items():
            person = accounts[account]
            town.people[part] = Patient(
                account,
                person["password"],
                person["name"],
                tree.url("control"),
                town.ledger,
                patience_seconds=240.0,
            )
        yield town
        for actor in town.people.values():
            actor.http.close()


def test_nothing_is_lost_doubled_or_stuck_when_processes_are_killed(town: Town) -> None:
    seed = int(os.environ.get("SHUQIAO_KILL_SEED", "0")) or random.SystemRandom().randrange(
        1, 1_000_000
    )
    print(f"SHUQIAO_KILL_SEED={seed} SHUQIAO_KILLS={KILLS}")
    reader = _prepared_reader(town)
    killer, done = Killer(town.tree, seed), threading.Event()
    threads = [threading.Thread(target=each.run, args=(done,)) for each in (killer, reader)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    try:
        while not done.is_set():
            town.play_round()
    finally:
        done.set()
        for thread in threads:
            thread.join(120)
    print(
        f"{dict(killer.struck)} in {time.monotonic() - started:.0f} s; {town.rounds} rounds;"
        f" fetches whole {len(reader.whole)}, cut {dict(reader.cut)}, wrong {len(reader.wrong)}"
    )

    assert killer.struck == dict.fromkeys(TARGETS, KILLS)
    town.tree.wait_ready("control", "data")
    waiting = _leave_one_waiting(town)
    _assert_settled(town)
    _assert_fetches(town, reader)
    _assert_states_follow_events(town)
    _assert_numbers(town)
    _assert_waiting(town, waiting)
    _assert_jobs_ended_once(town)
    _assert_home(town)
    _assert_verified(town)
    _assert_log(town)
    assert town.tree.end() == 0
    assert processes_of(town.tree.home) == {}


def _prepared_reader(town: Town) -> Reader:
    """A grant on a large table, before the first kill."""
    samples = town.folder / "samples"
    shutil.copytree(SAMPLES, samples)
    header, *lines = (SAMPLES / "schools.csv").read_bytes().splitlines(keepends=True)
    many = [b"%d%s" % (copy, line) for copy in range(COPIES) for line in lines]
    (samples / "schools.csv").write_bytes(header + b"".join(many))
    script = (SAMPLES / "story.toml").read_text(encoding="utf-8")
    script = script.replace("rows = 249", f"rows = {249 * COPIES}").replace(
        "rows = 100", f"rows = {100 * COPIES}"
    )
    (samples / "story.toml").write_text(script, encoding="utf-8")
    story = town.story(samples)
    for actor in town.people.values():
        actor.sign_in()
    for step in (
        story.adopt_elements,
        story.register,
        story.attach,
        story.submit,
        story.consent_to_entry,
        story.publish,
        story.apply,
        story.consent_to_request,
        story.reply,
        story.release,
        story.fetch,
    ):
        step()
    town.rounds += 1
    origin = town.people["applicant"].origin
    return Reader(origin, story.facts.token, story.facts.grant_no, 100 * COPIES, town.ledger)


def _leave_one_waiting(town: Town) -> str:
    """A request that waits for the approver at the end."""
    story = town.story()
    for step in (
        story.register,
        story.attach,
        story.submit,
        story.consent_to_entry,
        story.publish,
        story.apply,
        story.consent_to_request,
    ):
        step()
    town.rounds += 1
    return story.facts.request_no


def _assert_settled(town: Town) -> None:
    """After a minute at most nothing runs any more that nobody runs."""
    stuck = {
        "jobs": "SELECT id, task_name, status, attempts FROM jobs.procrastinate_jobs WHERE status "
        "IN ('todo', 'doing')"
        " AND coalesce(scheduled_at, '-infinity') < now() - interval '15 seconds' AND NOT EXISTS "
        "(SELECT FROM"
        " jobs.procrastinate_events e WHERE e.job_id = procrastinate_jobs.id AND e.at > now() - "
        "interval '15 seconds')",
        "deliveries": "SELECT delivery_no FROM delivery WHERE status = 'running'",
        "grants": "SELECT grant_no FROM share_grant WHERE status = 'pending_delivery'",
        "transactions": "SELECT pid, state FROM pg_stat_activity WHERE state LIKE 'idle in "
        "transaction%'"
        " AND state_change < now() - interval '5 seconds'",
    }
    left: dict[str, Any] = {}

    def nothing_left() -> bool:
        left.clear()
        left.update({name: found for name, query in stuck.items() if (found := town.rows(query))})
        return not left

    assert eventually(nothing_left, seconds=SETTLED_SECONDS), left
    assert (
        town.rows("SELECT task_name, attempts FROM jobs.procrastinate_jobs WHERE status = 'failed'")
        == []
    )


def _assert_fetches(town: Town, reader: Reader) -> None:
    assert reader.wrong == [], "never a short table without an error"
    assert reader.whole, "some got through"
    finished = dict(town.rows("SELECT delivery_no, rows FROM delivery WHERE status = 'finished'"))
    assert {number: finished.get(number) for number in reader.whole} == dict.fromkeys(
        reader.whole, reader.rows
    )


def _assert_states_follow_events(town: Town) -> None:
    """Every row's state is where its events lead, step by step; no row
    without events, no events without a row.
    """
    events: dict[str, list[dict[str, Any]]] = {}
    for (canon,) in town.rows("SELECT canon FROM audit_event ORDER BY stream, seq"):
        event = json.loads(bytes(canon))
        events.setdefault(event["stream"], []).append(event)
    for prefix, query in (
        ("REQ-", "SELECT request_no, status FROM share_request"),
        ("GR-", "SELECT grant_no, status FROM share_grant"),
        ("DL-", "SELECT delivery_no, status FROM delivery"),
    ):
        led = {
            stream: _followed(found)
            for stream, found in events.items()
            if stream.startswith(prefix)
        }
        assert led == dict(town.rows(query)), prefix
    acts = Counter(
        event["act"] for found in events.values() for event in found if event["res"] != "deny"
    )
    rounds = town.rounds
    for act, wanted in {
        "catalog:resource:registered": rounds,
        "catalog:resource:published": rounds,
        "exchange:request:created": rounds,
        "exchange:request:submitted": rounds,
        "exchange:grant:issued": rounds - 1,
        "exchange:grant:activated": rounds - 1,
        "exchange:grant:revoked": rounds - 2,
    }.items():
        assert acts[act] == wanted, (act, acts[act], wanted)


def _followed(events: list[dict[str, Any]]) -> str | None:
    """The state that a stream's changes lead to; each must begin where the one before ended."""
    state: str | None = None
    for event in events:
        change = event.get("chg")
        if change is not None and change.get("from") != change.get("to"):
            assert change.get("from") == state, event
            state = change["to"]
    return state


def _assert_numbers(town: Town) -> None:
    """Public numbers of requests and grants run without a gap; those of
    deliveries are single (one may be given up).
    """
    for table, column in (("share_request", "request_no"), ("share_grant", "grant_no")):
        numbers = sorted(
            int(number.rsplit("-", 1)[1])
            for (number,) in town.rows(f"SELECT {column} FROM {table}")
        )
        assert numbers == list(range(1, len(numbers) + 1)), table


def _assert_jobs_ended_once(town: Town) -> None:
    """Each job of the story was finished, and finished once."""
    ends = (
        "SELECT job_id, count(*) FROM jobs.procrastinate_events"
        " WHERE type IN ('succeeded', 'failed', 'cancelled', 'aborted')"
        " GROUP BY job_id HAVING count(*) > 1"
    )
    assert town.rows(ends) == []
    made = dict(
        town.rows(
            "SELECT task_name, count(*) FROM jobs.procrastinate_jobs"
            " WHERE status = 'succeeded' GROUP BY task_name"
        )
    )
    assert made["exchange.deliveries.prove"] == town.rounds - 1
    assert made["catalog.resources.make_snapshot"] == town.rounds
    statuses = dict(town.rows("SELECT status, count(*) FROM attachment GROUP BY status"))
    assert set(statuses) == {"stored"}, "no file was refused for what befell its decoder"


def _assert_home(town: Town) -> None:
    """Nobody's half of anything is left: each file belongs to a row, and nothing is unfinished."""
    snapshots = {path.name for path in (town.tree.home / "snapshots").iterdir()}
    known = {name for (name,) in town.rows("SELECT DISTINCT snapshot_id FROM attachment")}
    assert snapshots == known
    decoding = town.tree.home / "decoding"
    assert not decoding.exists() or list(decoding.iterdir()) == []
    uploads = {path.name for path in (town.tree.home / "uploads").iterdir()}
    kept = {identity.hex for (identity,) in town.rows("SELECT id FROM attachment")}
    assert kept <= uploads
    # One that was killed between file and row: the person sent it again.
    print(f"uploads without a row: {len(uploads - kept)}")
    assert [path.name for path in town.scratch.iterdir()] == [], "among the temporary files"


def _assert_waiting(town: Town, request_no: str) -> None:
    """Whatever waits has somebody who knows."""
    words = ", ".join(f"'{status}'" for status in LIFECYCLE.waiting())
    waiting = {
        number
        for (number,) in town.rows(
            f"SELECT request_no FROM share_request WHERE status IN ({words})"
        )
    }
    known = {number for (number,) in town.rows("SELECT case_no FROM todo WHERE done_at IS NULL")}

    assert waiting == {request_no}
    assert waiting <= known


def _assert_verified(town: Town) -> None:
    export, expectation = town.folder / "trail.jsonl", town.folder / "expected.json"
    town.ledger.write(expectation)
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    assert len(expected["events"]) > 15 * (town.rounds - 1)
    expectation.write_text(json.dumps({"events": expected["events"]}), encoding="utf-8")

    assert town.shuqiao("audit", "export", str(export)).returncode == 0
    verified = town.shuqiao("audit", "verify", str(export), "--expect", str(expectation))

    assert verified.returncode == 0, verified.stdout
    print(verified.stdout.strip())


def _assert_log(town: Town) -> None:
    """No process met what it had not expected: every failure was taken
    for the absence that it was.
    """
    assert [line for line in town.tree.log().splitlines() if not line.startswith("{")] == [], (
        "a line that is no JSON"
    )
    lines = town.tree.lines()
    print(dict(Counter(f"{line['role']} {line['event']}"[:60] for line in lines)))

    assert [
        line for line in lines if line["level"] == "critical" or line["event"] == "unexpected"
    ] == []
