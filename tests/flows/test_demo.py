"""``shuqiao demo`` as a newcomer runs it: a process, its last line, its
log, and that nothing is left behind.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from fixtures.crawling import Crawl, copied_service, signed_in
from fixtures.processes import (
    PROGRAM,
    WAIT_SECONDS,
    eventually,
    free_ports,
    processes_of,
    surroundings,
)

from server.demo.operating import SAMPLES
from server.demo.region import cast_of
from shuqiao.arrow.connectors.registered import Connection, aliases
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.settings import settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
STEPS, ROWS = 51, 100
CASE = "REQ-2026-000001"
_FIRST = f"stream = '{CASE}' AND seq = 1"
_LAST = f"stream = '{CASE}' AND seq = (SELECT max(seq) FROM audit_event WHERE stream = '{CASE}')"
_OTHER_BYTES = (
    "UPDATE audit_event SET canon = convert_to(replace(convert_from(canon, 'UTF8'), 'gongan.', "
    "'guoan..'), 'UTF8')"
    f" WHERE {_FIRST}"
)
_FITTING_HASH = f"UPDATE audit_event SET leaf_hash = sha256('\\x00'::bytea || canon) WHERE {_FIRST}"
_LAST_ONE_OUT = f"DELETE FROM audit_event WHERE {_LAST}"
_ONE_NUMBER_BACK = f"UPDATE audit_stream SET last_seq = last_seq - 1 WHERE stream = '{CASE}'"
_ONE_MORE = f"""
CREATE TEMPORARY TABLE forged ON COMMIT DROP AS SELECT * FROM audit_event WHERE {_LAST};
UPDATE forged SET id = '00000000-0000-7000-8000-000000000001', seq = seq + 1, canon = convert_to(
    replace(replace(convert_from(canon, 'UTF8'), id::text, '00000000-0000-7000-8000-000000000001'),
            '"seq":' || seq, '"seq":' || seq + 1), 'UTF8');
UPDATE forged SET leaf_hash = sha256('\\x00'::bytea || canon);
INSERT INTO audit_event SELECT * FROM forged;
UPDATE audit_stream SET last_seq = last_seq + 1 WHERE stream = '{CASE}'
"""


@dataclass(slots=True)
class Demo:
    """A demo that has played its story and kept its folder; ``server``:
    its database, started again.
    """

    code: int
    folder: Path
    told: Path
    log: Path
    server: EmbeddedPostgres

    def text(self) -> str:
        return self.told.read_text(encoding="utf-8")

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def shuqiao(self, *words: str) -> subprocess.CompletedProcess[str]:
        url = self.server.app_url.render_as_string(hide_password=False)
        environment = surroundings(self.home, SHUQIAO_DATABASE_URL=url)
        return subprocess.run(
            [*PROGRAM, "server.cli", *words], env=environment, stdout=subprocess.PIPE, text=True
        )

    def do(self, *statements: str) -> None:
        """As superuser, past every guard."""
        url = self.server.superuser_url.set(drivername="postgresql").render_as_string(
            hide_password=False
        )
        with psycopg.connect(url) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Every guard dropped; afterwards the trail is as it was before."""
        self.do(
            "ALTER TABLE audit_event DISABLE TRIGGER ALL",
            "ALTER TABLE audit_stream DISABLE TRIGGER ALL",
            "ALTER TABLE audit_event DROP CONSTRAINT IF EXISTS audit_event_leaf_hash_check",
            "CREATE TABLE kept_event AS TABLE audit_event",
            "CREATE TABLE kept_stream AS TABLE audit_stream",
        )
        try:
            yield
        finally:
            self.do(
                "DELETE FROM audit_event",
                "INSERT INTO audit_event SELECT * FROM kept_event",
                "DELETE FROM audit_stream",
                "INSERT INTO audit_stream SELECT * FROM kept_stream",
                "DROP TABLE kept_event, kept_stream",
            )


