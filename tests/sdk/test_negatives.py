"""``sq negative``: proposed, listed, shown, taken back and looked at again by a program."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fixtures import callers, withholding
from fixtures.worlds import World

from shuqiao_client import Profile, cli

Live = Callable[[str], tuple[World, Profile]]


@pytest.mark.slow
def test_a_program_proposes_an_entry_and_keeps_one_after_a_review(
    live: Live,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    world, anybody = live("negative_in_force")
    with callers.client(world, "registrar") as person:
        sent = {"name": "负面清单", "scopes": ["catalog:write", "catalog:read"]}
        made = person.post("/api/v1/tokens", json=sent, headers=callers.once()).json()
    kept = Profile(anybody.endpoint, made["token"]).save(tmp_path / "registrar.json")

    def sq(*words: str, text: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        assert cli.run(["--profile", str(kept), "negative", *words]) == 0, capsys.readouterr()
        return capsys.readouterr().out

    named = [{"resource": world.resource_code, "name": "学校名称"}]
    proposed = sq("propose", "-", text=json.dumps({**withholding.STATED, "items": named}))
    assert "NE-2026-000002" in proposed and "学校名称" not in sq("show", world.negative_no)
    assert sq("list", "--status", "proposed").count("NE-2026-") == 1
    assert "经度" in sq("show", world.negative_no.lower())
    assert "withdrawn" in sq("withdraw", "NE-2026-000002")
    words = ("--review-on", "2028-01-31", "--remark", "条文未修改")
    assert "2028-01-31" in sq("keep", world.negative_no, *words)
    found = json.loads(sq("show", world.negative_no, "--json"))
    assert (found["review_on"], found["status"]) == ("2028-01-31", "in_force")
