"""The way of a page: an endpoint takes what the guard hands it, asks a service, and goes on.

An endpoint's way are the rooms whose functions it calls, in order; it returns when it calls a room
it had left. What it was handed (form, session, once) is no room, nor is what it raises. The
function that fills a page has a way of its own.
"""

import ast
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from tests.architecture.sources import PACKAGES, modules

ROOMS: Final = 8
RETURNS: Final = 4


def ways() -> Iterator[tuple[str, list[str]]]:
    """Every endpoint of pages, and every function that fills a page, with its rooms in order."""
    for name, tree in modules(*PACKAGES):
        imported = _imported(tree)
        for each in tree.body:
            if isinstance(each, ast.FunctionDef) and (_is_endpoint(each) or _fills(each)):
                refusals = {
                    id(inner)
                    for node in ast.walk(each)
                    if isinstance(node, ast.Raise)
                    for inner in ast.walk(node)
                }
                calls = [
                    node
                    for node in ast.walk(each)
                    if isinstance(node, ast.Call) and id(node) not in refusals
                ]
                calls.sort(key=lambda call: (call.lineno, call.col_offset))
                known = {**_chosen(each, imported), **imported}
                found = (known.get(_root(call.func), "") for call in calls)
                yield f"{name}:{each.name}", [room for room, _ in groupby(filter(None, found))]


def _imported(tree: ast.Module) -> Mapping[str, str]:
    """Name → room, for what a file imports of the house."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, rest = node.module.partition(".")
            if package in PACKAGES:
                for alias in node.names:
                    inner = rest.split(".")[0] or alias.name
                    found[alias.asname or alias.name] = f"{package}.{inner}"
    return found


def _chosen(function: ast.FunctionDef, imported: Mapping[str, str]) -> Mapping[str, str]:
    """Names that a function gives to one of several imported ones: ``take = service.release``."""
    found = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            rooms = [
                imported[inner.value.id]
                for inner in ast.walk(node.value)
                if isinstance(inner, ast.Attribute)
                and isinstance(inner.value, ast.Name)
                and inner.value.id in imported
            ]
            if rooms:
                found[node.targets[0].id] = rooms[0]
    return found


def _is_endpoint(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(each, ast.Call) and ast.unparse(each.func) in ("router.page", "router.form")
        for each in function.decorator_list
    )


def _fills(function: ast.FunctionDef) -> bool:
    return function.name.endswith("_page") and not function.name.startswith("_")


def _root(function: ast.expr) -> str:
    while isinstance(function, ast.Attribute | ast.Call | ast.Subscript):
        function = function.func if isinstance(function, ast.Call) else function.value
    return function.id if isinstance(function, ast.Name) else ""


def returns(way: list[str]) -> int:
    return len(way) - len(set(way))


def test_an_endpoint_goes_through_few_rooms_and_seldom_back() -> None:
    known = dict(ways())
    assert len(known) > 40
    too_far = {
        name: way for name, way in known.items() if len(set(way)) > ROOMS or returns(way) > RETURNS
    }
    assert too_far == {}


if __name__ == "__main__":  # the figures of docs/decisions/2026-11-29-told-once.md
    for place, rooms in sorted(ways(), key=lambda each: -len(set(each[1]))):
        print(len(set(rooms)), returns(rooms), place, " ".join(rooms))