@pytest.fixture
def temporary() -> Iterator[Path]:
    """TMPDIR of the demo, so that what it leaves there is seen."""
    with tempfile.TemporaryDirectory(prefix="sq-demo-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Played once for the module, kept in a folder."""
    with tempfile.TemporaryDirectory(prefix="sq-demo-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        told, log, temporary = folder / "told", folder / "log", folder / "tmp"
        temporary.mkdir()
        command = [*PROGRAM, "server.cli", "demo", "--once", "--keep", str(folder / "kept")]
        environment = surroundings(
            folder / "none", SHUQIAO_LOG_LEVEL="debug", TMPDIR=str(temporary)
        )
        with told.open("wb") as out, log.open("wb") as err:
            done = subprocess.run(
                command, env=environment, stdout=out, stderr=err, cwd="/", check=False
            )
        assert done.returncode == 0, log.read_text(encoding="utf-8")[-2000:]
        assert processes_of(folder) == {}
        assert list(temporary.iterdir()) == []
        with EmbeddedPostgres(folder / "kept" / "home") as server:
            yield Demo(done.returncode, folder / "kept", told, log, server)


def test_played_once_it_ends_with_0_and_a_verified_line(demo: Demo) -> None:
    last = json.loads(demo.text().splitlines()[-1])
    assert demo.code == 0
    assert {"steps": STEPS, "rows": ROWS, "verified": True}.items() <= last.items()
    assert last.keys() == {"steps", "rows", "bytes", "seconds", "audit_events", "verified"}
    assert min(last["bytes"], last["seconds"], last["audit_events"] - STEPS) > 0


def test_the_story_is_told_in_steps_with_person_page_and_event(demo: Demo) -> None:
    lines = demo.text().splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r" ?\d+\. ", line)]
    events = [lines[start + 3].split()[-1] for start in starts]

    assert [int(lines[start].split(".")[0]) for start in starts] == list(range(1, STEPS + 1))
    assert all(lines[start + 1].startswith("    经办      ") for start in starts)
    assert all(
        re.match(r" {4}页面 {6}http://127\.0\.0\.1:\d+/", lines[start + 2]) for start in starts
    )
    assert sum(re.fullmatch(r"[0-9a-f-]{36}", event) is not None for event in events) >= 16
    assert any("2026-03-03" in line for line in lines), "the due date is told"


def test_every_line_of_every_process_is_json_and_shows_no_secret(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = demo.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    secrets = [file.read_text(encoding="ascii") for file in (demo.home / "keys").glob("postgres_*")]
    with monkeypatch.context() as patched:  # passwords of connections lie sealed in its home
        patched.setenv("SHUQIAO_HOME", str(demo.home))
        settings.cache_clear()
        secrets += [Connection.load(alias).password for alias in aliases()]
    settings.cache_clear()

    assert {"control", "data", "worker"} <= {line["role"] for line in lines}
    assert sum(line["event"] == "request" for line in lines) > 2 * STEPS, "the log is the full one"
    assert len(secrets) == 3 + 1
    assert [secret for secret in secrets if secret in text] == []
    assert re.findall(r"sq_[0-9a-f]{12}_\w+|postgresql\S*://[^:/@\s]+:[^…]", text) == []
    assert not {"password", "token", "cookie"} & {name for line in lines for name in line}


@pytest.mark.parametrize(
    ("statements", "problems"),
    [
        pytest.param([], set(), id="nothing"),
        pytest.param([_OTHER_BYTES], {"changed_bytes"}, id="bytes only"),
        pytest.param([_OTHER_BYTES, _FITTING_HASH], {"expected_changed"}, id="bytes and hash"),
        pytest.param(
            [_LAST_ONE_OUT, _ONE_NUMBER_BACK],
            {"expected_missing", "count"},
            id="the last event deleted",
        ),
        pytest.param([_ONE_MORE], {"count"}, id="one added"),
    ],
)
def test_who_changes_the_trail_past_every_guard_is_found_by_name(
    demo: Demo, statements: list[str], problems: set[str], tmp_path: Path
) -> None:
    """The verifier gets what the story was told over HTTP, and one
    event more: that of its own export.
    """
    expected = json.loads((demo.folder / "expected.json").read_text(encoding="utf-8"))
    expected["counts"]["trail:anquan.shencha"] += 1
    expectation, export = tmp_path / "expected.json", tmp_path / "trail.jsonl"
    expectation.write_text(json.dumps(expected), encoding="utf-8")
    with demo.unguarded():
        demo.do(*statements)
        assert demo.shuqiao("audit", "export", str(export)).returncode == 0
    verified = demo.shuqiao("audit", "verify", str(export), "--expect", str(expectation), "--json")
    report = json.loads(verified.stdout)

    assert (verified.returncode, report["verified"]) == ((1, False) if problems else (0, True)), (
        report["problems"]
    )
    assert {problem["code"] for problem in report["problems"]} == problems
    touched = {problem["where"] for problem in report["problems"]}
    assert all(where == CASE or where in _events_of_case(demo) for where in touched)


def test_nobody_finds_a_page_that_breaks_or_a_link_that_leads_nowhere(demo: Demo) -> None:
    """Everybody whom the demo names, two of the region's many, and a visitor: all they find by
    links, downloads included.
    """
    crawl = Crawl()
    alike = set(cast_of(SAMPLES).values()) - {"shichang.bianmu", "shichang.fuze"}
    with copied_service(demo.server, demo.home) as (origin, accounts):
        walking = [account for account in accounts if account not in alike]
        for who in ("", *walking):
            with signed_in(origin, who) as client:
                crawl.walk(who or "a visitor", client)

    assert len(walking) == 10 + 3 + 2
    assert crawl.faults == []
    assert crawl.opened > 500


def test_ctrl_c_stops_everything_and_ends_with_0(temporary: Path) -> None:
    """In the middle of the story; run by root, the database of a folder
    nobody else can enter lies elsewhere.
    """
    told, hidden = temporary / "told", temporary / "hidden"
    hidden.mkdir(mode=0o700)
    environment = surroundings(temporary / "none", TMPDIR=str(hidden))
    with told.open("wb") as out:
        process = subprocess.Popen([*PROGRAM, "server.cli", "demo"], env=environment, stdout=out)
    try:
        assert eventually(
            lambda: " 1. " in told.read_text() or process.poll() is not None, seconds=300
        )
        elsewhere = [
            Path(note.read_text(encoding="utf-8").strip())
            for note in hidden.glob("*/home/postgres.where")
        ]
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT_SECONDS) == 0
    finally:
        process.kill()

    assert told.read_text(encoding="utf-8").endswith("已停止。\n")
    assert processes_of(temporary) == {}
    assert list(hidden.iterdir()) == []
    assert len(elsewhere) == (os.geteuid() == 0)
    assert [place for place in elsewhere if place.exists()] == []


