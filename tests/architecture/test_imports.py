"""Imports run one way: server → exchange → catalog → auth → policies | audit → shuqiao, and inside
each as declared.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import PACKAGES, ROOT


def test_every_import_contract_is_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_contracts_watch_all_packages() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {*PACKAGES, "shuqiao_client"} == set(pyproject["tool"]["importlinter"]["root_packages"])
    order = pyproject["tool"]["importlinter"]["contracts"][0]["layers"]
    assert order == ["server", "exchange", "catalog", "auth", "policies | audit", "shuqiao"]
