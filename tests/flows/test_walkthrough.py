"""``docs/walkthrough.md`` as a newcomer follows it: every command in
one shell, against the service with its people.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from fixtures.service import Service

pytestmark = pytest.mark.timeout(400)
_BLOCK = re.compile(r"```(bash|text)\n(.*?)```", re.DOTALL)
_MARK = "==== block {} ===="


@dataclass(frozen=True, slots=True)
class Step:
    """A block of commands, and the lines it must print."""

    commands: str
    lines: tuple[str, ...]


def steps(page: str) -> list[Step]:
    made: list[Step] = []
    for language, text in _BLOCK.findall(page):
        if language == "bash":
            made.append(Step(text, ()))
        else:
            made[-1] = Step(made[-1].commands, tuple(text.splitlines()))
    return made


def is_printed(line: str, output: str) -> bool:
    """``…`` stands for anything, blanks and tabs for each other."""
    wanted = ".*".join(re.escape(part) for part in " ".join(line.split()).split("…"))
    return any(re.fullmatch(wanted, " ".join(printed.split())) for printed in output.splitlines())


@pytest.fixture
def outputs(service: Service, checkout: Path, tmp_path: Path) -> dict[int, str]:
    """What each block printed.

    The first failing command ends the shell, and this fails with all it said.
    """
    for actor in service.people.values():
        actor.sign_in()
    people = tmp_path / "people.txt"
    lines = [
        f"身份 {actor.name} {actor.account} {actor.password}" for actor in service.people.values()
    ]
    people.write_text("\n".join(lines) + "\n", encoding="utf-8")
    blocks = steps((checkout / "docs" / "walkthrough.md").read_text(encoding="utf-8"))
    script = "set -eo pipefail\n" + "\n".join(
        f"echo '{_MARK.format(number)}'\n{step.commands}" for number, step in enumerate(blocks)
    )
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "SHUQIAO": service.origin,
        "PEOPLE": str(people),
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    found = re.split(r"==== block (\d+) ====\n", done.stdout)[1:]
    return {int(number): text for number, text in zip(found[::2], found[1::2], strict=True)}


@pytest.mark.slow
def test_every_command_runs_and_prints_what_the_page_shows(
    outputs: dict[int, str], checkout: Path
) -> None:
    blocks = steps((checkout / "docs" / "walkthrough.md").read_text(encoding="utf-8"))
    assert len(outputs) == len(blocks) > 15
    missing = [
        (number, line, outputs[number])
        for number, step in enumerate(blocks)
        for line in step.lines
        if not is_printed(line, outputs[number])
    ]
    assert missing == []
    assert sum(len(step.lines) for step in blocks) > 20


def test_the_page_shows_only_what_it_may() -> None:
    """A line of dots alone would match anything."""
    page = (Path(__file__).parents[2] / "docs" / "walkthrough.md").read_text(encoding="utf-8")
    assert [line for step in steps(page) for line in step.lines if not line.strip("… ")] == []
