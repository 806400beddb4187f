"""SQL of a stage stands in its ``repository`` and nowhere else."""

import ast
from collections.abc import Iterator
from typing import Final

import pytest

from tests.architecture.sources import ROOT, modules

STAGES: Final = ("catalog", "exchange", "auth", "server")
#: Outside of the stages' repositories, each with its reason.
MAY_SAY_SQL: Final = {
    "server/tables.py": "the revision stands in no table of a stage",
    "server/process/migrating.py": "the owner tells the guard the steps; they are no stage's",
    "server/demo/department.py": "makes the database of another department, as its owner would",
}
LIBRARIES: Final = ("sqlalchemy", "sqlmodel")
STATEMENTS: Final = {"select", "insert", "update", "delete", "text", "exists", "union", "union_all"}
ASKS: Final = {"exec", "execute", "scalar", "scalars", "scalar_one", "get_one", "query"}
#: What only a session has under these names; a mapping has ``get`` as well.
ASKS_OF_A_SESSION: Final = {"get"}


def is_a_place_for_sql(name: str) -> bool:
    """A repository, the file or the folder; ``models`` say indexes and constraints in SQL."""
    parts = name.removesuffix(".py").split("/")
    return "repository" in parts[1:] or parts[-1] == "models" or name in MAY_SAY_SQL


def statements(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and words of every SQL statement that is made or sent, under whatever name it came."""
    made = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(LIBRARIES)
        for alias in node.names
        if alias.name in STATEMENTS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in made:
            yield node.lineno, f"{called.id}(…)"
        elif isinstance(called, ast.Attribute):
            owner = called.value.id if isinstance(called.value, ast.Name) else ""
            if called.attr in ASKS or (called.attr in ASKS_OF_A_SESSION and owner == "session"):
                yield node.lineno, f".{called.attr}(…)"


def test_sql_stands_in_repositories_only() -> None:
    found = [
        f"{name}:{line} {words}"
        for name, tree in modules(*STAGES)
        if not is_a_place_for_sql(name)
        for line, words in statements(tree)
    ]
    assert found == []


def test_every_exception_still_says_sql() -> None:
    silent = [
        name
        for name, tree in modules(*STAGES)
        if name in MAY_SAY_SQL and not list(statements(tree))
    ]
    assert silent == []
    assert [name for name in MAY_SAY_SQL if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    "planted",
    [
        "from sqlmodel import select\nselect(Row)",
        "from sqlalchemy import select as select_rows\nselect_rows(Row)",
        "from sqlalchemy import text\ntext('SELECT 1')",
        "from sqlalchemy.dialects.postgresql import insert\ninsert(Row)",
        "\nsession.exec(query)",
        "\nsession.connection().execute(query)",
        "\nsession.get(Row, 1)",
        "\nsession.get_one(Row, 1)",
    ],
)
def test_the_rule_sees_a_statement(planted: str) -> None:
    assert [line for line, _words in statements(ast.parse(planted))] == [2]


@pytest.mark.parametrize(
    "innocent",
    [
        "form.text('title')",
        "session.add(row)\nsession.delete(row)\nsession.flush()",
        "held.get(row.id, {})",
        "def text(name): ...\ntext('a')",
        "found.update(a=1)",
    ],
)
def test_the_rule_leaves_the_rest_alone(innocent: str) -> None:
    assert list(statements(ast.parse(innocent))) == []


def test_only_repositories_and_tables_are_places_for_sql() -> None:
    assert is_a_place_for_sql("catalog/search/repository/hits.py")
    assert is_a_place_for_sql("auth/sessions/repository/throttle.py")
    assert is_a_place_for_sql("auth/tokens/models.py")
    assert not is_a_place_for_sql("auth/tokens/service.py")
    assert not is_a_place_for_sql("server/trail/pages.py")
