"""Proposals, binding and suspected duplicates by ``sq``, against the real service."""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import callers
from fixtures.worlds import World

from shuqiao_client import Profile, cli

Live = Callable[[str], tuple[World, Profile]]
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def sq(
    live: Live,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Callable[..., Done]]:
    """``sq(state)("resource", …)``: a registrar's program against the state."""

    def enter(state: str) -> Callable[..., Done]:
        world, profile = live(state)
        sent = {"name": "登记程序", "scopes": ["catalog:write"]}
        with callers.client(world, "registrar") as browser:
            made = browser.post("/api/v1/tokens", json=sent, headers=callers.once())
        own = Profile(profile.endpoint, made.json()["token"])
        path = own.save(tmp_path / "profile.json")

        def run(*arguments: str) -> Done:
            monkeypatch.setattr("sys.stdin", io.StringIO())
            status = cli.run(["--profile", str(path), *arguments])
            seen = capsys.readouterr()
            return Done(arguments, status, seen.out, seen.err)

        return run

    return enter


def test_proposals_are_shown_and_bound(sq: Callable[..., Callable[..., Done]]) -> None:
    run, code = sq("likely_elements"), "307001-000001"
    shown = run("resource", "proposals", code)
    assert shown.stdout.splitlines()[0].startswith("学校名称\tDE-000002\t学校名称\t"), shown.stderr
    assert "名称相同" in shown.stdout
    assert run("resource", "bind", code, "地址=DE-000003", "--rename").returncode == 0
    done = json.loads(run("resource", "bind", code, "--likely", "--json").stdout)
    assert done["bound"] == 1
    assert "没有可关联" in run("resource", "bind", code, "--likely").stderr
    wrong = run("resource", "bind", code, "经度=DE-999999")
    assert wrong.returncode == 7 and "bindings" in wrong.stderr
    assert run("resource", "bind", code, "经度").returncode == 2


def test_suspected_duplicates_are_listed_and_dismissed(
    sq: Callable[..., Callable[..., Done]],
) -> None:
    run = sq("suspected_duplicate")
    listed = run("duplicate", "list", "--state", "open").stdout.splitlines()
    number, *_more = listed[0].split("\t")
    assert "名称相同" in run("duplicate", "show", number).stdout
    said = run("duplicate", "dismiss", number, "--reason", "是内部简称")
    assert "不是重复" in said.stdout, said.stderr
    assert run("duplicate", "dismiss", number, "--reason", "再说一次").returncode == 6


def test_all_drafts_are_bound_in_one_go(sq: Callable[..., Callable[..., Done]]) -> None:
    run = sq("likely_elements")
    shown = run("resource", "bind-drafts")
    assert shown.stdout.splitlines()[0].startswith("307001/000001\t学校名称\tDE-000002"), (
        shown.stderr
    )
    assert len(json.loads(run("resource", "bind-drafts", "--json").stdout)["entries"]) == 1
    done = json.loads(run("resource", "bind-drafts", "--likely", "--json").stdout)
    assert done["bound"] == done["entries"][0]["bound"] > 0
    assert "没有可关联" in run("resource", "bind-drafts", "--likely").stderr
