"""``sq`` as people start it: a process of its own, with pipes, with a
terminal, with a reader that leaves.
"""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from shuqiao.arrow.scans.plan import DeliveryPlan
from tests.sdk.conftest import GRANT, ME, SQ, TOKEN, data, grant, pieces_of
from tests.sdk.stand_in import StandIn, answer, problem
from tests.sdk.test_cli import Done, Sq
from tests.sdk.test_listing import paged

pytestmark = pytest.mark.slow


@pytest.fixture
def process(profile_file: Path, tmp_path: Path) -> Sq:
    """Starts ``sq`` with the profile, in Chinese, without a terminal."""
    home = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "SHUQIAO_PROFILE": str(profile_file),
    }

    def run(*arguments: str, text: str = "", **environment: str) -> Done:
        return subprocess.run(
            [SQ, *arguments],
            env={**home, **environment},
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            encoding="utf-8",
        )

    return run


def test_a_process_ends_with_that_status_and_only_json_on_stderr(
    service: StandIn, process: Sq
) -> None:
    for code, refused, status in (
        ("wrong_state", 409, 6),
        ("not_allowed", 403, 5),
        ("not_found", 404, 3),
    ):
        service.on("GET", f"/grants/{GRANT}", problem(refused, code))
        done = process("grant", "show", GRANT, "--json")
        assert (done.returncode, done.stdout, json.loads(done.stderr)["code"]) == (status, "", code)


def test_login_checks_the_token_and_keeps_it_private(
    service: StandIn, process: Sq, tmp_path: Path
) -> None:
    target = tmp_path / "new" / "profile.json"
    service.on("GET", "/me", problem(401, "not_signed_in"), answer(ME))
    arguments = ("--profile", str(target), "auth", "login", "--endpoint", service.origin)
    refused = process(*arguments, text=f"{TOKEN}\n")
    assert refused.returncode == 4
    assert not target.exists()
    done = process(*arguments, "--json", text=f"{TOKEN}\n")
    assert done.returncode == 0
    assert json.loads(done.stdout)["account"] == "gong"
    assert target.stat().st_mode & 0o777 == 0o600
    assert TOKEN not in done.stdout + done.stderr + refused.stdout + refused.stderr
    status = process("--profile", str(target), "auth", "status")
    assert status.returncode == 0
    assert "公安厅" in status.stdout


def test_get_of_a_cut_stream_fails_and_leaves_nothing(
    service: StandIn, process: Sq, ready: DeliveryPlan, tmp_path: Path
) -> None:
    service.on("GET", f"/grants/{GRANT}", answer(grant(service.origin)))
    service.on("GET", f"/grants/{GRANT}/data", data(pieces_of(ready)[:3], is_cut=True))
    (tmp_path / "out").mkdir()
    done = process("resource", "get", GRANT, "-o", str(tmp_path / "out" / "x.csv"), "--json")
    assert (done.returncode, done.stdout, json.loads(done.stderr)["code"]) == (1, "", "stream_cut")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_help_is_in_both_languages(process: Sq) -> None:
    assert "按共享授权获取数据" in process("resource", "get", "--help").stdout
    assert "Fetch granted data" in process("--lang", "en", "resource", "get", "--help").stdout


def test_a_terminal_gets_a_table_and_a_progress_line_on_stderr_only(
    service: StandIn, profile_file: Path, ready: DeliveryPlan, tmp_path: Path
) -> None:
    service.on("GET", f"/grants/{GRANT}", answer(grant(service.origin)))
    service.on("GET", f"/grants/{GRANT}/data", data(pieces_of(ready)))
    service.on("GET", "/catalog", paged(1))
    environment = {
        "PATH": os.environ["PATH"],
        "SHUQIAO_PROFILE": str(profile_file),
        "TERM": "xterm",
        "COLUMNS": "150",
        "HOME": str(tmp_path),
        "PYTHONUTF8": "1",
    }
    get = [str(SQ), "resource", "get", GRANT, "-o", str(tmp_path / "x.arrow"), "--json"]
    seen = on_a_terminal(get, environment, "err")
    assert "rows" in seen
    assert (tmp_path / "x.arrow").exists()
    table = on_a_terminal([str(SQ), "catalog", "search"], {**environment, "NO_COLOR": "1"}, "out")
    assert "资源代码" in table
    assert "┃" in table
    assert "\x1b[3" not in table


def on_a_terminal(command: list[str], environment: dict[str, str], which: str) -> str:
    """What ``command`` writes to its stdout or stderr when that is a terminal."""
    ours, theirs = pty.openpty()
    streams = {"out": subprocess.DEVNULL, "err": subprocess.DEVNULL, which: theirs}
    process = subprocess.Popen(
        command, env=environment, stdout=streams["out"], stderr=streams["err"], stdin=theirs
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the other end has closed
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert process.wait(60) == 0
    return seen.decode()


def test_a_reader_that_leaves_is_no_crash(
    service: StandIn, profile_file: Path, tmp_path: Path
) -> None:
    service.on("GET", "/catalog", paged(5_000))
    environment = {
        "PATH": os.environ["PATH"],
        "SHUQIAO_PROFILE": str(profile_file),
        "HOME": str(tmp_path),
    }
    command = f"'{SQ}' catalog search --limit 5000 | head -1"
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
