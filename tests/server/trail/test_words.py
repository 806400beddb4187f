"""Whatever the trail may keep of an event has a word on its page."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.trail.views.telling import UNTOLD
from server.trail.words.facts import FACTS
from server.trail.words.things import OBJECTS

ROOT: Final = Path(__file__).parents[3]
STAGES: Final = ("auth", "catalog", "exchange", "server", "shuqiao", "audit")


def calls() -> Iterator[ast.Call]:
    for stage in STAGES:
        for path in sorted((ROOT / stage).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield node


def test_every_fact_has_a_word() -> None:
    """Those that stand as they are in ``why={…}``."""
    named = {
        key.value
        for call in calls()
        for given in call.keywords
        if given.arg == "why" and isinstance(given.value, ast.Dict)
        for key in given.value.keys
        if isinstance(key, ast.Constant)
    }
    assert len(named) > 60
    assert named - set(FACTS) - UNTOLD == set()


def test_every_kind_of_thing_has_a_word() -> None:
    named = {
        call.args[0].value
        for call in calls()
        if isinstance(call.func, ast.Name)
        and call.func.id in ("ObjectRef", "Place")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(named) > 40
    assert named - set(OBJECTS) == {""}, "what is not there is of no kind"
