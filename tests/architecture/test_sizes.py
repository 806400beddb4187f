"""Files and functions stay small enough to be read at once."""

import ast

from tests.architecture.sources import PRODUCT, ROOT, files, modules, name_of

FILE_LINES = 500
FUNCTION_LINES = 60


def test_no_file_is_longer_than_500_lines() -> None:
    watched = [ROOT / "run.py", *files(*PRODUCT, "tests", "bench", "migrations", suffix=".py")]
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in watched
    }
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    too_long = [
        f"{name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for name, tree in modules(*PRODUCT)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert too_long == []
