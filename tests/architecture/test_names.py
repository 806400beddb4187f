"""A file's name says what is in it."""

import ast
import sys

from tests.architecture.sources import PRODUCT, ROOT, files, modules, name_of

SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "stuff",
    "base_utils",
}
EMPTY_SUFFIXES = ("Manager", "Helper", "Utils", "Processor")


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [
        name_of(path)
        for path in files(*PRODUCT, "tests", "bench", "migrations", suffix=".py")
        if SAYS_NOTHING & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    ]
    assert named == []


def test_no_class_has_a_suffix_that_says_nothing() -> None:
    named = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(EMPTY_SUFFIXES)
    ]
    assert named == []


def test_no_top_level_folder_hides_a_module_of_the_standard_library() -> None:
    assert {path.name for path in ROOT.iterdir()} & set(sys.stdlib_module_names) == set()
