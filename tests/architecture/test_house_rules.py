"""Rules of the house that no linter knows.

Each looks at syntax trees or text and names file and line.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.architecture.sources import PACKAGES, PRODUCT, ROOT, files, modules, name_of, text_files

MAY_COMMIT = ("shuqiao/db.py", "server/")
MAY_READ_THE_CLOCK = ("shuqiao/clock.py",)
# settings.py reads the environment; the others build that of a child
# process, or show it from inside (probes.py).
MAY_SEE_THE_ENVIRONMENT = (
    *("shuqiao/settings.py", "shuqiao/arrow/child/"),
    *("server/", "sdk/"),
)
# Commands import what they need when they run, so that `--help` answers at once.
MAY_IMPORT_LATE = ("server/cli", "sdk/shuqiao_client/cli")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root)(?:/|\b)")
ADDRESS = re.compile(r"https?://|127\.0\.0\.1:|localhost:")
TEMPLATE_SINS = {
    "an hx-on handler": re.compile(r"\bhx-on\b", re.I),
    "an expression evaluated by htmx": re.compile(r"""["']\s*(?:js|javascript):""", re.I),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.I),
    "output that is not escaped": re.compile(r"\|\s*safe\b"),
}


def offences(
    guilty: Callable[[ast.AST], bool], allowed: tuple[str, ...], folders: tuple[str, ...]
) -> list[str]:
    """File and line of every guilty node outside the allowed files (a
    path, or the start of one).
    """
    return [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, tree in modules(*folders)
        if not name.startswith(allowed)
        for node in ast.walk(tree)
        if guilty(node)
    ]


def is_commit(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    )


def reads_the_clock(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr not in {"now", "utcnow", "today"}:
        return False
    owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
    return owner in {"datetime", "date"}


def sees_the_environment(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(
            alias.name in {"environ", "getenv"} for alias in node.names
        )
    is_os = (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    )
    return is_os and getattr(node, "attr", "") in {"environ", "environb", "getenv", "putenv"}


def imports_late(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node))


def makes_a_guard(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"may", "may_at"}
    )


def test_guards_are_named_in_the_access_of_a_room() -> None:
    found = offences(makes_a_guard, (), PACKAGES)
    assert [place for place in found if "/access.py:" not in place] == []


def test_only_the_edge_commits() -> None:
    assert offences(is_commit, MAY_COMMIT, PACKAGES) == []


def test_only_the_clock_knows_the_time() -> None:
    assert offences(reads_the_clock, MAY_READ_THE_CLOCK, PACKAGES) == []


def test_only_the_settings_read_the_environment() -> None:
    assert offences(sees_the_environment, MAY_SEE_THE_ENVIRONMENT, PRODUCT) == []


def test_nothing_is_imported_inside_a_function() -> None:
    assert offences(imports_late, MAY_IMPORT_LATE, PRODUCT) == []


def test_the_rules_see_what_they_forbid() -> None:
    """The detectors themselves: each must find the planted offence and
    leave the innocent neighbour alone.
    """
    planted = {
        is_commit: ("session.commit()", "session.flush()"),
        reads_the_clock: ("datetime.datetime.now(UTC)", "clock.now()"),
        sees_the_environment: ("os.environ['A']", "settings().home"),
        makes_a_guard: ("may(Action.GRANT_READ, to_read)", "may_become(now, then)"),
        imports_late: ("def f():\n    import json", "import json\ndef f(): pass"),
    }
    for rule, (guilty, innocent) in planted.items():
        assert any(rule(node) for node in ast.walk(ast.parse(guilty))), guilty
        assert not any(rule(node) for node in ast.walk(ast.parse(innocent))), innocent


def sins(html: str) -> Iterator[tuple[int, str]]:
    for sin, pattern in TEMPLATE_SINS.items():
        for found in pattern.finditer(html):
            yield html.count("\n", 0, found.start()) + 1, sin


def test_templates_keep_the_content_security_policy() -> None:
    found = [
        f"{name_of(path)}:{line} {sin}"
        for path in files(*PACKAGES, suffix=".html")
        for line, sin in sins(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_template_rules_see_what_they_forbid() -> None:
    guilty = """<p style="color:red"><a onclick='x()'><b hx-on:click="x"><i hx-vals='js:{a: 1}'>
        <script>x()</script><style>p {}</style>{{ name | safe }}"""
    assert {sin for _, sin in sins(guilty)} == set(TEMPLATE_SINS)
    innocent = (
        '<script src="/static/vendor/htmx.min.js" defer></script><p class="style" '
        'data-on="1">js</p>'
    )
    assert list(sins(innocent)) == []


def test_lock_files_carry_no_address() -> None:
    locks = [
        ROOT / "requirements.lock",
        ROOT / "requirements-dev.lock",
        ROOT / ".npmrc",
        ROOT / "package.json",
    ]
    assert [
        name_of(lock) for lock in locks if ADDRESS.search(lock.read_text(encoding="utf-8"))
    ] == []
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    without_funding = [
        {key: value for key, value in p.items() if key != "funding"} for p in packages.values()
    ]
    assert not ADDRESS.search(json.dumps(without_funding))


def test_no_committed_text_names_a_path_of_one_machine() -> None:
    this_file = Path(__file__).resolve()
    found = [
        f"{name_of(path)}:{number}"
        for path, text in text_files()
        if path != this_file and path.name != "package-lock.json"
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


#: Tables of data that a reader compares column by column may stay packed; nothing else may.
MOST_PACKED: Final = 15


def test_hardly_a_line_is_packed_by_hand() -> None:
    this_file = Path(__file__).resolve()
    packed = [
        f"{name_of(path)}:{number}"
        for path in files(*PRODUCT, "tests", "bench", "migrations", suffix=".py")
        if path.resolve() != this_file
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "# fmt: " in line
    ]
    assert len(packed) <= MOST_PACKED, packed
