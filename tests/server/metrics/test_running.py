"""A really running service, scraped: what it tells, what the alert rules and the dashboard ask of
it, and that a database which is locked holds up no scrape.
"""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import yaml
from fixtures.processes import eventually, free_ports, surroundings
from fixtures.streaming import wait_ready
from fixtures.warm_roles import WarmRole
from fixtures.world import Worlds
from fixtures.worlds import World
from prometheus_client.parser import text_string_to_metric_families

from server.process.role import PORTS, ROLES

pytestmark = pytest.mark.timeout(300)
ROOT: Final = Path(__file__).resolve().parents[3]
MONITORING: Final = ROOT / "deploy" / "monitoring"
OPERATIONS: Final = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PROMTOOL: Final = shutil.which("promtool")
#: Names of Prometheus itself.
ITS_OWN: Final = frozenset({"up"})
ITS_LABELS: Final = frozenset({"job", "instance", "le"})


@dataclass(frozen=True, slots=True)
class Running:
    """Three roles over a world that commits. ``log_files``: one of each role."""

    origins: Mapping[str, str]
    log_files: Mapping[str, Path]
    world: World

    def scrape(self, role: str) -> dict[str, list[dict[str, str]]]:
        """The labels of each sample, by its name."""
        answer = httpx2.get(f"{self.origins[role]}/metrics", timeout=10)
        assert answer.status_code == 200, answer.text
        found: dict[str, list[dict[str, str]]] = {}
        for family in text_string_to_metric_families(answer.text):
            for sample in family.samples:
                found.setdefault(sample.name, []).append(dict(sample.labels))
            found.setdefault(family.name, [])
            if family.type == "counter":
                found.setdefault(f"{family.name}_total", [])
        return found

    def lines(self) -> list[dict[str, Any]]:
        """What all roles have logged so far."""
        return [
            json.loads(line)
            for file in self.log_files.values()
            for line in file.read_text(encoding="utf-8").splitlines()
        ]


