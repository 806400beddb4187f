"""The wheels: every file of their packages, fetched browser files and migrations too, no tests."""

import email
import shutil
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path

import pytest

from shuqiao.web.assets import manifest
from tests.architecture.sources import ROOT, SHIPPED

PROJECT_FILES = ("pyproject.toml", "README.md", "LICENSE", "setup.py")


def copied(folder: Path, packages: tuple[str, ...], copy: Path, *left_out: str) -> None:
    """What a wheel is made of."""
    ignored = shutil.ignore_patterns("__pycache__", *left_out)
    for package in packages:
        shutil.copytree(folder / package, copy / package, ignore=ignored)
    for name in PROJECT_FILES:
        if (folder / name).exists():
            shutil.copyfile(folder / name, copy / name)


def built(folder: Path, packages: tuple[str, ...], copy: Path) -> zipfile.ZipFile:
    """The wheel built, without network, from a copy of what it is made of."""
    copied(folder, packages, copy)
    answer = build(copy)
    assert answer.returncode == 0, answer.stderr
    (made,) = (copy / "made").glob("*.whl")
    return zipfile.ZipFile(made)


def build(copy: Path) -> subprocess.CompletedProcess[str]:
    uv = Path(sys.executable).with_name("uv")
    command = [
        uv,
        "build",
        "--wheel",
        "--offline",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "-o",
        "made",
        ".",
    ]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=100)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the service's wheel."""
    return set(built(ROOT, SHIPPED, tmp_path_factory.mktemp("copy")).namelist())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return built(ROOT / "sdk", ("shuqiao_client",), tmp_path_factory.mktemp("client"))


def test_carries_every_file_of_the_packages(wheel: set[str]) -> None:
    files = (path for package in SHIPPED for path in (ROOT / package).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert sorted(name for name in names - wheel if not name.endswith(".md")) == []


def test_carries_the_migrations(wheel: set[str]) -> None:
    assert {"migrations/env.py", "migrations/script.py.mako"} < wheel
    revisions = {
        f"migrations/versions/{path.name}"
        for path in (ROOT / "migrations" / "versions").glob("2*.py")
    }
    assert revisions
    assert revisions < wheel


def test_carries_the_shipped_browser_files_and_not_those_of_the_tests(wheel: set[str]) -> None:
    for file in manifest():
        inside = {name for name in wheel if name.endswith(f"/static/vendor/{file.target.name}")}
        assert bool(inside) is file.shipped, file.target.name


def test_without_the_browser_files_it_is_not_built(tmp_path: Path) -> None:
    copied(ROOT, SHIPPED, tmp_path, "vendor")
    answer = build(tmp_path)
    assert answer.returncode != 0
    assert "is missing: run `python3 run.py setup` first" in answer.stderr


def test_installs_no_other_top_level_name(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(SHIPPED)


def test_carries_the_licence(wheel: set[str]) -> None:
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in wheel)


#: As it is installed where there is no service: its packages cannot be imported.
_ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
sys.modules.update(dict.fromkeys(sys.argv[2].split(",")))
import shuqiao_client.cli
assert shuqiao_client.__file__.startswith(sys.argv[1])
sys.exit(shuqiao_client.cli.run(sys.argv[3:]))
"""


def test_the_client_verifies_an_export_where_there_is_no_service(
    client: zipfile.ZipFile, tmp_path: Path
) -> None:
    client.extractall(tmp_path / "installed")
    command = [sys.executable, "-P", "-c", _ALONE, tmp_path / "installed", ",".join(SHIPPED)]
    for number, (head, verdict, status) in enumerate(
        (
            ("no export", "not_an_export", 9),
            ('{"format":"shuqiao-audit-export/1","whole":true}', "less", 8),
            ('{"format":"shuqiao-audit-export/1","whole":true,"events":7}', "wrong", 1),
        )
    ):
        file = tmp_path / f"{number}.jsonl"
        file.write_text(head + "\n", encoding="utf-8")
        words = ["--lang", "en", "trail", "verify", file]
        done = subprocess.run([*command, *words], capture_output=True, text=True, timeout=60)
        assert done.returncode == status, done.stderr
        assert done.stdout.splitlines()[-1].startswith(f"{verdict}; ")


def test_the_client_says_its_version(client: zipfile.ZipFile, tmp_path: Path) -> None:
    """The one of the package, which is written down nowhere else."""
    client.extractall(tmp_path / "installed")
    command = [sys.executable, "-P", "-c", _ALONE, tmp_path / "installed", ",".join(SHIPPED)]
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60)
    (metadata,) = (name for name in client.namelist() if name.endswith("dist-info/METADATA"))
    version = email.message_from_bytes(client.read(metadata))["Version"]
    assert (done.returncode, done.stdout) == (0, f"{version}\n"), done.stderr


def test_the_client_carries_its_types_its_licence_and_says_what_it_is(
    client: zipfile.ZipFile,
) -> None:
    assert "shuqiao_client/py.typed" in client.namelist()
    (licence,) = (name for name in client.namelist() if name.endswith("dist-info/licenses/LICENSE"))
    assert client.read(licence) == (ROOT / "LICENSE").read_bytes()
    (metadata,) = (name for name in client.namelist() if name.endswith("dist-info/METADATA"))
    told: Message = email.message_from_bytes(client.read(metadata))
    assert told["License-Expression"] == "Apache-2.0"
    assert (ROOT / "sdk" / "README.md").read_text(encoding="utf-8").strip() in client.read(
        metadata
    ).decode()
