"""``docs/developer.md`` against the real service: every command and
every piece of Python on it is run as it stands.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars
import pytest
from fixtures.worlds import World

from shuqiao_client import Profile

Live = Callable[[str], tuple[World, Profile]]


@pytest.fixture
def page(checkout: Path) -> str:
    return (checkout / "docs" / "developer.md").read_text(encoding="utf-8")


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def commands(page: str, program: str) -> Iterator[str]:
    """Indented lines that start ``program``, with their continuations."""
    for found in re.finditer(rf"^    {program} (?:.*\\\n)*.*$", page, re.MULTILINE):
        yield found[0].replace("\\\n", " ").strip()


@pytest.mark.slow
def test_the_python_of_the_page_runs(
    page: str,
    live: Live,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world, profile = live("active_grant")
    assert (world.resource_code, world.grant_no) == ("307001-000001", "GR-2026-000001"), (
        "the page's own numbers"
    )
    monkeypatch.setenv("SHUQIAO_PROFILE", str(profile.save(tmp_path / "profile.json")))
    names: dict[str, Any] = {}
    for block in fenced(page, "python"):
        exec(compile(block, "docs/developer.md", "exec"), names)
    assert names["request"].status == "own_consent"
    assert names["client"].last_receipt.rows == 4
    assert names["table"].num_rows == 4
    assert "联系电话" in capsys.readouterr().out
    names["client"].close()


@pytest.mark.slow
def test_the_commands_of_the_page_run(page: str, live: Live, tmp_path: Path) -> None:
    _world, profile = live("active_grant")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "SHUQIAO": profile.endpoint,
    }
    (tmp_path / "request.json").write_text(fenced(page, "json")[0], encoding="utf-8")
    ran = list(commands(page, "sq"))
    assert len(ran) >= 8
    for command in ran:
        token = profile.token if "auth login" in command else ""
        done = run(command, tmp_path, environment, token)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert not command.endswith("--json") or json.loads(done.stdout), command
    assert polars.read_parquet(tmp_path / "schools.parquet").height == 4
    assert polars.read_csv(tmp_path / "schools.csv").columns == ["学校名称", "经度"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_curl_of_the_page_runs(page: str, live: Live, tmp_path: Path) -> None:
    world, profile = live("active_grant")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SHUQIAO": profile.endpoint}
    credentials = {"account": "applicant", "password": world.password("applicant")}
    (tmp_path / "sign-in.json").write_text(json.dumps(credentials))
    ran = list(commands(page, "curl"))
    assert len(ran) >= 3
    for command in ran:
        done = run(command, tmp_path, environment, "")
        assert done.returncode == 0, f"{shlex.quote(command)}\n{done.stderr}"
        answer = json.loads(done.stdout) if done.stdout else {}
        if "csrf_token" in answer:
            environment["CSRF_TOKEN"] = answer["csrf_token"]
        if "token" in answer:
            (tmp_path / "header").write_text(f"authorization: Bearer {answer['token']}\n")
        if "data_url" in answer:
            environment["DATA_URL"] = answer["data_url"]
    assert polars.read_ipc_stream(tmp_path / "schools.arrows")["经度"].to_list() == [
        120.31,
        120.19,
        120.25,
        None,
    ]


def run(
    command: str, folder: Path, environment: dict[str, str], text: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", "-euc", command],
        cwd=folder,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        encoding="utf-8",
    )
