"""A file's name says what is in it."""

import ast
import sys
from collections.abc import Iterator

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


#: The words of the grammar that name a module.
WORDS = {
    *(
        "words",
        "fields",
        "lifecycle",
        "errors",
        "models",
        "schemas",
        "repository",
        "checks",
        "service",
    ),
    *("views", "forms", "access", "endpoints", "pages", "tasks"),
}
STAGES = ("catalog", "exchange", "auth", "server")


def misnamed(name: str, tree: ast.Module) -> Iterator[int]:
    """Lines that bring in another room's module under a bare word of the
    grammar, or the own room's under another name.
    """
    room = ".".join(name.removesuffix(".py").split("/")[:2])
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        if node.module.split(".")[0] not in STAGES or node.module.count(".") != 1:
            continue
        for alias in node.names:
            is_own = node.module == room
            if alias.name in WORDS and is_own is not (alias.asname is None):
                yield node.lineno


def test_a_bare_word_of_the_grammar_is_the_own_rooms() -> None:
    found = [f"{name}:{line}" for name, tree in modules(*STAGES) for line in misnamed(name, tree)]
    assert found == []


def test_the_rule_sees_a_stranger_under_a_bare_word() -> None:
    def lines(text: str) -> list[int]:
        return list(misnamed("exchange/grants/service.py", ast.parse(text)))

    assert lines("from exchange.requests import service") == [1]
    assert lines("from exchange.grants import repository as grants") == [1]
    assert lines("from exchange.grants import repository") == []
    assert lines("from exchange.requests import service as asking") == []
    assert lines("from catalog.resources.models import DataResource") == []