@pytest.fixture(scope="module")
def running(
    worlds: Worlds, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    ports = dict(zip(ROLES, (*free_ports(), free_ports()[0]), strict=True))
    logs = tmp_path_factory.mktemp("roles")
    with worlds.cloned("accounts") as world, ExitStack() as ending:
        given = {PORTS[role]: str(port) for role, port in ports.items()}
        url = world.url.render_as_string(hide_password=False)
        environment = surroundings(home, SHUQIAO_DATABASE_URL=url, **given)
        origins = {role: f"http://127.0.0.1:{port}" for role, port in ports.items()}
        log_files = {role: logs / role for role in ROLES}
        for role in ROLES:
            process = WarmRole(role, environment, stderr=log_files[role])
            ending.callback(process.wait, 30)
            ending.callback(process.terminate)
        for origin in origins.values():
            wait_ready(origin, seconds=120)
        yield Running(origins, log_files, world)


def test_the_worker_says_how_it_is_and_nothing_else(running: Running) -> None:
    origin = running.origins["worker"]
    assert httpx2.get(f"{origin}/healthz").json() == {"status": "alive"}
    assert httpx2.get(f"{origin}/readyz", timeout=10).json()["status"] == "ready"
    assert httpx2.get(f"{origin}/api/v1/me").status_code == 404


@pytest.mark.parametrize(
    ("role", "told", "not_told"),
    [
        ("control", {"shuqiao_jobs", "shuqiao_calendar_days_left"}, set()),
        ("worker", {"shuqiao_jobs", "shuqiao_workers"}, set()),
        ("data", {"shuqiao_streams_running"}, {"shuqiao_jobs", "shuqiao_overdue_clocks"}),
    ],
)
def test_each_role_tells_its_own_and_two_the_installations(
    running: Running, role: str, told: set[str], not_told: set[str]
) -> None:
    assert eventually(lambda: told <= running.scrape(role).keys())
    assert not not_told & running.scrape(role).keys()


def test_labels_are_routes_and_never_what_was_sent(running: Running) -> None:
    origin = running.origins["control"]
    for path in ("/requests/REQ-2026-999999?q=秘密", "/no/such/place", "/api/v1/requests/geheim"):
        httpx2.get(f"{origin}{path}")
    httpx2.request("GEHEIM", f"{origin}/healthz")
    text = httpx2.get(f"{origin}/metrics").text
    for sent in ("999999", "geheim", "GEHEIM", "no/such", "秘密"):
        assert sent not in text
    routes = {labels["route"] for labels in running.scrape("control")["shuqiao_requests_total"]}
    assert {"/requests/{no}", "/api/v1/requests/{no}", "none"} <= routes


def test_a_locked_table_holds_up_no_scrape(running: Running, worlds: Worlds) -> None:
    with worlds.as_owner(running.world) as owner, owner.transaction():
        owner.execute("LOCK TABLE case_clock, jobs.procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        for role in ROLES:
            begun = time.monotonic()
            assert "shuqiao_scrape_failed" in running.scrape(role)
            assert time.monotonic() - begun < 5


def asked_for() -> dict[str, str]:
    """Every expression of the rules and of the dashboard, by what it is for."""
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
    board = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    found = {rule["alert"]: rule["expr"] for group in rules["groups"] for rule in group["rules"]}
    for panel in board["panels"]:
        found |= {f"{panel['title']} {each['refId']}": each["expr"] for each in panel["targets"]}
    return found


def documented() -> dict[str, set[str]]:
    """The labels of each metric, as the table for operators has them."""
    rows = [line for line in OPERATIONS.splitlines() if line.startswith("| `shuqiao_")]
    return {
        name: set(re.findall(r"\w+", row.split("|")[2]))
        for row in rows
        for name in re.findall(r"`(shuqiao_\w+)`", row)
    }


def test_what_is_told_is_documented_and_what_is_asked_for_is_told(running: Running) -> None:
    """Each name and label: of the table, of the alert rules and of the dashboard."""
    assert eventually(lambda: "shuqiao_worker_heartbeat_seconds" in running.scrape("control"))
    told: dict[str, set[str]] = {}
    for role in ROLES:
        for name, samples in running.scrape(role).items():
            told.setdefault(name, set()).update(*samples)
    table = documented()
    for name in told:
        if name.startswith("shuqiao_") and not name.endswith("_created"):
            base = re.sub(r"_(bucket|sum|count)$", "", name)
            known = table.get(base, table.get(f"{base}_total"))
            assert known is not None, name
            assert told[name] <= known | ITS_LABELS, name
    assert table.keys() <= told.keys()
    for what, expression in asked_for().items():
        names = set(re.findall(r"\bshuqiao_\w+|\bup\b", expression))
        assert names, what
        assert names <= told.keys() | ITS_OWN, what
        labels = set(re.findall(r"[{,](\w+)(?:=~|!=|!~|=)", expression)) | {
            word
            for words in re.findall(r"by \(([^)]*)\)", expression)
            for word in words.split(", ")
        }
        of_names = (table.get(re.sub(r"_bucket$", "", name), set()) for name in names)
        assert labels <= ITS_LABELS.union(*of_names), what


def test_every_rule_says_what_to_read() -> None:
    rules = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
    for rule in rules["groups"][0]["rules"]:
        assert rule["annotations"]["summary"], rule["alert"]
        number = rule["annotations"]["read"].partition(",")[0].partition(" ")[0]
        assert f"\n## {number}. " in OPERATIONS, rule["alert"]


@pytest.mark.slow
@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not on this machine")
def test_prometheus_itself_reads_the_rules_and_what_is_told(running: Running) -> None:
    assert PROMTOOL is not None
    rules = [PROMTOOL, "check", "rules", str(MONITORING / "alerts.yml")]
    subprocess.run(rules, check=True, capture_output=True, env=dict(os.environ))
    text = httpx2.get(f"{running.origins['control']}/metrics").text
    linted = subprocess.run(
        [PROMTOOL, "check", "metrics"], input=text, text=True, capture_output=True
    )
    ours = [line for line in linted.stderr.splitlines() if line.startswith("shuqiao_")]
    assert [line for line in ours if "base unit" not in line] == [], "a calendar has days"


def test_every_line_of_every_role_is_json_with_its_time_and_request(running: Running) -> None:
    """``lines`` has parsed them."""
    httpx2.get(f"{running.origins['control']}/sign-in", headers={"x-request-id": "of-the-test"})
    assert eventually(
        lambda: any(line.get("request_id") == "of-the-test" for line in running.lines())
    )
    lines = running.lines()
    assert all({"timestamp", "level", "role", "event"} <= line.keys() for line in lines)
    assert all(line["request_id"] for line in lines if line["event"] == "request")
