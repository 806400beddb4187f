"""The three lists by ``sq`` and the client, against the real service."""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures.worlds import World

from shuqiao_client import Client, Profile, cli

Live = Callable[[str], tuple[World, Profile]]
Done = subprocess.CompletedProcess[str]


def test_lists_are_read_compared_and_sheets_checked(
    live: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _world, profile = live("finished_delivery")
    path = profile.save(tmp_path / "profile.json")

    def sq(*arguments: str) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO())
        status = cli.run(["--profile", str(path), "list", *arguments])
        seen = capsys.readouterr()
        return Done(arguments, status, seen.out, seen.err)

    shown = sq("responsibility", "--by", "entry")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("307001/000001\t中小学校名录")
    assert sq("negative").returncode == sq("demand").returncode == 0
    assert "published\t307001/000001" in sq("versions").stdout
    assert "added\t307001/000001" in sq("compare", "responsibility", "--since", "2026-02-10").stdout
    assert sq("frequent").stdout.startswith("1\t307001/000001")
    assert sq("compare", "others").returncode == 2
    sheet = tmp_path / "清单.csv"
    sheet.write_text("资源代码,信息项,更新频率\n307001/000001,学校代码,每月\n", encoding="utf-8")
    assert json.loads(sq("check-sheet", "responsibility", str(sheet), "--json").stdout)["rows"] == 1
    assert "changed\t307001/000001" in sq("check-sheet", "responsibility", str(sheet)).stdout
    with Client(profile) as client:
        assert len(client.lists.lines("responsibility", on="2026-02-11").to_arrow()) == 4
