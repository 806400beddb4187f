"""The source tree as the tests of the architecture see it: committed files only, parsed once."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("server", "exchange", "catalog", "auth", "policies", "audit", "shuqiao")
PRODUCT = (*PACKAGES, "sdk")
# The top-level names of the service's wheel.
SHIPPED = (*PACKAGES, "migrations")
NOT_COMMITTED = {
    *(
        ".git",
        ".venv",
        ".shuqiao",
        "build",
        "dist",
        "node_modules",
        "vendor",
        "__pycache__",
        ".hypothesis",
    ),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"),
}
# Files without a suffix are read too: LICENSE, Makefile, .gitignore, .npmrc.
TEXT_SUFFIXES = {
    *(
        "",
        ".py",
        ".md",
        ".toml",
        ".html",
        ".css",
        ".js",
        ".svg",
        ".json",
        ".cedar",
        ".cedarschema",
        ".po",
        ".sql",
    ),
    *(".csv", ".txt", ".lock", ".example", ".mako", ".ini", ".yaml", ".yml", ".sh"),
}


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """Every file of these folders of the repository (of all of it
    without folders) that is not made by a tool.
    """
    for start in [ROOT / folder for folder in folders] or [ROOT]:
        for folder, inner, names in os.walk(start):
            inner[:] = sorted(
                name
                for name in inner
                if name not in NOT_COMMITTED and not name.endswith(".egg-info")
            )
            yield from (
                Path(folder, name)
                for name in sorted(names)
                if name.endswith(suffix) and name not in NOT_COMMITTED  # `.git` of a work tree
            )


def name_of(path: Path) -> str:
    """The path as it is written in messages and lists: relative to the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()


def text_files() -> Iterator[tuple[Path, str]]:
    """Every committed file that is meant to be read, with its text."""
    for path in files():
        if path.suffix in TEXT_SUFFIXES:
            yield (
                path,
                path.read_text(encoding="utf-8", errors="replace"),
            )  # a sample may be GB 18030, on purpose


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of every Python file of these folders."""
    for path in files(*folders, suffix=".py"):
        yield name_of(path), parsed(path)
