"""Our plain top-level names mean our folders, and everything in them reaches the wheel."""

import importlib.util
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, SHIPPED, files, name_of


@pytest.mark.parametrize("package", SHIPPED)
def test_the_name_means_our_folder(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve() == ROOT / package / "__init__.py"


@pytest.mark.parametrize("package", SHIPPED)
def test_no_other_distribution_claims_the_name(package: str) -> None:
    assert set(packages_distributions().get(package, ["shuqiao"])) == {"shuqiao"}


def test_every_folder_with_code_is_a_package() -> None:
    """Without ``__init__.py`` setuptools leaves a folder out of the wheel,
    and the contracts leave its imports unread, both without a word.
    """
    folders = {path.parent for path in files(*SHIPPED, "sdk/shuqiao_client", suffix=".py")}
    assert (
        sorted(name_of(folder) for folder in folders if not (folder / "__init__.py").is_file())
        == []
    )


def test_tests_and_measurements_are_no_packages() -> None:
    """They must never be installed under names as general as these."""
    assert [name_of(path) for path in files("tests", "bench", suffix="__init__.py")] == []


def test_every_kind_of_data_file_is_named_in_the_packaging() -> None:
    packaged = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    kinds = {path.suffix for path in files(*SHIPPED) if path.suffix not in {".py", ".md"}}
    assert sorted(kind for kind in kinds if f'"**/*{kind}"' not in packaged) == []
