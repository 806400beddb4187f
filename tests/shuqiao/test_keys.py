"""Secret keys: made once, the same for every process, readable by nobody else."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shuqiao.keys import key


def test_a_key_is_made_once_and_kept_for_its_owner_only(home: Path) -> None:
    made = key("test-made-once")
    file = home / "keys" / "test-made-once"
    assert (len(made), file.read_bytes(), key("test-made-once")) == (32, made, made)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert key("test-other") != made

    assert [name for name in os.listdir(file.parent) if name.startswith(".test")] == []


@pytest.mark.parametrize(
    "name",
    ["", ".hidden", "../escape", "a/b", "a\\b", "A", "密", "a" * 101, "a\n", "a\x00", "-a", "a b"],
)
def test_a_name_that_could_leave_the_folder_is_refused(home: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a key name"):
        key(name)


def test_processes_that_start_at_once_get_the_same_key(home: Path, checkout: Path) -> None:
    program = (
        "import sys; from shuqiao.keys import key; sys.stdin.read(); print(key('test-raced').hex())"
    )
    command = [sys.executable, "-c", program]
    running = [
        subprocess.Popen(
            command, cwd=checkout, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    found = {process.communicate(timeout=60)[0].strip() for process in running}
    assert found == {key("test-raced").hex()}
