"""Which states the database lets follow which, read from the tables of steps."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, get_type_hints

import server.tables  # noqa: F401  # every model is known
from auth.steps import Lifecycle
from server.lifecycles import LIFECYCLES
from shuqiao.db import Table


class Move(NamedTuple):
    """One row of ``guard.step``; ``was`` is empty for a new row."""

    tab: str
    was: str
    becomes: str
    event: str


@cache
def held_tables() -> tuple[str, ...]:
    """The tables whose ``status`` moves only by a step, in the way of the data."""
    return tuple(_table(lifecycle) for lifecycle in LIFECYCLES)


def moves_of_all() -> list[Move]:
    """Every move that a step makes."""
    return sorted({move for each in LIFECYCLES for move in _moves(each)})


def _moves(lifecycle: Lifecycle[Any]) -> Iterator[Move]:
    table = _table(lifecycle)
    for was, step, becomes in lifecycle.moves():
        before = "" if was is None else str(was)
        if before != str(becomes):
            yield Move(table, before, str(becomes), step.event_at(becomes).value)
    for step in lifecycle.steps:
        for begun in step.begins:
            yield Move(table, "", str(begun), step.event_at(begun).value)


def _table(lifecycle: Lifecycle[Any]) -> str:
    """The table of its cases: the model whose ``state`` is a state of the lifecycle."""
    kinds = {type(state) for step in lifecycle.steps for state in (*step.at, *step.to)}
    (kind,) = kinds
    (found,) = (
        str(mapper.class_.__tablename__)
        for mapper in Table._sa_registry.mappers
        if _state_of(mapper.class_) is kind
    )
    return found


def _state_of(model: type) -> type | None:
    """What a case says its state is; None for what is no case."""
    told = getattr(model, "state", None)
    if not isinstance(told, property) or not hasattr(model, "not_now"):
        return None
    found: type = get_type_hints(told.fget)["return"]
    return found
