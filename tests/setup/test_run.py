"""run.py: which Pythons it takes, when it sets up again, and that
signals and exit codes come through.
"""

import ast
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "run.py"


@pytest.fixture
def run() -> ModuleType:
    """run.py as a module of its own; each test gets a fresh one and may change its paths."""
    spec = importlib.util.spec_from_file_location("run_under_test", RUN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a space and Chinese characters that holds what the
    stamp covers; run.py is pointed at it.
    """
    folder = tmp_path / "数 桥"
    for name in run.STAMPED_FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for name, path in {
        "ROOT": folder,
        "VENV": folder / ".venv",
        "STAMP": folder / ".venv" / "set-up.stamp",
    }.items():
        monkeypatch.setattr(run, name, path)
    monkeypatch.setattr(run, "PYTHON", folder / ".venv" / "bin" / "python")
    return folder


def script(path: Path, text: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


class TestVersion:
    @pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
    def test_takes_the_supported_versions(self, run: ModuleType, version: tuple[int, int]) -> None:
        assert run.version_refusal(version) == ""

    @pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14), (4, 0)])
    def test_names_any_other_version_in_one_sentence(
        self, run: ModuleType, version: tuple[int, int]
    ) -> None:
        sentence = run.version_refusal(version)
        assert sentence.endswith(f"this is Python {version[0]}.{version[1]}.")
        assert "\n" not in sentence

    def test_refuses_before_anything_is_made(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(run, "SUPPORTED", ())
        monkeypatch.setattr(run, "dispatch", lambda *_: pytest.fail("it went on"))
        assert run.main(["demo"]) == 2
        assert capsys.readouterr().err.count("\n") == 1

    def test_can_be_compiled_by_old_interpreters(self) -> None:
        """Otherwise they print a SyntaxError where the sentence should be."""
        ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 7))

    def test_takes_exactly_what_the_project_declares(self) -> None:
        assert 'requires-python = ">=3.11,<3.14"' in (ROOT / "pyproject.toml").read_text(
            encoding="utf-8"
        )


class TestStamp:
    def stamp(self, run: ModuleType) -> None:
        run.PYTHON.parent.mkdir(parents=True)
        run.PYTHON.symlink_to(sys.executable)
        run.STAMP.write_text(run.fingerprint(run.ROOT), encoding="utf-8")

    def test_a_second_run_has_nothing_to_do(self, run: ModuleType, checkout: Path) -> None:
        self.stamp(run)
        run.fingerprint.__defaults__ = (checkout, *run.fingerprint.__defaults__[1:])
        assert run.packages_are_installed()

    def test_every_stamped_file_counts(self, run: ModuleType, checkout: Path) -> None:
        before = run.fingerprint(checkout)
        for name in run.STAMPED_FILES:
            (checkout / name).write_bytes((checkout / name).read_bytes() + b"\n")
            after = run.fingerprint(checkout)
            assert after != before, name
            before = after

    def test_a_moved_checkout_is_set_up_again(self, run: ModuleType, checkout: Path) -> None:
        before = run.fingerprint(checkout)
        moved = checkout.with_name("moved")
        checkout.rename(moved)
        assert run.fingerprint(moved) != before

    def test_another_python_is_set_up_again(self, run: ModuleType, checkout: Path) -> None:
        assert run.fingerprint(checkout, (3, 11)) != run.fingerprint(checkout, (3, 12))

    def test_a_venv_without_its_python_is_set_up_again(
        self, run: ModuleType, checkout: Path
    ) -> None:
        self.stamp(run)
        run.fingerprint.__defaults__ = (checkout, *run.fingerprint.__defaults__[1:])
        run.PYTHON.unlink()
        assert not run.packages_are_installed()

    def test_a_venv_made_elsewhere_is_not_taken(self, run: ModuleType, checkout: Path) -> None:
        """Its scripts carry the old path; the same venv is taken where it says it was made."""
        self.stamp(run)
        activate = run.VENV / "bin" / "activate"
        activate.write_text("VIRTUAL_ENV=/somewhere/else/.venv\n", encoding="utf-8")
        assert not run.venv_is_usable()
        activate.write_text(f'VIRTUAL_ENV="{run.VENV}"\n', encoding="utf-8")
        assert run.venv_is_usable()

    def test_a_killed_set_up_is_begun_anew(self, run: ModuleType, checkout: Path) -> None:
        self.stamp(run)
        (run.VENV / "bin" / "activate").write_text(f'VIRTUAL_ENV="{run.VENV}"\n', encoding="utf-8")
        assert run.venv_is_usable()
        run.STAMP.write_text(run.UNFINISHED, encoding="utf-8")
        assert not run.venv_is_usable()


class TestLocked:
    def test_gives_one_package_with_all_its_hashes(self, run: ModuleType, tmp_path: Path) -> None:
        lock = tmp_path / "lock"
        uv = "uv==2 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
        lock.write_text(
            "uvicorn==1 \\\n    --hash=sha256:aa\n" + uv + "x==3 \\\n    --hash=sha256:dd\n"
        )
        assert run.locked("uv", lock) == uv

    def test_finds_uv_in_the_dev_lock(self, run: ModuleType) -> None:
        assert run.locked("uv").startswith("uv==")
        assert run.locked("uv").count("--hash=sha256:") > 1


class TestChromium:
    def test_takes_the_one_that_was_asked_for(
        self, run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        browser = script(tmp_path / "my chromium", "echo Chromium 1")
        monkeypatch.setenv("SHUQIAO_TEST_CHROMIUM", str(browser))
        assert run.chromium() == str(browser)

    def test_does_not_replace_the_one_that_was_asked_for(
        self, run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SHUQIAO_TEST_CHROMIUM", str(tmp_path / "absent"))
        with pytest.raises(run.Refused, match="absent"):
            run.chromium()

    def test_passes_over_one_that_does_not_start(
        self, run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script(tmp_path / "chromium", "exit 1")
        chrome = script(tmp_path / "google-chrome", "exit 0")
        monkeypatch.setenv("PATH", str(tmp_path))
        assert run.on_path() == str(chrome)

    def test_names_the_command_when_there_is_none(
        self, run: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SHUQIAO_TEST_CHROMIUM", raising=False)
        for way in ("on_path", "of_playwright"):
            monkeypatch.setattr(run, way, lambda: "")
        monkeypatch.setattr(run, "apt_install", lambda *_: False)
        monkeypatch.setattr(run, "run", lambda *_, **__: 1)
        with pytest.raises(run.Refused, match="apt-get install chromium"):
            run.chromium()


class TestProcess:
    """run.py itself as a process, in a copy whose .venv holds scripts
    of ours instead of the real programs.
    """

    @pytest.fixture
    def door(self, run: ModuleType, checkout: Path) -> Path:
        """run.py in a checkout that is set up as far as the stamp can tell."""
        shutil.copyfile(RUN, checkout / "run.py")
        script(
            run.PYTHON,
            'case "$*" in *"shuqiao.web.assets verify") exit 0;; esac;'
            ' echo "$@"; echo last; exit 3',
        )
        run.STAMP.write_text(run.fingerprint(checkout), encoding="utf-8")
        return checkout / "run.py"

    def call(self, door: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(door), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, **env}, timeout=60
        )

    def test_the_demo_is_called_with_its_arguments_and_its_exit_status_comes_back(
        self, run: ModuleType, door: Path
    ) -> None:
        script(run.VENV / "bin" / "shuqiao", 'echo "$1|$2|$3"; exit 7')
        answer = self.call(door, "demo", "--once", "zwei Wörter")
        assert (answer.returncode, answer.stdout) == (7, "demo|--once|zwei Wörter\n")

    def test_what_is_set_up_for_production_is_set_up_for_that_alone(
        self, run: ModuleType, door: Path, checkout: Path
    ) -> None:
        core = run.fingerprint(checkout, lock=run.CORE_LOCK)
        assert core != run.fingerprint(checkout)
        run.STAMP.write_text(core, encoding="utf-8")
        answer = self.call(door, "setup", "--production")
        assert (answer.returncode, answer.stderr) == (0, "")

    def test_stdout_belongs_to_the_program(self, run: ModuleType, door: Path) -> None:
        script(run.VENV / "bin" / "shuqiao", 'echo "{}"')
        assert self.call(door, "demo", "--once").stdout == "{}\n"

    def test_a_signal_reaches_the_demo(self, run: ModuleType, door: Path, tmp_path: Path) -> None:
        ready = tmp_path / "ready"
        script(
            run.VENV / "bin" / "shuqiao",
            f"trap 'exit 9' TERM; : > '{ready}'; while :; do sleep 0.05; done",
        )
        process = subprocess.Popen([sys.executable, str(door), "demo"])
        deadline = time.monotonic() + 30
        while not ready.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 9

    def test_a_failed_check_is_named_beside_the_tests(self, run: ModuleType, door: Path) -> None:
        """Both are run to their end, and either fails the run."""
        script(run.PYTHON, 'case "$*" in *verify) exit 0;; esac; echo "the tests ran"')
        for name, code in (("ruff", 0), ("mypy", 1), ("lint-imports", 0)):
            script(run.VENV / "bin" / name, f"echo {name} ran; exit {code}")
        answer = self.call(door, "test", SHUQIAO_TEST_BROWSER="off")
        assert answer.returncode == 1
        assert "the tests ran" in answer.stdout
        assert "lint-imports ran" in answer.stderr
        assert "run.py: failed: mypy\n" in answer.stderr

    def test_failed_tests_fail_the_run(self, run: ModuleType, door: Path) -> None:
        for name in ("ruff", "mypy", "lint-imports"):
            script(run.VENV / "bin" / name, "exit 0")
        answer = self.call(door, "test", SHUQIAO_TEST_BROWSER="off")
        assert answer.returncode == 3
        assert answer.stdout.splitlines()[-1] == run.NOT_RUN

    @pytest.mark.slow
    def test_leaving_the_browser_out_is_said_last(self, run: ModuleType, checkout: Path) -> None:
        """With the real Python and pytest, on a suite of one test that
        is run and one that needs a browser.
        """
        shutil.copyfile(RUN, checkout / "run.py")
        for name in ("ruff", "mypy", "lint-imports"):
            script(run.VENV / "bin" / name, "exit 0")
        script(
            run.PYTHON,
            f'case "$*" in *"assets verify") exit 0;; esac; exec "{sys.executable}" "$@"',
        )
        run.STAMP.write_text(run.fingerprint(checkout), encoding="utf-8")
        suite = (
            "import pytest\ndef test_plain(): pass\n@pytest.mark.browser\ndef test_page(): assert "
            "False\n"
        )
        (checkout / "tests").mkdir()
        (checkout / "tests" / "test_it.py").write_text(suite, encoding="utf-8")
        answer = self.call(
            checkout / "run.py", "test", "-p", "no:cacheprovider", SHUQIAO_TEST_BROWSER="off"
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert "= 1 passed in " in answer.stdout
        assert answer.stdout.splitlines()[-1] == "NOT RUN: browser tests (SHUQIAO_TEST_BROWSER=off)"

    @pytest.mark.parametrize("arguments", [(), ("dance",)])
    def test_an_unknown_verb_gets_the_list_of_verbs(
        self, door: Path, arguments: tuple[str, ...]
    ) -> None:
        answer = self.call(door, *arguments)
        assert answer.returncode == 2
        assert "test-slow" in answer.stdout

    def test_waits_for_another_set_up_of_the_same_checkout(
        self, run: ModuleType, door: Path, checkout: Path
    ) -> None:
        """While somebody holds the lock nothing is built; when he has
        finished there is nothing left to do.
        """
        finished = run.STAMP.read_text(encoding="utf-8")
        run.STAMP.unlink()
        (checkout / "build").mkdir()
        with (checkout / "build" / "set-up.lock").open("w") as lock:
            run.fcntl.flock(lock, run.fcntl.LOCK_EX)
            process = subprocess.Popen(
                [sys.executable, str(door), "setup"], stderr=subprocess.PIPE, text=True
            )
            assert process.stderr is not None
            assert "waiting for it" in process.stderr.readline()
            run.STAMP.write_text(finished, encoding="utf-8")
        assert process.communicate(timeout=30)[1] == ""
        assert process.returncode == 0


def test_make_knows_every_verb() -> None:
    """The Makefile only calls run.py."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "run.py $@ $(ARGS)" in text
    for verb in (
        "demo",
        "test",
        "test-slow",
        "test-long",
        "install-check",
        "check",
        "setup",
        "lock",
        "bench",
        "screens",
    ):
        dry = subprocess.run(
            ["make", "-n", "--no-print-directory", verb, "ARGS=--once"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert dry.stdout.strip() == f"python3 run.py {verb} --once"
