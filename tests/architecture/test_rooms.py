"""What the import contracts do not see: what stands in a room's own ``__init__``.

A contract gives floors to the files of a room; the room itself has none, so that what its
``__init__`` imports would be checked by nothing.
"""

import ast
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.sources import PRODUCT, modules

#: With these a package loads its parts when they are first used.
LAZY: Final = {"importlib", "typing"}


def strangers(name: str, tree: ast.Module) -> Iterator[int]:
    """Lines of an ``__init__`` that import what is neither handed on from
    the own room nor needed to load it lazily.
    """
    room = name.removesuffix("/__init__.py").removeprefix("sdk/").replace("/", ".")
    handed_on = {
        element.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
        for element in getattr(node.value, "elts", ())
        if isinstance(element, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            if not {alias.name for alias in node.names} <= LAZY:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module not in LAZY:
            is_own = not node.level and f"{node.module}.".startswith(f"{room}.")
            if not is_own or not {alias.asname or alias.name for alias in node.names} <= handed_on:
                yield node.lineno


def test_a_room_imports_nothing_but_what_it_hands_on() -> None:
    found = [
        f"{name}:{line}"
        for name, tree in modules(*PRODUCT, "migrations")
        if name.endswith("/__init__.py")
        for line in strangers(name, tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "\nfrom catalog.publication.service import publish\n__all__ = ['publish']",
        "\nimport catalog.resources.service",
        "\nfrom catalog.resources.service import submit",
        "\nfrom . import service\n__all__ = ['service']",
        "\ndef late():\n    from exchange.grants import service",
        "\nimport sqlalchemy",
    ],
)
def test_the_rule_sees_what_it_forbids(planted: str) -> None:
    tree = ast.parse(planted)
    assert list(strangers("catalog/resources/__init__.py", tree)) in ([2], [3])


@pytest.mark.parametrize(
    "innocent",
    [
        '"""Only words."""',
        "from catalog.resources.service import submit\n__all__ = ['submit']",
        "import importlib\nfrom typing import Any",
    ],
)
def test_the_rule_leaves_the_rest_alone(innocent: str) -> None:
    assert list(strangers("catalog/resources/__init__.py", ast.parse(innocent))) == []
