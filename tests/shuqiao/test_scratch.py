"""Folders for a moment: gone at the end of the block, and soon after a kill."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from shuqiao.scratch import remove_abandoned, scratch

HOLDS = """
import time
from shuqiao.scratch import scratch
with scratch() as folder:
    (folder / "row").write_text("a cell")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_it_is_private_and_gone_at_the_end(place: Path) -> None:
    with scratch() as folder:
        assert folder.parent == place
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "row").write_text("a cell")
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_goes_and_what_is_held_stays(place: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    killed, living = (Path(each.stdout.readline().strip()) for each in started if each.stdout)
    try:
        with scratch() as own:
            assert remove_abandoned() == 0, "all are held"
            started[0].send_signal(signal.SIGKILL)
            started[0].wait()
            assert remove_abandoned() == 1
            assert not killed.exists()
            assert living.exists()
            assert own.exists()
    finally:
        for each in started:
            each.kill()
            each.communicate()
    assert remove_abandoned() == 1


def test_a_link_is_not_followed(place: Path) -> None:
    kept = place / "kept"
    kept.mkdir()
    os.symlink(kept, place / "shuqiao-scratch-link")
    assert remove_abandoned() == 0
    assert kept.exists()
