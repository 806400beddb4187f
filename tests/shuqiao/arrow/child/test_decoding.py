"""The limited child: every limit bites, nothing leaks in, nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shuqiao.arrow.child.decoders import decoders
from shuqiao.arrow.child.decoding import ChildLimits, run_in_child
from shuqiao.arrow.intake.readers import IntakeLimits, preview
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.errors import TooLarge

MB = 1_048_576


def probe(name: str, limits: ChildLimits | None = None, **arguments: object) -> DecodeRefused:
    with pytest.raises(DecodeRefused) as caught:
        run_in_child(f"shuqiao.arrow.child.probes:{name}", arguments, limits or ChildLimits())
    return caught.value


def until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def anonymous_bytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("RssAnon"))


class TestSurroundings:
    def test_no_setting_and_no_secret_reaches_the_child(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SHUQIAO_DATABASE_URL", "postgresql://app:canary-4711@/db")
        monkeypatch.setenv("PGPASSWORD", "canary-4711")
        seen = run_in_child("shuqiao.arrow.child.probes:surroundings", {}, ChildLimits()).value
        assert "canary-4711" not in json.dumps(seen)
        assert not [
            name for name in seen["environment"] if name.startswith(("SHUQIAO", "PG", "PYTHON"))
        ]

    def test_limits_hold_inside_and_nothing_is_inherited(self) -> None:
        limits = ChildLimits(memory_bytes=900 * MB, cpu_seconds=7, file_bytes=5 * MB, open_files=40)
        with open(os.devnull) as file:
            os.set_inheritable(file.fileno(), True)
            seen = run_in_child("shuqiao.arrow.child.probes:surroundings", {}, limits).value
        assert seen["limits"] == {
            "RLIMIT_AS": 900 * MB,
            "RLIMIT_CORE": 0,
            "RLIMIT_CPU": 7,
            "RLIMIT_FSIZE": 5 * MB,
            "RLIMIT_NOFILE": 40,
        }
        assert seen["stdin"] == ""
        assert (seen["leads_session"], seen["may_gain_privileges"]) == (True, False)
        assert max(seen["open_files"]) <= 4  # 0, 1, 2 and the listing itself

    def test_the_cost_is_told(self) -> None:
        answer = run_in_child("shuqiao.arrow.child.probes:surroundings", {}, ChildLimits())
        assert 10 * MB < answer.peak_bytes < 300 * MB
        assert answer.cpu_seconds > 0


class TestLimits:
    def test_memory_ends_the_child_and_leaves_the_parent_as_it_was(self) -> None:
        before = anonymous_bytes()
        refused = probe("take_memory", ChildLimits(memory_bytes=700 * MB), chunk_bytes=16 * MB)
        assert (type(refused), refused.reason) == (DecodeTooLarge, "memory")
        assert anonymous_bytes() - before < 8 * MB

    def test_cpu_time(self) -> None:
        assert probe("spin", ChildLimits(cpu_seconds=1)).reason == "cpu_time"

    def test_file_size(self, tmp_path: Path) -> None:
        refused = probe("write_much", ChildLimits(file_bytes=3 * MB), path=str(tmp_path / "much"))
        assert isinstance(refused, TooLarge)
        assert (tmp_path / "much").stat().st_size <= 3 * MB

    def test_wall_clock_kills_the_whole_group(self, tmp_path: Path) -> None:
        pids = tmp_path / "pids"
        assert (
            probe("hang", ChildLimits(wall_seconds=1.5), pid_file=str(pids)).reason == "wall_time"
        )
        numbers = [int(word) for word in pids.read_text().split()]
        assert len(numbers) == 2
        assert until(lambda: not any(is_running(number) for number in numbers))

    def test_open_files(self) -> None:
        refused = probe("open_many", ChildLimits(open_files=20))
        assert "Too many open files" in refused.facts["stderr"]

    def test_no_room_for_a_thread_is_a_matter_of_memory(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_text("name\none\n")
        preview(tmp_path / "a.csv", file_name="a.csv", limits=IntakeLimits())  # all is imported
        with decoders().zygote() as zygote:
            taken = Path(f"/proc/{zygote.pid}/status").read_text()
        taken_bytes = next(
            int(line.split()[1]) * 1_024 for line in taken.splitlines() if line.startswith("VmSize")
        )
        # More than Python needs for its own next objects, less than the stack of a thread.
        limits = IntakeLimits(child=ChildLimits(memory_bytes=taken_bytes + 5 * MB, wall_seconds=20))
        with pytest.raises(DecodeTooLarge) as caught:
            preview(tmp_path / "a.csv", file_name="a.csv", limits=limits)
        assert caught.value.reason == "memory"

    def test_a_crash_is_a_refusal_with_the_signal_in_its_facts(self) -> None:
        refused = probe("fall_over")
        assert (refused.reason, refused.facts["status"], refused.status) == (
            "crashed",
            -signal.SIGSEGV,
            422,
        )

    def test_the_child_its_own_and_the_zygote_die_with_the_service(self, tmp_path: Path) -> None:
        pids = tmp_path / "pids"
        imports = "import sys; from shuqiao.arrow.child.decoding import ChildLimits, run_in_child"
        hang = "'shuqiao.arrow.child.probes:hang', {'pid_file': sys.argv[1]}, ChildLimits()"
        code = f"{imports}; run_in_child({hang})"
        parent = subprocess.Popen(
            [sys.executable, "-c", code, str(pids)], env={**os.environ, "TMPDIR": str(tmp_path)}
        )
        assert until(lambda: pids.exists() and len(pids.read_text().split()) == 2, 30)
        numbers = [int(word) for word in pids.read_text().split()]
        numbers.append(
            int(Path(f"/proc/{numbers[0]}/stat").read_text().rpartition(")")[2].split()[1])
        )  # the zygote
        parent.kill()
        parent.wait()
        assert until(lambda: not any(is_running(number) for number in numbers))


class TestAnswer:
    def test_a_refusal_comes_back_as_it_was_raised(self) -> None:
        refused = probe("refuse")
        assert (refused.reason, refused.detail is not None) == ("probe", True)

    @pytest.mark.parametrize("function", ["os:getcwd", "json:loads", "shuqiaoX.arrow:x"])
    def test_only_our_packages_are_run(self, function: str) -> None:
        with pytest.raises(ValueError, match="our own packages"):
            run_in_child(function, {}, ChildLimits())

    def test_what_a_module_only_imported_is_not_run(self) -> None:
        with pytest.raises(DecodeRefused) as caught:
            run_in_child("shuqiao.arrow.child.probes:Path", {}, ChildLimits())
        assert "not a function of that module" in caught.value.facts["stderr"]

    def test_nothing_stays_in_the_temporary_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        probe("refuse")
        run_in_child("shuqiao.arrow.child.probes:surroundings", {}, ChildLimits())
        assert list(tmp_path.iterdir()) == []
