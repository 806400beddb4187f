"""One source of time, and nothing that goes by the ids that are made from it."""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.sources import modules

PACKAGES: Final = ("server", "exchange", "catalog", "auth", "policies", "audit", "shuqiao")
#: The one reader of the operating system's clock.
READER: Final = "shuqiao/real_time.py"
OF_DATETIME: Final = {"now", "utcnow", "today"}
OF_TIME: Final = {
    *("time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime", "clock_gettime"),
    "clock_gettime_ns",
}
#: A day is one of Beijing and of the business, never the database's own.
OF_SQL: Final = re.compile(r"(?i)\b(current_date|localtime|localtimestamp|timeofday)\b")


def readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and words of each look at a clock that is not ours, whatever it was imported as."""
    names = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if node.module in ("time", "datetime")
    } | {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in ("time", "datetime")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner, name = _origin(node.value, names), node.attr
            is_read = (owner == "time" and name in OF_TIME) or (
                owner.startswith("datetime") and name in OF_DATETIME
            )
            if is_read:
                yield node.lineno, f"{owner}.{name}"
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            module, _, name = names.get(node.id, "").partition(".")
            if module == "time" and name in OF_TIME:
                yield node.lineno, f"time.{name}"
        elif isinstance(node, ast.Constant) and "SELECT" in str(node.value).upper():
            yield from ((node.lineno, found) for found in OF_SQL.findall(str(node.value)))


def _origin(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        return f"{_origin(node.value, names)}.{node.attr}"
    return ""


def test_one_module_reads_the_clock() -> None:
    found = [
        f"{name}:{line} {words}"
        for name, tree in modules(*PACKAGES)
        if name != READER
        for line, words in readings(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now()",
        "from datetime import datetime as d\nd.utcnow()",
        "from datetime import date\nx = date.today",
        "import datetime\ndatetime.datetime.now()",
        "import time\ntime.time()",
        "import time as t\nt.time_ns()",
        "from time import time as clock\nclock()",
        "import time\nfactory = time.localtime",
        "q = 'SELECT 1 WHERE day < current_date'",
    ],
)
def test_a_look_at_another_clock_is_found(source: str) -> None:
    assert list(readings(ast.parse(source)))


def test_counting_is_no_look_at_a_clock() -> None:
    source = "import time\ntime.monotonic()\ntime.perf_counter()\ntime.sleep(1)\nnow()"
    assert list(readings(ast.parse(source))) == []
