"""``sq source-conflict``: opened, listed and shown by a department's program."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import callers, disputing
from fixtures.worlds import World

from shuqiao_client import Profile, cli

Live = Callable[[str], tuple[World, Profile]]


@pytest.mark.slow
def test_a_program_disputes_a_source_and_reads_what_both_say(
    live: Live,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world, anybody = live("named_source")
    with callers.client(world, "consumer_registrar") as person:
        sent = {"name": "争议", "scopes": ["catalog:write"]}
        made = person.post("/api/v1/tokens", json=sent, headers=callers.once()).json()
    profile = str(Profile(anybody.endpoint, made["token"]).save(tmp_path / "profile.json"))

    def sq(*words: str, text: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        assert cli.run(["--profile", profile, "source-conflict", *words]) == 0
        return capsys.readouterr().out

    said = json.dumps({**disputing.SAID, "against": world.claim_no})
    opened = sq("open", world.element_identifier, "-", text=said)
    assert "编号\tCF-2026-000001\n" in opened and "被争议部门\t内蒙古自治区教育厅\n" in opened
    assert sq("list", "--status", "opened").startswith("CF-2026-000001\t")
    assert "内蒙古自治区公安厅\t本部门依职责采集。" in sq("show", "CF-2026-000001")
