"""Files and functions stay small enough to be read at once."""

import ast

from tests.architecture.sources import PACKAGES, PRODUCT, ROOT, files, modules, name_of

FILE_LINES = 500
PRODUCT_FILE_LINES = 300
FUNCTION_LINES = 60
TEMPLATE_COLUMNS = 160
#: Longer files of the product, and why.
LONGER = {
    "audit/events.py": "one list: every event with its words, a line or two each",
    "shuqiao/settings.py": "one list: every setting with its bounds and what it is for",
}


def test_no_file_is_longer_than_500_lines() -> None:
    watched = [ROOT / "run.py", *files(*PRODUCT, "tests", "bench", "migrations", suffix=".py")]
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in watched
    }
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}


def test_files_of_the_product_have_at_most_300_lines() -> None:
    longer = {
        name_of(path)
        for path in files(*PRODUCT, suffix=".py")
        if len(path.read_text(encoding="utf-8").splitlines()) > PRODUCT_FILE_LINES
    }
    assert longer == set(LONGER)


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


def test_no_line_of_a_template_is_wider_than_160_columns() -> None:
    """Break inside a tag or an expression, or after a ``{% … %}``, whose newline is dropped:
    elsewhere a newline is a space, which Chinese text would show.
    """
    too_wide = [
        f"{name_of(path)}:{number}"
        for path in files(*PACKAGES, suffix=".html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > TEMPLATE_COLUMNS
    ]
    assert too_wide == []
