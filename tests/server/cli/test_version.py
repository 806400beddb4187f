"""Both programs say which they are and teach a shell their commands."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli.main import app
from server.tables import REVISION

PROGRAMS = ("shuqiao", "sq")


def started(program: str, words: str = "", **environment: str) -> str:
    """From a shell, which is what the program looks for."""
    line = f"'{Path(sys.executable).with_name(program)}' {words}; exit $?"
    command = ["bash", "-c", line]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_version_is_the_packages_with_the_revision_it_needs() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert told.output == f"shuqiao {version('shuqiao')}, revision {REVISION}\n"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_shell_is_taught_the_commands(program: str) -> None:
    """The script of ``--show-completion`` asks the program in this way."""
    variable = f"_{program.upper()}_COMPLETE"
    assert variable in started(program, "--show-completion")
    asked = {variable: "complete_bash", "COMP_WORDS": f"{program} ca", "COMP_CWORD": "1"}
    found = {"shuqiao": {"calendar"}, "sq": {"calendar", "catalog"}}[program]
    assert set(started(program, **asked).split()) == found
