"""``sq demand``: filed, listed, matched and withdrawn by a department's program."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import callers, demanding
from fixtures.worlds import World

from shuqiao_client import Profile, cli

Live = Callable[[str], tuple[World, Profile]]


@pytest.mark.slow
def test_a_program_files_a_demand_and_sees_what_may_serve_it(
    live: Live,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world, anybody = live("published_resource")

    def program_of(account: str, *scopes: str) -> Callable[..., str]:
        with callers.client(world, account) as person:
            sent = {"name": "需求", "scopes": list(scopes)}
            made = person.post("/api/v1/tokens", json=sent, headers=callers.once()).json()
        kept = Profile(anybody.endpoint, made["token"]).save(tmp_path / f"{account}.json")

        def sq(*words: str, text: str = "") -> str:
            monkeypatch.setattr("sys.stdin", io.StringIO(text))
            assert cli.run(["--profile", str(kept), "demand", *words]) == 0
            return capsys.readouterr().out

        return sq

    sq = program_of("applicant", "requests:write", "catalog:read")
    filed = sq("file", "-", text=json.dumps(demanding.WANTED))
    assert "需求编号\tDM-2026-000001\n" in filed
    sq("file", "-", text=json.dumps({**demanding.WANTED, "title": "学校名单"}))
    assert sq("list", "--queue", "mine").count("DM-2026-") == 2
    assert sq("candidates", "dm-2026-000001").startswith("entry\t307001/000001\t中小学校名录\t")
    admin = program_of("data_admin", "catalog:review")
    assert "merged" in admin("merge", "DM-2026-000002", "DM-2026-000001")
    assert "claimed" in admin("assign", "DM-2026-000001", demanding.EDUCATION)
    assert "withdrawn" in sq("withdraw", "DM-2026-000001", "--reason", "不再需要")
    assert "\n" in sq("figures")
