"""``shuqiao keys``: which keys there are and whether this home has them; a new one in the place of
one. Their bytes are in no output.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from fixtures.keyed import Installed
from fixtures.processes import PROGRAM, surroundings

from server.cli.main import main
from shuqiao import db, keys
from shuqiao.home import BELONGS
from shuqiao.settings import settings

#: Another installation than any that a migration makes.
OTHER: Final = "019a9e5c-0000-7000-8000-00000000abcd"
Told = tuple[int, str, str]
Shuqiao = Callable[..., Told]


@pytest.fixture
def made(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of an installation that has used two keys; commands work on it."""
    with installed.machine():
        keys.key("csrf")
        keys.key("mask.somebody")
    monkeypatch.setenv("SHUQIAO_DATABASE_URL", installed.url)
    monkeypatch.setenv("SHUQIAO_HOME", str(installed.folder / "one"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    settings.cache_clear()
    return installed.folder / "one"


@pytest.fixture
def shuqiao(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shuqiao:
    """The program in this process: exit status, standard output, standard error."""

    def run(*words: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["shuqiao", *words])
        before = db.bind()
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            db.configure(before)
        status = ended.value.code
        assert status is None or isinstance(status, int)
        return status or 0, *capsys.readouterr()

    return run


def test_every_key_is_listed_with_what_is_here(shuqiao: Shuqiao, made: Path) -> None:
    status, out, _ = shuqiao("keys", "list", "--json")
    listed = {each["name"]: each for each in json.loads(out)}
    assert status == 0
    assert {name: each["here"] for name, each in listed.items()} == {
        "csrf": "right",
        "mask.somebody": "right",
    }
    secret = (made / "keys" / "csrf").read_bytes()
    assert listed["csrf"]["fingerprint"] == keys.fingerprint("csrf", secret).hex()
    assert secret.hex() not in out

    (made / "keys" / "csrf").write_bytes(b"x" * 32)
    (made / "keys" / "mask.somebody").unlink()
    status, out, _ = shuqiao("keys", "list")
    assert status == 0
    assert [line.split()[-1] for line in out.splitlines()] == ["other", "missing"]


def test_a_key_is_rotated(shuqiao: Shuqiao, made: Path, installed: Installed) -> None:
    before = (made / "keys" / "csrf").read_bytes()
    status, out, _ = shuqiao("keys", "rotate", "csrf", "--json")
    (told,) = json.loads(out)
    after = (made / "keys" / "csrf").read_bytes()
    assert (status, told["generation"], told["lost"]) == (0, 2, [])
    assert after != before and told["fingerprint"] == keys.fingerprint("csrf", after).hex()
    assert after.hex() not in out
    assert installed.events()[-1] == ("server:key:rotated", "csrf")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["mask.somebody"], 1, "--because TEXT"),
        (["cursor"], 1, "No such key is registered"),
        ([], 2, "Missing argument"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused_with_the_fix(
    shuqiao: Shuqiao, made: Path, words: list[str], status: int, said: str
) -> None:
    before = {each.name: each.read_bytes() for each in (made / "keys").iterdir()}
    found, out, err = shuqiao("keys", "rotate", *words)
    assert (found, out) == (status, "")
    assert said in err and "Traceback" not in err
    assert {each.name: each.read_bytes() for each in (made / "keys").iterdir()} == before


@pytest.mark.parametrize("words", [["list"], ["rotate", "csrf"]])
@pytest.mark.parametrize("owner", [OTHER, "no id at all"])
def test_nothing_is_said_or_done_in_the_home_of_another_installation(
    shuqiao: Shuqiao, made: Path, installed: Installed, words: list[str], owner: str
) -> None:
    """A key that was made there would be missing in every home that is right."""
    (made / BELONGS).write_text(owner, encoding="utf-8")
    before = {each.name: each.read_bytes() for each in (made / "keys").iterdir()}
    events = installed.events()
    status, out, err = shuqiao("keys", *words)
    assert (status, out) == (1, "")
    assert str(made) in err and "SHUQIAO_HOME" in err and "Traceback" not in err
    assert {each.name: each.read_bytes() for each in (made / "keys").iterdir()} == before
    assert installed.events() == events


@pytest.mark.slow
def test_the_command_as_a_process(made: Path, installed: Installed) -> None:
    environment = surroundings(made, SHUQIAO_DATABASE_URL=installed.url)

    def told(*words: str) -> subprocess.CompletedProcess[str]:
        command = [*PROGRAM, "server.cli", "keys", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    before = told("list", "--json")
    assert before.returncode == 0, before.stderr
    rotated = told("rotate", "csrf")
    assert rotated.returncode == 0, rotated.stderr
    was, now = (
        {each["name"]: each for each in json.loads(listed.stdout)}
        for listed in (before, told("list", "--json"))
    )
    assert now["mask.somebody"] == was["mask.somebody"]
    assert (was["csrf"]["generation"], now["csrf"]["generation"]) == (1, 2)
    assert now["csrf"]["here"] == "right"
    (made / BELONGS).write_text(OTHER, encoding="utf-8")
    refused = told("rotate", "csrf")
    assert refused.returncode == 1 and str(made) in refused.stderr
