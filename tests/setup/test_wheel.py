"""The wheel: it carries every file of the packages, the fetched browser files too, and nothing of the tests."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from shuqiao.web.assets import manifest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("server", "exchange", "catalog", "auth", "policies", "audit", "shuqiao")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel built, without network, from a copy of what the wheel is made of."""
    copy = tmp_path_factory.mktemp("copy")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, copy / name)
    uv = Path(sys.executable).with_name("uv")
    build = [uv, "build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable, "-o", "made", "."]
    answer = subprocess.run(build, cwd=copy, capture_output=True, text=True, timeout=100)
    assert answer.returncode == 0, answer.stderr
    (made,) = (copy / "made").glob("*.whl")
    return set(zipfile.ZipFile(made).namelist())


def test_carries_every_file_of_the_packages(wheel: set[str]) -> None:
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert sorted(name for name in names - wheel if not name.endswith(".md")) == []


def test_carries_the_shipped_browser_files_and_not_those_of_the_tests(wheel: set[str]) -> None:
    for file in manifest():
        inside = {name for name in wheel if name.endswith(f"/static/vendor/{file.target.name}")}
        assert bool(inside) is file.shipped, file.target.name


def test_installs_no_other_top_level_name(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_carries_the_licence(wheel: set[str]) -> None:
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in wheel)
