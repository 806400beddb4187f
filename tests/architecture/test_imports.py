"""Imports run one way: server → exchange → catalog → auth → policies | audit → shuqiao, and inside
each as declared: contracts that `make check` reads, which `make test` runs beside these tests.
"""

import tomllib

from tests.architecture.sources import PACKAGES, ROOT


def test_the_contracts_watch_all_packages() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {*PACKAGES, "shuqiao_client"} == set(pyproject["tool"]["importlinter"]["root_packages"])
    order = pyproject["tool"]["importlinter"]["contracts"][0]["layers"]
    assert order == ["server", "exchange", "catalog", "auth", "policies | audit", "shuqiao"]