def test_it_stays_up_tells_the_accounts_for_a_browser_and_ends_with_ctrl_c(temporary: Path) -> None:
    told, log = temporary / "told", temporary / "log"
    environment = surroundings(temporary / "none", TMPDIR=str(temporary), SHUQIAO_LOG_LEVEL="debug")
    with told.open("wb") as out, log.open("wb") as err:
        process = subprocess.Popen(
            [*PROGRAM, "server.cli", "demo"], env=environment, stdout=out, stderr=err
        )
    try:
        assert eventually(
            lambda: "按 Ctrl-C 停止" in told.read_text() or process.poll() is not None, seconds=300
        )
        accounts = _accounts(told.read_text(encoding="utf-8"))
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT_SECONDS) == 0
    finally:
        process.kill()

    assert len(accounts) == 10 + 3
    assert accounts["gongan.shenqing"].keys() == {"身份", "姓名", "账号", "口令"}
    text = log.read_text(encoding="utf-8")
    assert [entry for entry in accounts.values() if entry["口令"] in text] == []
    assert processes_of(temporary) == {}
    assert {entry.name for entry in temporary.iterdir()} == {"told", "log"}


def test_two_demos_started_at_once_play_each_its_own_story(temporary: Path) -> None:
    """Both want the same ports, as two people do who follow the same page of the documentation."""
    wanted = dict(zip(("SHUQIAO_PORT", "SHUQIAO_DATA_PORT"), map(str, free_ports()), strict=True))
    environment = surroundings(temporary / "none", TMPDIR=str(temporary), **wanted)
    command = [*PROGRAM, "server.cli", "demo", "--once"]
    demos = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        for _demo in range(2)
    ]
    try:
        with ThreadPoolExecutor(2) as reading:
            told = list(reading.map(lambda demo: demo.communicate(timeout=390)[0], demos))
    finally:
        for demo in demos:
            demo.kill()

    assert [demo.returncode for demo in demos] == [0, 0]
    assert [json.loads(story.splitlines()[-1])["verified"] for story in told] == [True, True]
    ports = [set(re.findall(r"http://127\.0\.0\.1:(\d+)", story)) for story in told]
    assert ports[0] and ports[1] and not ports[0] & ports[1]
    assert wanted["SHUQIAO_PORT"] in ports[0] | ports[1]
    assert list(temporary.iterdir()) == []


def test_a_step_that_fails_is_named_and_the_demo_ends_with_1(temporary: Path) -> None:
    (temporary / "kept").mkdir()
    (temporary / "kept" / "something").write_text("mine")
    done = subprocess.run(
        [*PROGRAM, "server.cli", "demo", "--once", "--keep", str(temporary / "kept")],
        env=surroundings(temporary),
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr == f"演示没有完成：{temporary / 'kept'} 不是空文件夹\n"
    assert [entry.name for entry in (temporary / "kept").iterdir()] == ["something"]


def _accounts(told: str) -> dict[str, dict[str, str]]:
    lines = told.splitlines()
    start = next(number for number, line in enumerate(lines) if "身份" in line)
    head, *rows = [line.split() for line in lines[start : start + 14]]
    return {row[2]: dict(zip(head, row, strict=True)) for row in rows}


def _events_of_case(demo: Demo) -> set[str]:
    """Ids of the case's events, from the export that the story itself
    made before anything was changed.
    """
    lines = (demo.folder / "trail.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    events = [json.loads(json.loads(line)["canon"]) for line in lines]
    return {event["id"] for event in events if event["stream"] == CASE}
